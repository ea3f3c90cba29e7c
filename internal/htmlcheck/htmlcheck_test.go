package htmlcheck_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/htmlcheck"
)

// spy collects the complaints of a check instead of failing.
type spy struct {
	testing.TB
	complaints []string
}

func (s *spy) Helper() {}

func (s *spy) Errorf(format string, args ...any) {
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

const good = `<form method="post">
<button class="vh" tabindex="-1">Save</button>
<div id="error-summary"><a href="#name">Enter a name</a></div>
<label for="name"> Referral
  name </label><p id="name-error" class="ds-validation-message">
<span>Error: </span>Enter a name</p>
<input id="name" name="name" value="Rollout" aria-describedby="name-error">
<fieldset><legend>Who?</legend>
<input type="radio" id="w" name="who" value="us"><label for="w">Us</label>
<input type="radio" id="w-2" name="who" value="them" checked><label for="w-2">Them</label>
</fieldset>
<label for="notes">Notes</label><textarea id="notes" name="notes">Hello</textarea>
<label for="size">Size</label><select id="size" name="size"><option value="">Choose</option>
<option value="big" selected>Big</option></select>
<button>Save</button></form>`

func TestSoundAcceptsAGoodForm(t *testing.T) {
	htmlcheck.Parse(t, strings.NewReader(good)).Sound()
}

func TestSoundComplains(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"same id twice", `<p id="a"></p><p id="a"></p>`, `id "a" is empty or used twice`},
		{"dangling hint", `<p aria-describedby="h"></p>`, `names "h", which is not there`},
		{"no label", `<input id="a" name="b">`, `control "b" (id "a") has no label`},
		{"empty label", `<label for="a"></label><input id="a" name="b">`, `has no label`},
		{"placeholder", `<label for="a">A</label><input id="a" placeholder="x">`, `[placeholder]`},
		{"no legend", `<fieldset id="f"></fieldset>`, `fieldset "f" has no legend`},
		{"lone radio", `<label for="a">A</label><input id="a" type="radio">`, `input[type=radio]`},
		{"dead link", `<p id="error-summary"><a href="#x">E</a></p>`, `links to "x"`},
		{"other words", strings.Replace(good, ">Enter a name", ">Enter it", 1), `no field says`},
		{"Enter trap", `<form><button>Remove</button><button>Save</button></form>`, `2 buttons`},
		{"inline style", `<p style="color:red"></p>`, `[style]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seen := &spy{TB: t}
			htmlcheck.Parse(seen, strings.NewReader(test.html)).Sound()
			if all := strings.Join(seen.complaints, "\n"); !strings.Contains(all, test.want) {
				t.Errorf("complaints = %q, want one with %q", all, test.want)
			}
		})
	}
}

func TestReading(t *testing.T) {
	page := htmlcheck.Parse(t, strings.NewReader(good))
	if got := page.Text("label[for=name]"); got != "Referral name" {
		t.Errorf("text = %q", got)
	}
	if got := page.Attr("#name", "aria-describedby"); got != "name-error" {
		t.Errorf("attribute = %q", got)
	}
	if diff := cmp.Diff([]string{"Save", "Save"}, page.Texts("button")); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	page.None("table")
}

func TestValue(t *testing.T) {
	page := htmlcheck.Parse(t, strings.NewReader(good))
	want := map[string]string{"name": "Rollout", "who": "them", "notes": "Hello", "size": "big"}
	got := map[string]string{}
	for name := range want {
		got[name] = page.Value(name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}
