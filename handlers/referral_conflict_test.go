package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// inConflict changes the deal on both sides and returns the address of the page that asks.
func inConflict(t *testing.T) (*liveSite, string) {
	t.Helper()
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000",
		"details.notes", "Mine.", "salesStage", "Proposal")
	s.changes(partnercenter.Replace("/details/dealValue", "58000"),
		partnercenter.Replace("/details/notes", "Theirs."),
		partnercenter.Replace("/campaignId", "C-9"))
	to := s.priya.saved(s.path("/edit/deal"), form)
	if !strings.HasPrefix(to, s.path("/conflict/")) {
		t.Fatalf("leads to %s", to)
	}
	return s, to
}

// TestConflict asks for every answer that both sides changed, keeps the rest, and saves the choice.
func TestConflict(t *testing.T) {
	s, at := inConflict(t)
	tab := s.priya.page("/referrals?tab=attention", http.StatusOK)
	if got := tab.Text("tbody tr"); !strings.Contains(got, "Changed by someone else, too") ||
		tab.Text(".tabs [aria-current]") != "Needs attention 1" {
		t.Errorf("needs attention: %q", got)
	}
	page := s.priya.get(at).want(http.StatusOK)
	page.Sound()
	if got := page.Text("h1"); got != "Someone else changed this referral" {
		t.Errorf("h1 %q", got)
	}
	if diff := cmp.Diff([]string{"Deal value", "Notes"}, page.Texts("form legend")); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	want := []string{"Your change USD 65,000.00", "Now at Microsoft USD 58,000.00",
		"Your change Mine.", "Now at Microsoft Theirs."}
	if diff := cmp.Diff(want, page.Texts(".conf__c")); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if page.All("input[checked]").Length() != 0 {
		t.Error("something is chosen already")
	}
	for id, want := range map[string]string{"theirs": "C-9", "mine": "Proposal"} {
		if got := page.Text("section[aria-labelledby=" + id + "]"); !strings.Contains(got, want) {
			t.Errorf("changed only %s: %q", id, got)
		}
	}
	wrong := s.priya.post(at, page.fill("details.notes", "theirs")).
		want(http.StatusUnprocessableEntity)
	wrong.Sound()
	if got := wrong.Texts("#error-summary a"); len(got) != 1 ||
		got[0] != "Select which deal value to keep" {
		t.Errorf("errors %q", got)
	}
	if got := wrong.form().Get("details.notes"); got != "theirs" {
		t.Errorf("the other choice is %q", got)
	}
	to := s.priya.saved(at, wrong.fill("details.dealValue", "mine"))
	if !strings.HasPrefix(to, s.path("?changed=")) {
		t.Fatalf("leads to %s", to)
	}
	now := s.microsoft()
	if now.Details.DealValue != "65000" || now.Details.Notes != "Theirs." ||
		now.SalesStage != "Proposal" || now.CampaignID != "C-9" {
		t.Errorf("Microsoft has %s", now.Raw)
	}
	s.priya.get(at).leadsTo("/changes/" + at[strings.LastIndex(at, "/")+1:])
}

// TestConflictAgain meets a third change while the rep chooses.
func TestConflictAgain(t *testing.T) {
	s, at := inConflict(t)
	page := s.priya.get(at)
	s.changes(partnercenter.Replace("/details/dealValue", "59000"))
	again := s.priya.saved(at, page.fill("details.dealValue", "mine", "details.notes", "mine"))
	if again == at || !strings.HasPrefix(again, s.path("/conflict/")) {
		t.Fatalf("leads to %s", again)
	}
	next := s.priya.get(again).want(http.StatusOK)
	if got := next.Text("#again h2"); !strings.HasPrefix(got, "It changed again at ") {
		t.Errorf("note %q", got)
	}
	if got := next.Texts(".conf__c"); len(got) != 2 || got[1] != "Now at Microsoft USD 59,000.00" {
		t.Errorf("versions %q", got)
	}
	if got := next.Text("section[aria-labelledby=mine]"); !strings.Contains(got, "Mine.") ||
		!strings.Contains(got, "Proposal") {
		t.Errorf("changed only by you: %q", got)
	}
	s.priya.saved(again, next.fill("details.dealValue", "mine"))
	if now := s.microsoft(); now.Details.DealValue != "65000" || now.Details.Notes != "Mine." {
		t.Errorf("Microsoft has %s", now.Raw)
	}
}

// TestConflictWithoutETag settles a conflict after an answer that named no version. What changed at
// Microsoft meanwhile is noticed still.
func TestConflictWithoutETag(t *testing.T) {
	s, at := inConflict(t)
	for _, statement := range []string{`INSERT INTO referral_versions (referral_id, etag, raw, replaced_at)
		SELECT r.id, r.etag, a.raw, 1 FROM referrals r JOIN referral_answers a ON a.referral_id = r.id
		WHERE r.id = $1`, `UPDATE referrals SET etag = '' WHERE id = $1`} {
		_, err := s.Writer().Exec(statement, s.id)
		s.must(err)
	}
	page := s.priya.get(at)
	s.changes(partnercenter.Replace("/details/dealValue", "59000"))
	again := s.priya.saved(at, page.fill("details.dealValue", "mine", "details.notes", "mine"))
	if again == at || !strings.HasPrefix(again, s.path("/conflict/")) {
		t.Errorf("leads to %s", again)
	}
	if now := s.microsoft(); now.Details.DealValue != "59000" {
		t.Errorf("Microsoft has %s", now.Raw)
	}
}

