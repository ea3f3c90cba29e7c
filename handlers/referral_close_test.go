package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

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
			string(s.microsoft().Raw), `"Active"`, `"New"`, 1))}, referral.Outcome{}))
	deal := s.priya.page(s.path(""), http.StatusOK)
	if got := deal.Texts(".actions a"); got[0] != "Accept or decline" {
		t.Errorf("actions %q", got)
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
