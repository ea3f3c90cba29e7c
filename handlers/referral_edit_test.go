package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestEditDeal changes the deal, and Microsoft has it.
func TestEditDeal(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	s.changes(partnercenter.Replace("/salesStage", "Theirs"))
	page := s.priya.get(s.path("/edit/deal")).want(http.StatusOK)
	page.Sound()
	got := fields(page.Page, "details.dealValue", "details.currency", "details.notes",
		"details.closingDateTime.day", "details.closingDateTime.year", "salesStage",
		"externalReferenceId", "campaignId")
	want := []string{"50000", "USD", "A pilot first.", "14", "2027", "Theirs", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the values Microsoft has now (-want +got):\n%s", diff)
	}
	if got := page.Texts("#frozen ~ dl dt, section[aria-labelledby=frozen] dt"); len(got) < 3 {
		t.Errorf("cannot be changed: %q", got)
	}
	to := s.priya.saved(s.path("/edit/deal"), page.fill("details.dealValue", "65,000",
		"details.closingDateTime.day", "15", "campaignId", "C-7"))
	if !strings.HasPrefix(to, s.path("?changed=")) {
		t.Fatalf("leads to %s", to)
	}
	now := s.microsoft()
	if now.Details.DealValue != "65000" || now.CampaignID != "C-7" || now.SalesStage != "Theirs" ||
		now.Details.ClosingDateTime.Day() != 15 || now.Details.Notes != "A pilot first." {
		t.Errorf("Microsoft has %s", now.Raw)
	}
	s.priya.post(s.path("/edit/deal"), s.priya.get(s.path("/edit/deal")).form()).
		leadsTo(s.path("?changed=none"))
}

func TestEditRefusesWrongAnswers(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "fifty",
		"details.notes", "Kept as typed")
	page := s.priya.submit(s.path("/edit/deal"), form, http.StatusUnprocessableEntity)
	if got := page.Texts("#error-summary a"); len(got) != 1 ||
		got[0] != "Deal value must be a number, like 50000 or 50,000.50" {
		t.Errorf("errors %q", got)
	}
	if diff := cmp.Diff([]string{"fifty", "Kept as typed"},
		fields(page, "details.dealValue", "details.notes")); diff != "" {
		t.Errorf("typed (-want +got):\n%s", diff)
	}
	if got := page.Text(".pagehead .dim"); got != "Refreshed just now" {
		t.Errorf("the values: %q", got)
	}
	if s.microsoft().Details.DealValue != "50000.0" && s.microsoft().Details.DealValue != "50000" {
		t.Error("Microsoft's copy changed")
	}
}

// TestEditPeople adds a contact on the page, which stores nothing, and then saves.
func TestEditPeople(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/contacts")
	form := s.priya.get(edit).fill("add", "1")
	added := s.priya.post(edit, form).want(http.StatusOK)
	added.Sound()
	if got := added.Text("#contact-3-phone-number-hint, #c3-phone-hint"); got !=
		"For example, +1 202 555 0143" {
		t.Errorf("hint %q", got)
	}
	if n := len(added.Texts("fieldset.person")); n != 3 {
		t.Fatalf("%d contacts on the page", n)
	}
	const at = "customerProfile.team[2]."
	to := s.priya.saved(edit, added.fill(at+"firstName", "Ann", at+"lastName", "Lee",
		at+"email", "ann.lee@contoso.com", at+"phoneNumber", "555 123 4567",
		at+"contactPreference.locale", "en-us", "go", "continue"))
	if !strings.HasPrefix(to, s.path("?changed=")) {
		t.Fatalf("leads to %s", to)
	}
	if team := s.microsoft().CustomerProfile.Team; len(team) != 3 || team[2].FirstName != "Ann" {
		t.Errorf("Microsoft has %+v", team)
	}
	again := s.priya.get(edit)
	removed := s.priya.post(edit, again.fill("remove", "2")).want(http.StatusOK)
	s.priya.saved(edit, removed.form())
	if team := s.microsoft().CustomerProfile.Team; len(team) != 2 || team[1].FirstName != "Ann" {
		t.Errorf("Microsoft has %+v", team)
	}
}

