package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/handlers"
	"tandem/internal/referral"
	"tandem/internal/store"
)

const day = 24 * time.Hour

// newKeepSite is a site that keeps drafts for 90 days and answers for 30, with Priya. The limits
// have been in force for long.
func newKeepSite(t *testing.T) (*sendSite, *rep) {
	t.Helper()
	s := newSendSite(t)
	s.clock.move(-100 * day)
	s.Store = openStore(t, store.Options{Now: s.clock.Now, KeepDrafts: 90 * day,
		KeepAnswers: 30 * day, Absolute: 1000 * day, Idle: 1000 * day})
	s.sender.db, s.deps.Store = s.Store, s.Store
	s.Handler = handlers.New(s.deps)
	s.clock.move(100 * day)
	return s, s.rep("Priya Raman", false)
}

// TestDraftsListWarns says from 14 days before when a draft goes, and not once it was changed.
func TestDraftsListWarns(t *testing.T) {
	s, priya := newKeepSite(t) // on 22 November 2026
	id := priya.draft(contoso())
	for _, c := range []struct {
		move time.Duration
		want string
	}{
		{75 * day, ""},
		{day, "Deleted on 20 February unless you change it"},
		{13 * day, "Deleted on 20 February unless you change it"},
		{day, "Deleted today unless you change it"},
	} {
		s.clock.move(c.move)
		page := priya.page("/drafts", http.StatusOK)
		if got := strings.Join(page.Texts(`[data-l="Last saved"] .ds-tag`), ", "); got != c.want {
			t.Errorf("on %v: %q, want %q", s.clock.Now(), got, c.want)
		}
	}
	priya.fillStep(id, referral.StepDeal, "go=later", "details.notes", "Still at it.")
	if page := priya.page("/drafts", http.StatusOK); len(page.Texts("td .ds-tag")) != 0 {
		t.Error("a draft that was just changed is said to go")
	}
}

// TestUnusedDraftSaysWhereItWent keeps the URL speaking.
func TestUnusedDraftSaysWhereItWent(t *testing.T) {
	s, priya := newKeepSite(t)
	id := priya.draft(contoso())
	s.clock.move(91 * day)
	if n, err := s.DeleteUnused(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d deleted, %v", n, err)
	}
	want := "This draft was deleted on 21 February 2027, because nobody had changed it for a long " +
		"time. You can start a new referral."
	for _, path := range []string{"/drafts/" + id, stepPath(id, referral.StepDeal)} {
		page := priya.page(path, http.StatusNotFound)
		if !strings.Contains(page.Text("main"), want) {
			t.Errorf("%s: %q", path, page.Text("main"))
		}
	}
	page := sound(priya.post(stepPath(id, referral.StepDeal), theft()), http.StatusNotFound)
	if !strings.Contains(page.Text("main"), want) {
		t.Errorf("saving: %q", page.Text("main"))
	}
}

// TestRemovedAnswer says of an answer that is gone when it went, and shows what is left.
func TestRemovedAnswer(t *testing.T) {
	s, priya := newKeepSite(t)
	_, r := priya.sent(contoso())
	s.clock.move(30 * day)
	if n, err := s.RemoveAnswers(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d removed, %v", n, err)
	}
	want := "Microsoft’s answer was removed after 30 days, on 22 December 2026."
	page := priya.page("/referrals/"+r+"/response", http.StatusOK)
	if got := page.Text("#answer-gone"); !strings.HasPrefix(got, want) {
		t.Errorf("response: %q", got)
	}
	page.One("#support")
	page.None("#response-body")
	page.None("#changed")
	priya.get("/referrals/" + r + "/response.json").want(http.StatusNotFound)

	page = priya.page("/referrals/"+r, http.StatusOK)
	if got := page.Text("#answer-gone"); !strings.HasPrefix(got, want) {
		t.Errorf("referral: %q", got)
	}
	text := page.Text("main")
	for _, part := range []string{"Contoso Customer Inc", "50,000", "14 January 2027", remoteID,
		"Accepted by Microsoft"} {
		if !strings.Contains(text, part) {
			t.Errorf("the referral's page has no %q", part)
		}
	}
	if strings.Contains(text, "sue.smith@contoso.com") {
		t.Error("the page still shows a contact")
	}
}
