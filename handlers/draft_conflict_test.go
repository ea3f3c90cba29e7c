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

// windows opens a step in one window, saves it in another with theirs, and posts it in the first
// with mine. It returns the page that asks.
func (b *browser) windows(id string, s referral.Step, theirs, mine []string) *answer {
	b.t.Helper()
	old := b.get(stepPath(id, s)).want(http.StatusOK)
	b.site.clock.move(20 * time.Minute)
	b.fillStep(id, s, "go=later", theirs...)
	return b.post(stepPath(id, s), old.fill(append(mine, "go", "continue")...))
}

// choices are what the page asks to choose between.
func (a *answer) choices() (out []string) {
	a.t.Helper()
	versions := a.Texts(".conf__c")
	for i, legend := range a.Texts("main legend") {
		out = append(out, legend+": "+versions[2*i]+" / "+versions[2*i+1])
	}
	return out
}

// When the other window saved yesterday, the page says so.
func TestTwoWindowsOverMidnight(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.post("/preferences", url.Values{"zone": {"Asia/Tokyo"}}).leadsTo("/preferences?saved=1")
	b.windows(id, referral.StepDeal, []string{"details.dealValue", "58,000"},
		[]string{"details.dealValue", "65,000"}).want(http.StatusConflict)
	b.site.clock.move(20 * time.Minute)
	page := b.get(stepPath(id, referral.StepDeal) + "/conflict").want(http.StatusOK)
	if got := page.Text(".lead"); !strings.Contains(got, "saved there at 23:52 on 22 November, after") {
		t.Errorf("lead %q", got)
	}
}

// An answer that was changed in two windows is asked for; what only one changed is kept.
func TestTwoWindows(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	path := stepPath(id, referral.StepDeal)
	page := b.windows(id, referral.StepDeal,
		[]string{"details.dealValue", "58,000", "details.closingDateTime.day", "3",
			"details.closingDateTime.month", "4", "details.closingDateTime.year", "2027"},
		[]string{"details.dealValue", "65,000", "details.notes", "Mine"}).
		want(http.StatusConflict)
	page.Sound()
	if got := page.Text("h1"); got != "You changed this page in another window" {
		t.Errorf("h1 %q", got)
	}
	if got := page.Text(".lead"); !strings.Contains(got, "It was saved there at 14:52 UTC") {
		t.Errorf("lead %q", got)
	}
	want := []string{"Deal value: Your change here 65,000 / Saved in the other window 58,000"}
	if diff := cmp.Diff(want, page.choices()); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	page.None("main input[checked]")
	for section, want := range map[string]string{"theirs": "3 April 2027",
		"mine": "Mine"} {
		if got := page.Text("section[aria-labelledby=" + section + "]"); !strings.Contains(got, want) {
			t.Errorf("changed only %s: %q", section, got)
		}
	}
	settle := page.Attr("form.sheet", "action")
	wrong := b.post(settle, page.formAt("form.sheet")).want(http.StatusUnprocessableEntity)
	wrong.Sound()
	if got := wrong.Texts("#error-summary a"); len(got) != 1 ||
		got[0] != "Select which deal value to keep" {
		t.Errorf("errors %q", got)
	}
	if got := b.stored(id).Answers.Details.DealValue; got != "58,000" {
		t.Errorf("stored %q before the choice", got)
	}
	choice := wrong.formAt("form.sheet")
	choice.Set("details.dealValue", "mine")
	b.post(settle, choice).leadsTo(path)
	a := b.stored(id).Answers
	if a.Details.DealValue != "65,000" || a.Details.Notes != "Mine" || a.Details.Closing.Day != "3" {
		t.Errorf("stored %+v", a.Details)
	}
	b.get(path).want(http.StatusOK).None("#restored")
	b.get(settle).leadsTo(path)
}

// Until the rep has chosen, what he typed is kept, also through a sign-in; it can be given up.
func TestTwoWindowsLater(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	name := "customerProfile.name"
	page := b.windows(id, referral.StepCustomer, []string{name, "Theirs"}, []string{name, "Mine"})
	settle := page.Attr("form.sheet", "action")
	if got := b.get(path).want(http.StatusOK).Value(name); got != "Mine" {
		t.Errorf("the page shows %q", got)
	}
	choice := page.formAt("form.sheet")
	choice.Set(name, "mine")
	b.site.clock.move(13 * time.Hour)
	b.post(settle, choice).want(http.StatusSeeOther)
	b.comeIn(priya(), settle)
	again := b.get(settle).want(http.StatusOK)
	if got := again.choices(); len(got) != 1 || !strings.Contains(got[0], "Mine") {
		t.Errorf("choices %q", got)
	}
	b.post(again.Attr("#discard", "action"), nil).leadsTo(path)
	if got := b.get(path).want(http.StatusOK).Value(name); got != "Theirs" {
		t.Errorf("given up, but the page shows %q", got)
	}
}

// A third save while the rep chooses is shown, too, and his choices stay.
func TestTwoWindowsAgain(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	name := "customerProfile.name"
	page := b.windows(id, referral.StepCustomer, []string{name, "Theirs"}, []string{name, "Mine"})
	settle, choice := page.Attr("form.sheet", "action"), page.formAt("form.sheet")
	choice.Set(name, "mine")
	third := url.Values{name: {"Third"}, "go": {"later"},
		"rev": {b.stored(id).Fingerprint(referral.StepCustomer)}}
	typed := must(b.site.Typed(t.Context(), b.user.Caller(), id, "customer"))(t)
	b.post(stepPath(id, referral.StepCustomer), third).leadsTo("/drafts")
	if err := b.site.SaveTyped(t.Context(), b.user.Caller(), typed); err != nil {
		t.Fatal(err)
	}
	again := b.post(settle, choice).want(http.StatusConflict)
	if got := again.Text("#again h2"); !strings.HasPrefix(got, "It changed again at 14:52") {
		t.Errorf("note %q", got)
	}
	if got := again.choices(); len(got) != 1 || !strings.Contains(got[0], "Third") {
		t.Errorf("choices %q", got)
	}
	if got := again.Attr("main input[checked]", "value"); got != "mine" {
		t.Errorf("chosen %q", got)
	}
}

// People are compared one by one, unless somebody was added or taken out.
func TestTwoWindowsWithPeople(t *testing.T) {
	const at = "customerProfile.team[0]."
	b, id := draftOf(t, referral.CoSell)
	page := b.windows(id, referral.StepContacts, []string{at + "firstName", "Sue"},
		[]string{at + "firstName", "Joe"})
	if got := page.choices(); len(got) != 1 || got[0] !=
		"Contact 1: Your change here Joe / Saved in the other window Sue" {
		t.Errorf("choices %q", got)
	}
	b, id = draftOf(t, referral.CoSell)
	old := b.get(stepPath(id, referral.StepContacts))
	b.fillStep(id, referral.StepContacts, "add=1", at+"firstName", "Sue")
	page = b.post(stepPath(id, referral.StepContacts), old.fill(at+"firstName", "Joe")).
		want(http.StatusConflict)
	if got := page.choices(); len(got) != 1 || !strings.HasPrefix(got[0], "Customer contacts: ") {
		t.Errorf("choices %q", got)
	}
	choice := page.formAt("form.sheet")
	choice.Set("customerProfile.team", "mine")
	b.post(page.Attr("form.sheet", "action"), choice).want(http.StatusSeeOther)
	if team := b.stored(id).Answers.CustomerProfile.Team; len(team) != 1 ||
		team[0].FirstName != "Joe" {
		t.Errorf("stored %+v", team)
	}
}
