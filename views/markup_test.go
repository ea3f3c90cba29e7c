package views_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/internal/htmlcheck"
	"tandem/internal/language"
	"tandem/views"
)

// TestWrittenPartsEscape gives each part that is written by hand what must not become HTML.
func TestWrittenPartsEscape(t *testing.T) {
	const bad = `"'><b id="bad">&amp;</b>`
	f := form.Field{Name: bad, ID: bad, Label: bad, Hint: bad, Value: bad, Error: bad, Warning: bad,
		Type: bad, InputMode: bad, Autocomplete: bad, Width: bad, Max: 3,
		Options: []form.Option{{Value: bad, Label: bad, Hint: bad}},
		Groups: []form.OptionGroup{{Label: bad, Options: []form.Option{{Value: bad, Label: bad}},
			List: form.NewList([]form.Option{{Value: bad + "2", Label: bad}})}}}
	step := views.StepItem{Name: bad, Href: "/" + bad, State: "done", Detail: bad, Number: 1}
	steps := views.Steps{Title: bad, Items: []views.StepItem{step, {Name: bad, State: "wait"}}}
	for name, part := range map[string]templ.Component{
		"text": views.Text(f), "area": views.Textarea(f), "select": views.Select(f),
		"checkbox": views.Checkbox(f), "checkboxes": views.Checkboxes(f), "radios": views.Radios(f),
		"picker": views.Picker(views.PickerData{Field: f}), "steps": views.StepNav(steps),
		"small": views.StepNavSmall(steps), "buttons": views.StepActions(bad),
	} {
		html := render(t, part)
		p := htmlcheck.Parse(t, strings.NewReader(html))
		p.None("b, #bad")
		shown := strings.Join(p.Texts("label, summary, small, button"), "")
		if !strings.Contains(shown, bad) {
			t.Errorf("%s shows %q", name, shown)
		}
	}
}

// TestKeptPartsAreOfTheLanguage draws a page in both languages, twice in turn.
func TestKeptPartsAreOfTheLanguage(t *testing.T) {
	page := views.Layout(views.Shell{Title: "x", Nav: "drafts", User: views.User{Name: "Ana"},
		Session: views.Session{Seconds: 600, Warn: 3}})
	for range 2 {
		for tag, want := range map[string]string{
			"en":      "Referrals Pipeline Drafts|You will be signed out in 3 minutes|Help",
			"zh-Hans": "引荐 销售管道 草稿|你将在 3 分钟后退出登录|帮助",
		} {
			var out strings.Builder
			ctx := language.With(t.Context(), language.Find(tag))
			if err := page.Render(ctx, &out); err != nil {
				t.Fatal(err)
			}
			p := htmlcheck.Parse(t, strings.NewReader(out.String()))
			got := strings.Join([]string{strings.Join(p.Texts(".topnav li"), " "),
				p.Text("#session-h"), p.Text(`footer a[href="/help"]`)}, "|")
			if got != want {
				t.Errorf("%s: %s, want %s", tag, got, want)
			}
		}
	}
}

// full is a page that cannot be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestWrittenPartsTellOfErrors draws parts that cannot be drawn or written.
func TestWrittenPartsTellOfErrors(t *testing.T) {
	f := form.Field{Name: "n", ID: "n", Label: "Name", Warning: "No"}
	if err := views.Text(f).Render(t.Context(), full{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("not written: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, part := range map[string]templ.Component{
		"within": views.Text(f), "kept": views.StepActions("of a page that nobody waits for")} {
		if err := part.Render(ended, io.Discard); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if err := part.Render(t.Context(), io.Discard); err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
}