// TestConflictOfAnOldPage is posted from a page that shows an older version: the choices stay.
func TestConflictOfAnOldPage(t *testing.T) {
	s, at := inConflict(t)
	page := s.priya.get(at)
	s.changes(partnercenter.Replace("/details/notes", "Theirs, too."))
	s.clock.move(2 * 60e9)
	s.must(s.deps.Changes.Refresh(t.Context(), s.priya.caller(), s.id))
	s.until(func() bool {
		r, err := s.Referral(t.Context(), s.priya.caller(), s.id)
		s.must(err)
		return strings.Contains(string(r.Raw), "Theirs, too.")
	})
	shown := s.priya.post(at, page.fill("details.dealValue", "mine", "details.notes", "mine")).
		want(http.StatusConflict)
	shown.Sound()
	if got := shown.form(); got.Get("details.dealValue") != "mine" ||
		!strings.Contains(shown.Text("#again h2"), "It changed again") {
		t.Errorf("form %v", got)
	}
	s.priya.saved(at, shown.form())
	if now := s.microsoft(); now.Details.Notes != "Mine." {
		t.Errorf("Microsoft has %s", now.Raw)
	}
}

func TestConflictDiscarded(t *testing.T) {
	s, at := inConflict(t)
	page := s.priya.get(at)
	s.priya.post(page.All("#discard").AttrOr("action", ""), nil).want(http.StatusSeeOther)
	s.priya.get("/changes/" + at[strings.LastIndex(at, "/")+1:]).leadsTo(s.path(""))
	s, at = inConflict(t)
	page = s.priya.get(at)
	theirs := page.fill("details.dealValue", "theirs", "details.notes", "theirs")
	if to := s.priya.saved(at, theirs); !strings.HasPrefix(to, s.path("?changed=")) {
		t.Errorf("the sales stage is the rep's alone, but leads to %s", to)
	}
	if v := s.microsoft(); v.Details.DealValue != "58000" || v.SalesStage != "Proposal" {
		t.Errorf("Microsoft has %s", v.Raw)
	}
}

// TestConflictWithClosed cannot be saved any more, and says why.
func TestConflictWithClosed(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000")
	s.changes(partnercenter.Replace("/status", "Closed"), partnercenter.Replace("/substatus", "Lost"))
	at := s.priya.saved(s.path("/edit/deal"), form)
	page := s.priya.get(at).want(http.StatusOK)
	if got := page.Text("main"); !strings.Contains(got, referral.ClosedReason) ||
		!strings.Contains(got, "Your changes cannot be saved.") ||
		strings.Contains(got, "Save my choices") {
		t.Errorf("page %q", got)
	}
	s.priya.post(at, page.form()).want(http.StatusUnprocessableEntity)
}

func TestConflictIsTheOwners(t *testing.T) {
	s, at := inConflict(t)
	s.rep("Chen Li", true).get(at).want(http.StatusForbidden)
	s.rep("Bo Lind", false).get(at).want(http.StatusNotFound)
	_, other := s.priya.sent(contoso())
	s.priya.get("/referrals/" + other + at[strings.Index(at, "/conflict/"):]).
		want(http.StatusNotFound)
	drop := "/changes/" + at[strings.LastIndex(at, "/")+1:]
	s.rep("Bo Lind", false).get(drop).want(http.StatusNotFound)
	s.rep("Bo Lind", false).post(drop+"/drop", nil).want(http.StatusNotFound)
	s.rep("Chen Li", true).post(drop+"/drop", nil).want(http.StatusForbidden)
}

// TestChangePages walks what can become of a change that is not made.
func TestChangePages(t *testing.T) {
	for kind, want := range map[practice.Kind][]string{
		practice.Forbidden: {"Your account cannot change this referral", "Try again",
			"Discard my change"},
		practice.TooLarge: {"This change is too large", "Change your answers", "Discard my change"},
		practice.Locked: {"Someone else is changing this engagement", "Try again",
			"Discard my change"},
		practice.NotFound: {"There is a problem with this service", "Try again",
			"Discard my change"},
		practice.NoMFA: {"Microsoft needs you to sign in again", "Sign in and save",
			"Discard my change"},
		practice.RateLimit: {"Microsoft limits requests", "Discard my change"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := newLiveSite(t, referral.CoSell)
			form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000")
			s.must(s.sim.Fail(practice.Fault{Kind: kind, Method: http.MethodPatch,
				RetryAfter: 3600e9}))
			a := s.priya.post(s.path("/edit/deal"), form).want(http.StatusSeeOther)
			at := a.header.Get("Location")
			page := s.priya.get(at).want(http.StatusOK)
			s.until(func() bool {
				page = s.priya.get(at)
				return page.status == http.StatusOK &&
					page.Text("h1") != "Saving your change at Microsoft"
			})
			page.Sound()
			got := append(page.Texts("h1"), page.Texts(".actions .ds-button")...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			page.One(`.actions form[action$="/drop"] .ds-button[data-variant="secondary"]`)
			locked := s.priya.post(s.path("/edit/deal"), form)
			if open := kind == practice.NoMFA || kind == practice.RateLimit; open {
				locked.want(http.StatusConflict)
				if got := fields(locked.Page, "details.dealValue"); got[0] != "65000" {
					t.Errorf("typed %q", got)
				}
			}
		})
	}
}
