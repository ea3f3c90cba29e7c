package views_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
	"tandem/internal/htmlcheck"
	"tandem/static"
	"tandem/views"
)

func TestTextTiesHintAndError(t *testing.T) {
	f := form.Field{
		Name: "name", ID: "referral-name", Label: "Referral name", Hint: "Everyone sees it",
		Value: `<"typed">`, Error: "Enter a referral name", Optional: true, NoSpellcheck: true,
		Autocomplete: "off", Width: "w20", Autofocus: true,
	}
	p := htmlcheck.Parse(t, strings.NewReader(render(t, views.Text(f))))
	want := map[string]string{
		"id": "referral-name", "name": "name", "type": "text", "value": `<"typed">`,
		"aria-invalid": "true", "aria-describedby": "referral-name-hint referral-name-error",
		"autocomplete": "off", "spellcheck": "false", "class": "ds-input w20",
	}
	got := map[string]string{}
	for attr := range want {
		got[attr] = p.Attr("input", attr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	p.One("input[autofocus]")
	if got := p.Text("label"); got != "Referral name (optional)" {
		t.Errorf("label = %q", got)
	}
	if got := p.Text("#referral-name-error"); got != "Error: Enter a referral name" {
		t.Errorf("error = %q", got)
	}
}

func TestTextWithoutErrorIsPlain(t *testing.T) {
	f := form.Field{Name: "name", ID: "n", Label: "Name"}
	p := htmlcheck.Parse(t, strings.NewReader(render(t, views.Text(f))))
	p.None("[aria-invalid], [aria-describedby], [autofocus], [spellcheck], .has-error, .app-hint")
}

func TestTextareaCountsRunes(t *testing.T) {
	tests := []struct{ name, typed, want string }{
		{"nothing", "", "1,000 characters left"},
		{"Chinese", "你好", "998 characters left"},
		{"one left", strings.Repeat("x", 999), "1 character left"},
		{"over", strings.Repeat("x", 1012), "12 characters too many"},
		{"one over", strings.Repeat("x", 1001), "1 character too many"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := form.Field{Name: "n", ID: "n", Label: "Notes", Value: test.typed, Max: 1000}
			p := htmlcheck.Parse(t, strings.NewReader(render(t, views.Textarea(f))))
			if got := p.Text("#n-count"); got != test.want {
				t.Errorf("count = %q, want %q", got, test.want)
			}
		})
	}
}

func TestTextareaKeepsFirstLineBreak(t *testing.T) {
	f := form.Field{Name: "n", ID: "n", Label: "Notes", Value: "\nsecond line"}
	p := htmlcheck.Parse(t, strings.NewReader(render(t, views.Textarea(f))))
	if got := p.Value("n"); got != f.Value {
		t.Errorf("value = %q, want %q", got, f.Value)
	}
}

func TestRadiosShowWhatBelongsToAnOption(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryConnect())))
	if got := p.Value("target[0].type"); got != "SolutionProfile" {
		t.Errorf("selected = %q", got)
	}
	p.One(".app-opt:has(#target) + .cond #solution")
	if got := p.Attr("#who-2", "aria-describedby"); got != "who-2-hint" {
		t.Errorf("description of the second box = %q", got)
	}
}

func TestDateIsOneGroup(t *testing.T) {
	d := form.Date{
		Name: "details.closingDateTime", ID: "closing", Label: "Closing date",
		Month: "13", Error: "Closing date must be a real date", Wrong: "month",
	}
	p := htmlcheck.Parse(t, strings.NewReader(render(t, views.DateInput(d))))
	p.Sound()
	if got := p.Value("details.closingDateTime.month"); got != "13" {
		t.Errorf("month = %q", got)
	}
	p.One("#closing-month[aria-invalid=true]")
	p.None("#closing-day[aria-invalid], #closing-year[aria-invalid]")
	if got := p.Attr("fieldset", "aria-describedby"); got != "closing-error" {
		t.Errorf("described by %q", got)
	}
}

func TestPickerSaysWhatIsChosen(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryNeeds())))
	want := []string{"None selected", "2 selected"}
	if diff := cmp.Diff(want, p.Texts(".picker__n")); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if got := p.Text("details:has(#solutions) .picker__c"); got != "Big data, Internet of Things" {
		t.Errorf("chosen = %q", got)
	}
	p.One("details[open] > summary#products[aria-describedby=products-error]")
	p.One("#solutions-5[value=InternetofThings][checked]")
}

