package program

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// changing is what differs from one run to the next.
var changing = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "MOMENT"},
	{regexp.MustCompile(`\b\d\d:\d\d(:\d\d)?\b`), "00:00"},
	{regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), "GUID"},
	{regexp.MustCompile(`\b(TANDEM-)?[a-z0-9]{20,}\b`), "ID"},
	{regexp.MustCompile(`just now|\d+ (seconds?|minutes?) ago`), "just now"},
	{regexp.MustCompile(`\d+\.\d seconds`), "0.0 seconds"},
}

// tree compares what the page tells assistive technology with the golden file of the name: each
// object's role, name, value, description and state, indented.
func (b *tab) tree(name string) {
	b.Helper()
	if !b.trees || *pictures != "" {
		return
	}
	all, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	b.must(err)
	got := treeText(all.Nodes, name == "list")
	for _, c := range changing {
		got = c.is.ReplaceAllString(got, c.as)
	}
	file := filepath.Join("testdata", "trees", name+".txt")
	if *update {
		b.must(os.MkdirAll(filepath.Dir(file), 0o755))
		b.must(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	b.must(err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		b.Errorf("%s for assistive technology (-want +got; -update writes it):\n%s", name, diff)
	}
}

// treeText writes a page's objects. The head and the foot are the same on every page and only
// written when asked for.
func treeText(nodes []*accessibility.Node, shell bool) string {
	objects := treeOf{}
	for _, n := range nodes {
		role := valueOf(n.Role)
		if shell || role != "banner" && role != "contentinfo" {
			objects[n.NodeID] = n
		}
	}
	var out strings.Builder
	objects.write(&out, nodes[0], 0, "")
	return out.String()
}

// treeOf are the objects of a page.
type treeOf map[accessibility.NodeID]*accessibility.Node

// unsaid are roles whose objects say nothing themselves; browsers differ in them.
func unsaid(role string) bool {
	return slices.Contains([]string{"generic", "none", "LabelText", "Legend", "LineBreak",
		"ListMarker", "Section", "sectionheader", "strong"}, role)
}

// write writes an object and what it holds. A text that its object's name says already is left out,
// as are the options of a list that is closed.
func (all treeOf) write(out *strings.Builder, n *accessibility.Node, depth int, within string) {
	role, name := valueOf(n.Role), valueOf(n.Name)
	switch {
	case role == "MenuListPopup" || role == "InlineTextBox":
		return
	case role == "StaticText":
		if name != "" && !strings.Contains(within, name) {
			fmt.Fprintf(out, "%stext %q\n", strings.Repeat("  ", depth), name)
		}
		return
	case !n.Ignored && !unsaid(role):
		fmt.Fprintf(out, "%s%s%s\n", strings.Repeat("  ", depth), role, facts(n, name))
		depth, within = depth+1, name
	}
	for _, id := range n.ChildIDs {
		if child := all[id]; child != nil {
			all.write(out, child, depth, within)
		}
	}
}

// facts are what is said of an object beside its role.
func facts(n *accessibility.Node, name string) (out string) {
	if name != "" {
		out = fmt.Sprintf(" %q", name)
	}
	if v := valueOf(n.Value); v != "" {
		out += fmt.Sprintf(" value=%q", v)
	}
	for _, p := range n.Properties {
		if v := valueOf(p.Value); said(string(p.Name), v) && valueOf(n.Role) != "listitem" {
			out += fmt.Sprintf(" %s=%s", p.Name, v)
		}
	}
	if d := valueOf(n.Description); d != "" {
		out += fmt.Sprintf(" description=%q", d)
	}
	return out
}

// said tells whether a state is written. What is true of few objects is written where it is.
func said(property, value string) bool {
	switch property {
	case "level", "expanded", "checked":
		return true
	case "required", "invalid", "disabled", "modal":
		return value != "false"
	}
	return false
}

// valueOf is a value as text, on one line.
func valueOf(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s any
	if err := json.Unmarshal(v.Value, &s); err != nil || s == nil {
		return ""
	}
	return strings.Join(strings.Fields(fmt.Sprint(s)), " ")
}