// TestRemovingOneselfAsks keeps what was typed while it asks.
func TestRemovingOneselfAsks(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/team")
	page := s.priya.get(edit)
	asked := s.priya.post(edit, page.fill("team[1].lastName", "Roe", "remove", "1")).
		want(http.StatusOK)
	if got := asked.Text("#confirm-remove h2"); got != "Remove yourself from the team?" {
		t.Fatalf("asks %q", got)
	}
	kept := s.priya.post(edit, asked.fill("keep", "1")).want(http.StatusOK)
	if got := fields(kept.Page, "team[1].lastName"); got[0] != "Roe" ||
		len(kept.Texts("fieldset.person")) != 2 {
		t.Errorf("typed %q", got)
	}
	gone := s.priya.post(edit, asked.fill("remove", "1")).want(http.StatusOK)
	if n := len(gone.Texts("fieldset.person")); n != 1 {
		t.Errorf("%d people left", n)
	}
}

func TestEditSolutions(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/solutions")
	page := s.priya.get(edit).want(http.StatusOK)
	page.Sound()
	form := page.form()
	form.Add("details.requirements.solutions", "Chatbot")
	s.priya.saved(edit, form)
	got := s.microsoft().Details.Requirements.Solutions
	if len(got) != 2 || got[1].ID != "Chatbot" || got[0].ID != "SOL-34104-EBB" {
		t.Errorf("Microsoft has %+v", got)
	}
	s.carriesOn("Chatbot")
	form.Del("details.requirements.solutions")
	form.Set("details.requirements.solutionIds", "")
	form.Set("etag", s.priya.get(edit).form().Get("etag"))
	wrong := s.priya.submit(edit, form, http.StatusUnprocessableEntity)
	if got := wrong.Text("#error-summary li"); got != "Select at least one solution" {
		t.Errorf("error %q", got)
	}
}

// carriesOn fails unless the connected referral and a copy have the solution that was added after
// the referral was sent, and the target only as the target.
func (s *liveSite) carriesOn(solution string) {
	s.Helper()
	connect := s.priya.page(s.path("/connect"), http.StatusOK)
	if got := connect.Text(".copied"); !strings.Contains(got, solution) {
		s.Errorf("the connected referral is to have %q", got)
	}
	made := s.priya.post(s.path("/copy"), nil).want(http.StatusSeeOther).header.Get("Location")
	id := strings.TrimSuffix(strings.TrimPrefix(made, "/drafts/"), "?copied=1")
	d, err := s.Draft(s.Context(), s.priya.caller(), id)
	s.must(err)
	if r := d.Answers.Details.Requirements; !slices.Equal(r.Solutions, []string{solution}) ||
		r.SolutionIDs != "" {
		s.Errorf("the copy has %+v", r)
	}
}

// TestEditRefusedByMicrosoft shows why, and fills the page in again.
func TestEditRefusedByMicrosoft(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000")
	s.must(s.sim.Fail(practice.Fault{Kind: practice.Invalid, Method: http.MethodPatch}))
	to := s.priya.saved(s.path("/edit/deal"), form)
	page := s.priya.page(to, http.StatusOK)
	if got := page.Text("h1"); got != "Microsoft did not accept this change" {
		t.Fatalf("h1 %q", got)
	}
	back := page.All("main a.ds-button").AttrOr("href", "")
	again := s.priya.get(back).want(http.StatusOK)
	if got := fields(again.Page, "details.dealValue"); got[0] != "65000" {
		t.Errorf("filled in again %q", got)
	}
	s.priya.saved(s.path("/edit/deal"), again.form())
	if v := s.microsoft().Details.DealValue; v != "65000" {
		t.Errorf("Microsoft has %s", v)
	}
	s.priya.get(to).leadsTo(s.path("")) // the refused one is settled
}