// TestRemoveNamesThePerson: those who do not see where the button stands hear whom it removes.
func TestRemoveNamesThePerson(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryContacts())))
	want := []string{"Remove contact 1", "Remove contact 2"}
	if diff := cmp.Diff(want, p.Texts(".rm")); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
}

func TestSummaryCardAnswers(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryCheck())))
	if got := p.Text(".change"); got != "Change customer profile" {
		t.Errorf("link = %q", got)
	}
	answers := p.Texts("[aria-labelledby=s1] dd")
	if answers[2] != "Not provided" || answers[5] != "Enter the closing date" {
		t.Errorf("answers = %q", answers)
	}
}

func TestCodeEscapesAndMarks(t *testing.T) {
	for code, want := range map[string]string{
		`{"a<b": "x\"</i>: y"}`: `{<b>&#34;a&lt;b&#34;</b>: <i>&#34;x\&#34;&lt;/i&gt;: y&#34;</i>}`,
		"<script>1</script>":    "&lt;script&gt;1&lt;/script&gt;",
		`<p>"a"<p>`:             "&lt;p&gt;<i>&#34;a&#34;</i>&lt;p&gt;",
		`<p>"<p>\`:              `&lt;p&gt;<i>&#34;&lt;p&gt;\</i>`,
	} {
		html := render(t, views.Code("c", "Data", code))
		if !strings.Contains(html, "<code>"+want+"</code>") {
			t.Errorf("HTML = %s", html)
		}
	}
}

func TestLayoutCountsDraftsToAHundred(t *testing.T) {
	for n, want := range map[int]string{0: "Drafts", 1: "Drafts 1", 99: "Drafts 99",
		100: "Drafts 99+"} {
		p := htmlcheck.Parse(t, strings.NewReader(render(t, views.Layout(views.Shell{
			Title: "Drafts", Nav: "drafts", User: views.User{Name: "Ana"}, Drafts: n}))))
		if got := p.Text(".topnav [aria-current]"); got != want {
			t.Errorf("%d drafts: %q", n, got)
		}
	}
}

func TestLayoutTellsOfErrorsAndPractice(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryDeal())))
	if got := p.Text("title"); got != "Error: Deal details – New referral – Tandem" {
		t.Errorf("title = %q", got)
	}
	p.None(".practice, noscript")
	if got := p.Text(".topnav [aria-current]"); got != "Drafts 3" {
		t.Errorf("current = %q", got)
	}
	p.One(`form[method=post][action="/auth/sign-out"]`)

	p = htmlcheck.Parse(t, strings.NewReader(render(t, gallerySending())))
	if got := p.Text(".practice p"); got != "Practice mode: nothing is sent to Microsoft" {
		t.Errorf("banner = %q", got)
	}
	if got := p.Text("noscript"); !strings.Contains(got, `content="2"`) {
		t.Errorf("noscript = %q", got)
	}
}

func TestLayoutOfNobodyHasNoMenu(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, gallerySignIn())))
	p.None(".menu, .topnav")
}

func TestLayoutLinksOnlyWhatIsBuilt(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, gallerySignIn())))
	p.None(`script[src=""], link[href=""]`)
	built := 3 - len(static.Missing())
	if got := p.All("script, link[rel=stylesheet]").Length(); got != built {
		t.Errorf("%d assets linked, %d built", got, built)
	}
}

func TestStepsSayTheirState(t *testing.T) {
	p := htmlcheck.Parse(t, strings.NewReader(render(t, galleryDeal())))
	want := []string{
		"Completed · Contoso Customer Inc", "Completed · 2 people", "Completed · Given",
		"In progress", "Not started", "Not started", "Cannot start yet",
	}
	if diff := cmp.Diff(want, p.Texts(".steps small")); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if got := p.Text(".steps [aria-current=step] .steps__t > span"); got != "Deal details" {
		t.Errorf("current step = %q", got)
	}
	if got := p.Text(".steps-sm__t"); got != "Step 4 of 7 Deal details" {
		t.Errorf("small bar = %q", got)
	}
	p.None(".steps li:last-child a")
}
