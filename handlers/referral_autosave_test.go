package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// keepAt types into a page as far as the script has kept it.
func (b *browser) keepAt(path string, pairs ...string) *answer {
	b.t.Helper()
	page := b.get(path).want(http.StatusOK)
	return b.post(page.autosaveOf(), page.fill(pairs...))
}

// What is typed on a page of edits is there again, goes nowhere else, and can be thrown away.
func TestEditAutosave(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/deal")
	a := s.priya.keepAt(edit, "details.dealValue", "fifty", "salesStage", "Mine").
		want(http.StatusOK)
	if got := a.Text("p#save-status.saved"); got != "What you typed was kept at 14:32 UTC" {
		t.Errorf("answer %q", got)
	}
	page := s.priya.page(edit, http.StatusOK)
	if got := page.Text("#restored p"); got !=
		"We filled in what you typed on 22 November at 14:32 UTC." {
		t.Errorf("note %q", got)
	}
	page.None("#error-summary")
	if got := fields(page, "details.dealValue", "salesStage"); got[0] != "fifty" ||
		got[1] != "Mine" {
		t.Errorf("typed %q", got)
	}
	if now := s.microsoft(); now.SalesStage != "" {
		t.Errorf("Microsoft has %s", now.Raw)
	}
	s.priya.post("/typed/discard", s.priya.get(edit).formAt("#restored")).leadsTo(edit)
	last := s.priya.page(edit, http.StatusOK)
	last.None("#restored")
	if got := fields(last, "details.dealValue", "salesStage"); got[0] != "50000" || got[1] != "" {
		t.Errorf("last saved version %q", got)
	}
	s.priya.keepAt(edit, "salesStage", "Mine").want(http.StatusOK)
	s.priya.saved(edit, s.priya.get(edit).formAt("form.sheet"))
	if now := s.microsoft(); now.SalesStage != "Mine" {
		t.Errorf("Microsoft has %s", now.Raw)
	}
	s.priya.page(edit, http.StatusOK).None("#restored")
}

// Typing what Microsoft has again leaves nothing to restore.
func TestEditAutosaveOfWhatIsSaved(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/deal")
	s.priya.keepAt(edit, "salesStage", "Mine").want(http.StatusOK)
	s.priya.keepAt(edit, "salesStage", "").want(http.StatusOK)
	if n := s.typed(); n != 0 {
		t.Errorf("%d working copies", n)
	}
}

// typed counts the working copies.
func (s *liveSite) typed() (n int) {
	s.Helper()
	s.must(s.Writer().QueryRow(`SELECT COUNT(*) FROM working_copies`).Scan(&n))
	return n
}

// What was typed on an older version of Microsoft's is saved on that version, so that it does not
// undo what changed since: the rep is asked.
func TestEditAutosaveOfAnOldPage(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/deal")
	s.priya.keepAt(edit, "details.dealValue", "65000").want(http.StatusOK)
	s.changes(partnercenter.Replace("/details/dealValue", "58000"))
	s.clock.move(2 * time.Minute)
	s.priya.get(edit) // has it fetched
	page := s.priya.page(edit, http.StatusOK)
	page.One("#restored")
	if got := fields(page, "details.dealValue"); got[0] != "65000" {
		t.Errorf("typed %q", got)
	}
	to := s.priya.saved(edit, s.priya.get(edit).formAt("form.sheet"))
	if !strings.HasPrefix(to, s.path("/conflict/")) {
		t.Errorf("leads to %s", to)
	}
	if v := s.microsoft().Details.DealValue; v != "58000" {
		t.Errorf("Microsoft has %s", v)
	}
}