// TestStatusRefusedByMicrosoft leads from a change of status that was refused to another one, which
// settles it.
func TestStatusRefusedByMicrosoft(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	won := s.path("/close?status=Closed%2FWon")
	s.must(s.sim.Fail(practice.Fault{Kind: practice.Invalid, Method: http.MethodPatch}))
	to := s.priya.saved(s.path("/close"), s.priya.get(won).form())
	page := s.priya.page(to, http.StatusOK)
	if back := page.All("main a.ds-button").AttrOr("href", ""); back != s.path("/status") {
		t.Fatalf("leads back to %s", back)
	}
	s.priya.saved(s.path("/close"), s.priya.get(won).form())
	if got := s.microsoft(); got.Substatus != "Won" {
		t.Errorf("Microsoft has %s", got.Substatus)
	}
	s.priya.get(to).leadsTo(s.path("")) // the refused one is settled
	if n := s.priya.page("/referrals?tab=attention", http.StatusOK).All("tbody tr").Length(); n != 0 {
		t.Errorf("%d rows need attention", n)
	}
}

// TestRefusedChangeOnTheReferral says on the referral's page what Microsoft refused and why, and
// offers to edit it again or to give it up.
func TestRefusedChangeOnTheReferral(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000")
	s.must(s.sim.Fail(practice.Fault{Kind: practice.Forbidden, Method: http.MethodPatch}))
	to := s.priya.saved(s.path("/edit/deal"), form)
	change := s.priya.page(to, http.StatusOK).Texts("main .dots li")
	page := s.priya.page(s.path(""), http.StatusOK)
	note := page.Text("[aria-labelledby=open-change]")
	for _, want := range []string{"Your account cannot change this referral",
		"Deal value: USD 65,000.00 (was USD 50,000.00)", "Nothing was changed."} {
		if !strings.Contains(note, want) {
			t.Errorf("the note does not say %q: %q", want, note)
		}
	}
	if want := []string{"Deal value: USD 65,000.00 (was USD 50,000.00)"}; !slices.Equal(change, want) {
		t.Errorf("the change's page tells %q, want %q", change, want)
	}
	if got := page.Texts("[aria-labelledby=history] dd"); !strings.Contains(got[len(got)-1],
		"Change refused by Microsoft Ask your Partner Center administrator") {
		t.Errorf("history %q", got)
	}
	drop := page.All("[aria-labelledby=open-change] form").Eq(1).AttrOr("action", "")
	s.priya.post(drop, nil).leadsTo(to)
	if page := s.priya.page(s.path(""), http.StatusOK); page.All("#open-change").Length() != 0 {
		t.Error("the change that was given up is still there")
	}
}

// TestClosedIsFinal has no pages on which a closed deal is changed.
func TestClosedIsFinal(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000")
	s.changes(partnercenter.Replace("/status", "Closed"), partnercenter.Replace("/substatus", "Won"))
	s.clock.move(2 * 60e9)
	s.priya.get(s.path("/edit/deal")).leadsTo(s.path("")) // as it has it fetched
	late := s.priya.post(s.path("/edit/deal"), form).want(http.StatusConflict)
	if got := late.Text("main"); !strings.Contains(got, "What you typed is not saved.") ||
		fields(late.Page, "details.dealValue")[0] != "65000" {
		t.Errorf("typed meanwhile: %q", got)
	}
	s.priya.get(s.path("/edit/nothing")).want(http.StatusNotFound)
}

// TestEditIsTheOwners refuses an admin, and knows nothing for anybody else.
func TestEditIsTheOwners(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	admin, other := s.rep("Chen Li", true), s.rep("Bo Lind", false)
	for _, section := range []string{"deal", "contacts", "team", "solutions"} {
		admin.get(s.path("/edit/" + section)).want(http.StatusForbidden)
		other.get(s.path("/edit/" + section)).want(http.StatusNotFound)
		admin.post(s.path("/edit/"+section), nil).want(http.StatusForbidden)
		other.post(s.path("/edit/"+section), nil).want(http.StatusNotFound)
	}
}
