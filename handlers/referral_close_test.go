package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// TestCloseAsLost asks why, and whether the rep means it, before anything is closed.
func TestCloseAsLost(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	page := s.priya.page(s.path("/status"), http.StatusOK)
	want := []string{"Closed – Won", "Closed – Lost", "Closed – Declined", "Closed – Expired"}
	if diff := cmp.Diff(want, page.Texts("form .app-opt label")); diff != "" {
		t.Errorf("may follow Active (-want +got):\n%s", diff)
	}
	wrong := s.priya.submit(s.path("/status"), url.Values{"status": {"New/Pending"}},
		http.StatusUnprocessableEntity)
	if got := wrong.Text("#error-summary li"); got != "Select the new status" {
		t.Errorf("error %q", got)
	}
	s.priya.post(s.path("/status"), url.Values{"status": {"Closed/Lost"}}).
		leadsTo(s.path("/close?status=Closed%2FLost"))
	sure := s.priya.get(s.path("/close?status=Closed%2FLost")).want(http.StatusOK)
	sure.Sound()
	if got := sure.Text("h1"); got != "Close this referral as lost?" ||
		!strings.Contains(sure.Text("main"), "You cannot undo this.") {
		t.Errorf("asks %q", got)
	}
	again := s.priya.post(s.path("/close"), sure.form()).want(http.StatusUnprocessableEntity)
	if got := again.Text("#error-summary li"); got != "Enter why you close this referral" {
		t.Errorf("error %q", got)
	}
	if r := s.microsoft(); r.Status != "Active" {
		t.Errorf("Microsoft has %s", r.Status)
	}
	s.priya.saved(s.path("/close"), again.fill("statusReason", "They stayed with paper."))
	now := s.microsoft()
	if now.Status != "Closed" || now.Substatus != "Lost" || now.StatusReason != "They stayed with paper." {
		t.Errorf("Microsoft has %s", now.Raw)
	}
	page = s.priya.page(s.path(""), http.StatusOK)
	if got := page.Text(".live"); !strings.HasPrefix(got, "This referral is closed.") ||
		!strings.Contains(got, "Refreshed just now") {
		t.Errorf("below the picture: %q", got)
	}
	page.None(".pair .is-done, .change, [href$='.ics']")
	for _, page := range []string{"/status", "/close?status=Closed%2FWon", "/edit/deal"} {
		s.priya.get(s.path(page)).leadsTo(s.path(""))
	}
}

// TestAccept moves a referral that Microsoft shared on without a further question.
func TestAccept(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	s.must(s.SaveFetched(t.Context(), s.id, &referral.Referral{Name: "Deal", Status: "New",
		Direction: "Incoming", Substatus: "Received", ETag: s.microsoft().ETag, Raw: []byte(strings.Replace(
			string(s.microsoft().Raw), `"Active"`, `"New"`, 1)),
		Dates: referral.Dates{OpenedAt: s.clock.Now().Add(-4 * 24 * time.Hour)}}, referral.Outcome{}))
	list := s.priya.page("/referrals", http.StatusOK)
	if got, to := list.Text(".mscreate"), hrefOf(0, list.All(".mscreate")); got !=
		"Accept or decline Deal" || to != s.path("/status") {
		t.Errorf("the list offers %q at %s", got, to)
	}
	also := s.priya.page("/referrals?tab=attention", http.StatusOK).All("[aria-labelledby=also] a")
	if got := also.Text(); got != "1 deal from Microsoft waits for an answer" {
		t.Errorf("to look at: %q", got)
	}
	found := s.priya.page(hrefOf(0, also), http.StatusOK).All(".c-name a").Map(hrefOf)
	if !slices.Equal(found, []string{s.path("")}) {
		t.Errorf("that leads to %q", found)
	}
	if got := s.priya.get("/referrals.csv").body; !strings.Contains(got, ",From Microsoft,") {
		t.Errorf("export: %s", got)
	}
	deal := s.priya.page(s.path(""), http.StatusOK)
	if got := deal.Texts(".actions a"); got[0] != "Accept or decline" {
		t.Errorf("actions %q", got)
	}
	if got := deal.Text(".live strong"); got !=
		"You have 10 days left to answer, until 2 December 2026." {
		t.Errorf("deadline %q", got)
	}
	if got := s.priya.get(s.path("/dates.ics")).body; !strings.Contains(got,
		"DTSTART;VALUE=DATE:20261202") || !strings.Contains(got, "Deal: your time to answer ends") {
		t.Errorf("calendar %s", got)
	}
	if got := deal.Text(".pair"); !strings.Contains(got, "Microsoft shared this deal with you") {
		t.Errorf("pair %q", got)
	}
	page := s.priya.get(s.path("/status")).want(http.StatusOK)
	if got := page.Texts("form .app-opt label")[0]; got != "Active – Accepted" {
		t.Fatalf("first %q", got)
	}
	to := s.priya.saved(s.path("/status"), url.Values{"status": {"Active/Accepted"}})
	if !strings.HasPrefix(to, s.path("?changed=")) || s.microsoft().Substatus != "Accepted" {
		t.Errorf("leads to %s, Microsoft has %s", to, s.microsoft().Substatus)
	}
}

// TestWonTooEarly says until when a deal that is to be registered should not be closed as won, and
// after that to register it.
func TestWonTooEarly(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	opened := func(ago time.Duration) {
		t.Helper()
		now := s.microsoft()
		s.must(s.SaveFetched(t.Context(), s.id, &referral.Referral{Name: now.Name, Status: "Active",
			Substatus: "Accepted", ETag: now.ETag, Raw: now.Raw,
			Dates: referral.Dates{OpenedAt: s.clock.Now().Add(-ago)}}, referral.Outcome{}))
	}
	won := s.path("/close?status=Closed%2FWon")
	opened(0)
	early := "Wait until 25 November, 14:32 UTC, 72 hours after you created the deal"
	if got := s.priya.page(won, http.StatusOK).Text("main"); !strings.Contains(got, early) {
		t.Errorf("at once: %q", got)
	}
	opened(72 * time.Hour)
	page := s.priya.get(won).want(http.StatusOK)
	if got := page.Text("main"); strings.Contains(got, "Wait until") {
		t.Errorf("after 72 hours: %q", got)
	}
	const register = "Register it in Partner Center"
	if got := s.priya.page(s.path(""), http.StatusOK).Text("main"); strings.Contains(got, register) {
		t.Error("a deal that is not won is to be registered")
	}
	s.priya.saved(s.path("/close"), page.form())
	if got := s.priya.page(s.path(""), http.StatusOK).Text("main"); !strings.Contains(got, register) {
		t.Error("a deal that is won is not to be registered")
	}
}

// TestCloseMeetsChange does not close what is no longer as it was shown.
func TestCloseMeetsChange(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	sure := s.priya.get(s.path("/close?status=Closed%2FWon")).want(http.StatusOK)
	s.changes(partnercenter.Replace("/details/dealValue", "1"))
	to := s.priya.saved(s.path("/close"), sure.form())
	if !strings.HasPrefix(to, s.path("/conflict/")) || s.microsoft().Status != "Active" {
		t.Errorf("leads to %s, Microsoft has %s", to, s.microsoft().Status)
	}
}