// Without JavaScript the page's own buttons keep what was typed, with the people they add.
func TestEditKeepsPeopleWithoutScript(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	edit := s.path("/edit/contacts")
	s.priya.post(edit, s.priya.get(edit).fill("customerProfile.team[0].lastName", "Roe",
		"add", "1")).want(http.StatusOK)
	page := s.priya.page(edit, http.StatusOK)
	page.One("#restored")
	if n := len(page.Texts("fieldset.person")); n != 3 {
		t.Errorf("%d contacts", n)
	}
	if got := fields(page, "customerProfile.team[0].lastName"); got[0] != "Roe" {
		t.Errorf("typed %q", got)
	}
}

// A page that is posted, or kept by the script, after the session has ended comes back.
func TestSignedOutOnEdits(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	b := s.arrive(t)
	b.comeIn(s.priya.user, "/")
	for section, pairs := range map[string][]string{
		"deal":      {"details.notes", "Kept"},
		"contacts":  {"customerProfile.team[0].lastName", "Kept"},
		"team":      {"team[0].lastName", "Kept"},
		"solutions": {"details.requirements.solutionIds", "SOL-99999-KEP"},
	} {
		edit := s.path("/edit/" + section)
		page := b.get(edit).want(http.StatusOK)
		if to := b.comeIn(s.priya.user, b.postTooLate(edit, page.fill(pairs...))); to != edit {
			t.Fatalf("the sign-in leads to %s", to)
		}
		back := b.get(edit).want(http.StatusOK)
		if got := back.Text("#restored p"); got != signedOutNote {
			t.Errorf("%s: note %q", section, got)
		}
		if got := fields(back.Page, pairs[0]); got[0] != pairs[1] {
			t.Errorf("%s: typed %q", section, got)
		}
	}
	b.site.clock.move(13 * time.Hour)
	for _, page := range []string{"/edit/deal", "/connect"} {
		b.post(s.path(page+"/autosave"), url.Values{"salesStage": {"Late"}}).
			want(http.StatusUnauthorized)
	}
	if n := b.site.stashes(t); n != 2 {
		t.Errorf("%d pages wait", n)
	}
}

func TestConnectAutosave(t *testing.T) {
	site := newSendSite(t)
	p := site.rep("Priya Raman", false)
	_, r := p.sent(contoso())
	path := connectAt(r)
	p.keepAt(path, "inviteContext.notes", "Help with a demo").want(http.StatusOK)
	page := p.page(path, http.StatusOK)
	page.One("#restored")
	if got := page.Text("textarea[name='inviteContext.notes']"); got != "Help with a demo" {
		t.Errorf("message %q", got)
	}
	w, err := site.Connect(t.Context(), p.caller(), r)
	site.must(err)
	if w.Revision != 0 {
		t.Errorf("saved %+v", w)
	}
	p.keepAt(path, "inviteContext.notes", "").want(http.StatusOK)
	p.page(path, http.StatusOK).None("#restored")
	p.post(path, invitation()).leadsTo(path + "/check")
	old := p.get(path)
	p.connect(r, store.Result{State: referral.Accepted})
	p.post(old.autosaveOf(), old.fill("inviteContext.notes", "Too late")).
		want(http.StatusConflict)
}

func connectAt(referralID string) string { return "/referrals/" + referralID + "/connect" }

// Nobody keeps anything about what is not his, or is closed.
func TestEditAutosaveRefuses(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	at := s.path("/edit/deal/autosave")
	form := s.priya.get(s.path("/edit/deal")).fill("salesStage", "Mine")
	s.rep("Chen Li", true).post(at, form).want(http.StatusForbidden)
	s.rep("Bo Lind", false).post(at, form).want(http.StatusNotFound)
	s.priya.post(s.path("/edit/nothing/autosave"), form).want(http.StatusNotFound)
	s.changes(partnercenter.Replace("/status", "Closed"), partnercenter.Replace("/substatus", "Won"))
	s.clock.move(2 * time.Minute)
	s.priya.get(s.path("/edit/deal")) // has it fetched
	s.priya.post(at, form).want(http.StatusConflict)
	if n := s.typed(); n != 0 {
		t.Errorf("%d working copies", n)
	}
}
