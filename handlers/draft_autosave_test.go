package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// autosaveOf is where the script keeps what is typed on a page.
func (a *answer) autosaveOf() string {
	a.t.Helper()
	return a.Attr("#autosave", "hx-post")
}

// typeIn types into a step as far as the script has kept it, and returns its answer.
func (b *browser) typeIn(id string, s referral.Step, pairs ...string) *answer {
	b.t.Helper()
	page := b.get(stepPath(id, s)).want(http.StatusOK)
	return b.post(page.autosaveOf(), page.fill(pairs...))
}

// A day of another year is not told without it.
func TestRestoredFromLastYear(t *testing.T) {
	b, id := lateBrowser(t)
	b.typeIn(id, referral.StepCustomer, "customerProfile.name", "Contoso").want(http.StatusOK)
	b.site.clock.move(60 * 24 * time.Hour)
	b.comeIn(b.user, "/")
	page := b.get(stepPath(id, referral.StepCustomer)).want(http.StatusOK)
	const want = "We filled in what you typed on 22 November 2026 at"
	if got := page.Text("#restored p"); !strings.HasPrefix(got, want) {
		t.Errorf("note %q", got)
	}
}

// What is typed is shown again on the page, and nowhere else: the draft stays as it is.
func TestAutosave(t *testing.T) {
	for step, pairs := range goodAnswers() {
		t.Run(string(step), func(t *testing.T) {
			b, id := draftOf(t, referral.CoSell)
			path, before := stepPath(id, step), b.stored(id)
			b.site.clock.move(time.Minute)
			a := b.typeIn(id, step, pairs...).want(http.StatusOK)
			if got := a.Text("p#save-status.saved"); got != "Draft saved at 14:33 UTC" {
				t.Errorf("answer %q", got)
			}
			if diff := cmp.Diff(before, b.stored(id)); diff != "" {
				t.Errorf("the draft changed (-before +after):\n%s", diff)
			}
			b.site.clock.move(time.Hour)
			page := b.get(path).want(http.StatusOK)
			const note = "We filled in what you typed on 22 November at 14:33 UTC."
			if got := page.Text("#restored p"); got != note {
				t.Errorf("note %q", got)
			}
			if got := page.Text("#save-status"); got != "Draft saved at 14:33 UTC" {
				t.Errorf("saved %q", got)
			}
			values := page.stepForm()
			for i := 0; i < len(pairs); i += 2 {
				if got := values.Get(pairs[i]); got != pairs[i+1] {
					t.Errorf("%s = %q, want %q", pairs[i], got, pairs[i+1])
				}
			}
			values.Set("go", "continue")
			b.post(path, values).leadsTo(stepPath(id, step.After()))
			b.get(path).want(http.StatusOK).None("#restored")
		})
	}
}

// What the questions of an address are called depends on the country, at once with the script.
func TestAddressByCountry(t *testing.T) {
	const country = "customerProfile.address.country"
	b, id := draftOf(t, referral.CoSell)
	for code, want := range map[string]string{
		"US": "State, ZIP code", "CN": "Province, Postal code", "JP": "Prefecture, Postal code",
		"GB": "County (optional), Postcode", "HK": "District (optional), Postal code (optional)",
		"DE": "State or province (optional), Postal code", "IN": "State, PIN code",
		"": "State or province, Postal code",
	} {
		a := b.typeIn(id, referral.StepCustomer, country, code).want(http.StatusOK)
		page := b.get(stepPath(id, referral.StepCustomer)).want(http.StatusOK)
		for _, p := range []*answer{a, page} {
			got := p.Text("label[for=state]") + ", " + p.Text("label[for=postal]")
			if got != want {
				t.Errorf("%q: %s, want %s", code, got, want)
			}
		}
		if got := a.Attr("label[for=state]", "hx-swap-oob"); got != "outerHTML:label[for=state]" {
			t.Errorf("%q: in place of %q", code, got)
		}
	}
	b.typeIn(id, referral.StepDeal, "name", "A").want(http.StatusOK).None("label")
}

// Nothing is checked while one types, and nobody is told of mistakes before he saves.
func TestAutosaveNeverChecks(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.typeIn(id, referral.StepDeal, "details.dealValue", "fifty thous",
		"details.closingDateTime.day", "99").want(http.StatusOK)
	page := b.get(stepPath(id, referral.StepDeal)).want(http.StatusOK)
	page.None("#error-summary")
	page.None("[aria-invalid]")
	if got := page.Value("details.dealValue"); got != "fifty thous" {
		t.Errorf("value %q", got)
	}
}

// People that a button added or took out are those of the last save, not of the last words.
func TestAutosaveAndPeople(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	step := referral.StepContacts
	b.typeIn(id, step, "customerProfile.team[0].firstName", "Sue")
	b.fillStep(id, step, "add=1", "customerProfile.team[0].lastName", "Smith").
		leadsTo(stepPath(id, step) + "?focus=2")
	page := b.get(stepPath(id, step))
	page.None("#restored")
	first, second := page.Value("customerProfile.team[0].firstName"), page.All("#c2-first").Length()
	if first != "Sue" || second != 1 {
		t.Errorf("first contact %q, %d second contacts", first, second)
	}
}

