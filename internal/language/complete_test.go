package language_test

import (
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// TestEveryTextIsTranslated compares the texts that the program shows with the files.
func TestEveryTextIsTranslated(t *testing.T) {
	used := usedTexts(t)
	if len(used) < 20 {
		t.Fatalf("only %d texts found in the source", len(used))
	}
	for _, l := range language.All() {
		texts := language.Texts(l.Tag())
		for _, key := range slices.Sorted(maps.Keys(used)) {
			if _, ok := texts[key]; !ok && l != language.English() {
				t.Errorf("catalogue/%s.json lacks %q of %s", l.Tag(), key, used[key])
			}
		}
		for key, text := range texts {
			if used[key] == "" {
				t.Errorf("catalogue/%s.json has %q, which nobody uses", l.Tag(), key)
			}
			for form, s := range formsOf(text) {
				if !sameArguments(string(key), s, form) {
					t.Errorf("catalogue/%s.json: other arguments in %q: %q", l.Tag(), key, s)
				}
			}
		}
	}
}

// TestEveryTextStandsOnce finds texts that are translated twice: the last one would hide the
// others.
func TestEveryTextStandsOnce(t *testing.T) {
	for _, l := range language.All() {
		file, err := os.ReadFile("catalogue/" + l.Tag() + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range entry.FindAllStringSubmatch(string(file), -1) {
			if seen[m[1]] {
				t.Errorf("catalogue/%s.json has %q twice", l.Tag(), m[1])
			}
			seen[m[1]] = true
		}
	}
}

var entry = regexp.MustCompile(`(?m)^ +"((?:[^"\\]|\\.)*)": `)

func formsOf(text language.Text) map[string]string {
	if text.Forms == nil {
		return map[string]string{"other": text.Other}
	}
	return text.Forms
}

var verb = regexp.MustCompile(`%(\[(\d+)\])?([a-zA-Z%])`)

// sameArguments tells whether a translation takes the arguments of its key, in any order. A form
// for one may leave the number out, and a translation need not repeat anything.
func sameArguments(key, text, form string) bool {
	want, got := arguments(key), arguments(text)
	if form == "one" || form == "=0" || form == "=1" {
		for n, v := range got {
			if want[n] != v {
				return false
			}
		}
		return true
	}
	return maps.Equal(want, got)
}

// arguments returns the verb of each argument by its number.
func arguments(text string) map[string]string {
	out := map[string]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		if m[3] == "%" {
			continue
		}
		n := m[2]
		if n == "" {
			n = string(rune('0' + next))
			next++
		}
		out[n] = m[3]
	}
	return out
}

// usedTexts returns every text that the program shows in its pages, and where: what the source
// calls a Key, the sentences of the rules, and the labels of the domain's lists.
func usedTexts(t *testing.T) map[language.Key]string {
	t.Helper()
	out := map[language.Key]string{}
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes |
		packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedImports},
		"tandem/handlers", "tandem/views", "tandem/internal/referral")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors)
		}
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool { return !collect(out, p, n) })
		}
	}
	for _, label := range labels() {
		out[language.Key(label)] = "the lists of package referral"
	}
	delete(out, "")
	return out
}

// collect adds the text that a node of the source is, and reports whether it is one.
func collect(out map[language.Key]string, p *packages.Package, n ast.Node) bool {
	e, ok := n.(ast.Expr)
	if !ok {
		return false
	}
	v := p.TypesInfo.Types[e]
	if v.Value == nil || v.Value.Kind() != constant.String || !isText(v.Type) {
		return false
	}
	out[language.Key(constant.StringVal(v.Value))] = p.Fset.Position(n.Pos()).String()
	return true
}

// isText tells whether constants of the type are texts.
func isText(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && slices.Contains([]string{"tandem/internal/language.Key",
		"tandem/internal/referral.sentence"}, named.String())
}

// labels are the words of the domain's lists.
func labels() []string {
	var out []string
	for _, d := range referral.Deals() {
		out = append(out, d.Label(), d.Hint(), d.Summary())
	}
	for _, s := range append(referral.Steps(), referral.StepCheck) {
		out = append(out, s.Title())
	}
	for _, f := range referral.Fields() {
		out = append(out, f.Label)
	}
	for _, c := range referral.Statuses() {
		out = append(out, strings.Split(c.Label, " – ")...)
	}
	for _, list := range [][]referral.Choice{referral.Industries(), referral.Products(),
		referral.Services(), referral.Solutions(), referral.Locales(), referral.Qualifications(),
		referral.MarketplaceIntents(), referral.HelpCodes(), referral.Currencies()} {
		for _, c := range list {
			out = append(out, c.Label)
		}
	}
	for _, g := range append(referral.SolutionGroups(), referral.CustomerSizes()...) {
		out = append(out, g.Label)
		for _, c := range g.Choices {
			out = append(out, c.Label)
		}
	}
	for _, f := range referral.FrozenAnswers() {
		out = append(out, f.Reason)
	}
	for _, a := range referral.Advices() {
		out = append(out, a.Title, a.Text)
	}
	return append(out, referral.ClosedReason)
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		key, text, form string
		want            bool
	}{
		{"%d of %d", "共 %[2]d 条，%[1]d 条", "other", true},
		{"%d of %d", "%d 条", "other", false},
		{"%s sent %d", "%d %s", "other", false},
		{"%d people", "1 person", "one", true},
		{"%d people", "people", "other", false},
		{"100 %%", "百分之百", "other", true},
		{"Sent", "已发送 %s", "other", false},
	} {
		if got := sameArguments(c.key, c.text, c.form); got != c.want {
			t.Errorf("%q and %q (%s): %v", c.key, c.text, c.form, got)
		}
	}
	if !strings.Contains(arguments("%[2]s")["2"], "s") {
		t.Error("numbered arguments are not read")
	}
}