// Typing the saved answers again leaves nothing to restore.
func TestAutosaveOfWhatIsSaved(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.typeIn(id, referral.StepCustomer, "customerProfile.name", "Contoso")
	b.typeIn(id, referral.StepCustomer, "customerProfile.name", "").want(http.StatusOK)
	b.get(stepPath(id, referral.StepCustomer)).want(http.StatusOK).None("#restored")
}

// A page that was saved in another window meanwhile shows what was typed here, and saving it still
// meets the other window's answers.
func TestAutosaveOfAnOldPage(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	path := stepPath(id, referral.StepCustomer)
	old := b.get(path)
	b.fillStep(id, referral.StepCustomer, "go=later", "customerProfile.name", "Fabrikam")
	b.post(old.autosaveOf(), old.fill("customerProfile.name", "Contoso")).want(http.StatusOK)
	page := b.get(path).want(http.StatusOK)
	page.One("#restored")
	b.post(path, page.stepForm()).want(http.StatusConflict)
	if got := b.stored(id).Answers.CustomerProfile.Name; got != "Fabrikam" {
		t.Errorf("stored %q", got)
	}
}

func TestAutosaveRefuses(t *testing.T) {
	tests := map[string]struct {
		before func(b *browser, id string) *browser
		values url.Values
		status int
	}{
		"without a session": {status: http.StatusUnauthorized,
			before: func(b *browser, _ string) *browser { return b.site.arrive(b.t) }},
		"another's draft": {status: http.StatusNotFound,
			before: func(b *browser, _ string) *browser { return b.site.signIn(b.t, eve()) }},
		"another's draft, as an admin": {status: http.StatusNotFound,
			before: func(b *browser, id string) *browser {
				admin := b.site.signIn(b.t, referral.User{Key: "tid:ada", Name: "Ada", Admin: true})
				admin.get(stepPath(id, referral.StepCustomer)).want(http.StatusOK).None("#autosave")
				return admin
			}},
		"a deleted draft": {status: http.StatusNotFound, before: func(b *browser, id string) *browser {
			b.post("/drafts/"+id+"/delete", nil).want(http.StatusSeeOther)
			return b
		}},
		"a draft that is being sent": {status: http.StatusConflict,
			before: func(b *browser, id string) *browser {
				b.complete(id)
				b.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
				return b
			}},
		"too much": {status: http.StatusRequestEntityTooLarge,
			before: func(b *browser, _ string) *browser { return b },
			values: url.Values{"customerProfile.name": {strings.Repeat("x", 256<<10)}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b, id := draftOf(t, referral.CoSell)
			url := b.get(stepPath(id, referral.StepCustomer)).autosaveOf()
			if tt.values == nil {
				tt.values = theft()
			}
			tt.before(b, id).post(url, tt.values).want(tt.status)
			var n int
			err := b.site.Writer().QueryRow(`SELECT COUNT(*) FROM working_copies`).Scan(&n)
			if err != nil || n != 0 {
				t.Errorf("%d working copies, %v", n, err)
			}
		})
	}
	b, id := draftOf(t, referral.CoSell)
	b.post("/drafts/"+id+"/nothing/autosave", nil).want(http.StatusNotFound)
}

// The last words typed after the session has ended wait for the sign-in as a posted page does.
func TestSignedOutAutosave(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	page := b.get(path)
	b.site.clock.move(13 * time.Hour)
	b.post(page.autosaveOf(), page.fill("customerProfile.name", "Contoso")).
		want(http.StatusUnauthorized)
	b.comeIn(priya(), path)
	page = b.get(path).want(http.StatusOK)
	if got := page.Text("#restored p"); got != signedOutNote {
		t.Errorf("note %q", got)
	}
}

// What is not saved is not sent by mistake: the check page asks for it first.
func TestUnsavedKeepsFromSending(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.typeIn(id, referral.StepDeal, "details.dealValue", "60,000").want(http.StatusOK)
	check := stepPath(id, referral.StepCheck)
	page := b.get(check).want(http.StatusOK)
	page.None(`form[action$="/send"]`)
	link := page.Attr(".sendbox a[data-color=danger]", "href")
	if got := page.Texts(".sendbox a[data-color=danger]"); len(got) != 1 ||
		got[0] != "Deal details: save what you typed" {
		t.Errorf("links %q", got)
	}
	b.post("/drafts/"+id+"/send", nil).leadsTo(check)
	if n := len(b.site.sender.submitted); n != 0 {
		t.Fatalf("%d sends", n)
	}
	b.post("/typed/discard", b.get(link).want(http.StatusOK).formAt("#restored"))
	b.get(check).want(http.StatusOK).One(`form[action$="/send"]`)
	b.post("/drafts/"+id+"/send", nil)
	if n := len(b.site.sender.submitted); n != 1 {
		t.Errorf("%d sends", n)
	}
}
