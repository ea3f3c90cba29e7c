package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// TestChangedSinceLastLook lists what somebody else changed until the rep has seen it.
func TestChangedSinceLastLook(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	page := s.priya.page(s.path(""), http.StatusOK)
	if got := page.All("#news").Length(); got != 0 {
		t.Errorf("news of a referral that nobody changed: %q", page.Text("[aria-labelledby=news]"))
	}
	s.changes(partnercenter.Replace("/details/dealValue", "58000"))
	s.clock.move(time.Second)
	s.priya.post(s.path("/refresh"), nil).leadsTo(s.path(""))
	changed := s.priya.get(s.path("")).want(http.StatusOK)
	changed.Sound()
	if got := changed.Text("[aria-labelledby=news] dd"); got != "USD 58,000.00 (was USD 50,000.00)" {
		t.Fatalf("news %q", got)
	}
	form := changed.form()
	s.changes(partnercenter.Replace("/salesStage", "Theirs"))
	s.priya.post(s.path("/seen"), form).leadsTo(s.path(""))
	s.clock.move(time.Minute)
	s.priya.post(s.path("/refresh"), nil).leadsTo(s.path(""))
	page = s.priya.page(s.path(""), http.StatusOK)
	if got := page.Texts("[aria-labelledby=news] dd"); len(got) != 1 || got[0] != "Theirs" {
		t.Errorf("news %q", got)
	}
	s.changes(partnercenter.Replace("/details/dealValue", "61000"))
	s.clock.move(10 * time.Minute)
	page = s.priya.page(s.path(""), http.StatusOK)
	if got := page.Text("[aria-labelledby=deal]"); !strings.Contains(got, "USD 61,000.00") {
		t.Errorf("opened after a while, it does not show what Microsoft has now: %q", got)
	}
	admin := s.rep("Chen Li", true)
	if got := admin.page(s.path(""), http.StatusOK).All("#news, .live form").Length(); got != 0 {
		t.Error("an admin is asked to look, or to refresh")
	}
	admin.post(s.path("/refresh"), nil).want(http.StatusForbidden)
}

// TestOwnChangesAreNoNews lists what others did to a referral and nothing that the rep did himself,
// whether or not he ever said that he had seen it.
func TestOwnChangesAreNoNews(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	news := func() []string {
		t.Helper()
		s.clock.move(time.Minute)
		s.priya.post(s.path("/refresh"), nil).leadsTo(s.path(""))
		return s.priya.page(s.path(""), http.StatusOK).Texts("[aria-labelledby=news] dd")
	}
	type step struct {
		name string
		do   func()
		want []string
	}
	own := func(pairs ...string) func() {
		return func() {
			form := s.priya.get(s.path("/edit/deal")).fill(pairs...)
			s.priya.saved(s.path("/edit/deal"), form)
		}
	}
	value := func(v string) partnercenter.Op { return partnercenter.Replace("/details/dealValue", v) }
	for _, x := range []step{
		{"own, never looked", own("details.dealValue", "65000", "campaignId", "mine"), nil},
		{"theirs, never set before",
			func() { s.changes(partnercenter.Replace("/salesStage", "Theirs")) }, []string{"Theirs"}},
		{"own on top", own("details.dealValue", "66000"), []string{"Theirs"}},
		{"theirs over own", func() { s.changes(value("58000")) },
			[]string{"USD 58,000.00 (was USD 66,000.00)", "Theirs"}},
		{"own over theirs", own("details.dealValue", "67000", "salesStage", "Mine"), nil},
		{"seen", func() {
			s.priya.post(s.path("/seen"), s.priya.get(s.path("")).form()).leadsTo(s.path(""))
		}, nil},
		{"own after a look", own("details.dealValue", "68000"), nil},
		{"theirs back to what was seen", func() { s.changes(value("67000")) },
			[]string{"USD 67,000.00 (was USD 68,000.00)"}},
		{"status", func() {
			won := s.path("/close?status=Closed%2FWon")
			s.priya.saved(s.path("/close"), s.priya.get(won).form())
		}, []string{"USD 67,000.00 (was USD 68,000.00)"}},
	} {
		x.do()
		if diff := cmp.Diff(append([]string{}, x.want...), news()); diff != "" {
			t.Errorf("%s: news (-want +got):\n%s", x.name, diff)
		}
	}
}

// TestHistoryOfChanges says who changed what, from what to what.
func TestHistoryOfChanges(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	form := s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "65000", "salesStage", "Won?")
	to := s.priya.saved(s.path("/edit/deal"), form)
	page := s.priya.page(to, http.StatusOK)
	if got := page.Text("#done"); got != "Microsoft accepted your change." {
		t.Errorf("done %q", got)
	}
	rows := page.Texts("[aria-labelledby=history] dd")
	want := []string{"Change begun – Priya Raman Deal value: USD 65,000.00 (was USD 50,000.00)" +
		"Sales stage: Won?", "Change accepted by Microsoft"}
	if diff := cmp.Diff(want, rows[len(rows)-2:]); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	form = s.priya.get(s.path("/edit/deal")).fill("details.dealValue", "60000",
		"details.currency", "EUR")
	page = s.priya.page(s.priya.saved(s.path("/edit/deal"), form), http.StatusOK)
	rows = page.Texts("[aria-labelledby=history] dd")
	if got, want := rows[len(rows)-2], "Deal value: EUR 60,000.00 (was USD 65,000.00)"; !strings.
		Contains(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
	hrefs := page.All(".change").Map(hrefOf)
	for _, section := range []string{"deal", "contacts", "team", "solutions"} {
		if !strings.Contains(strings.Join(hrefs, " "), s.path("/edit/"+section)) {
			t.Errorf("no way to %s in %q", section, hrefs)
		}
	}
}

// TestMicrosoftsAnswer shows how long Microsoft has, and what to do when it says no.
func TestMicrosoftsAnswer(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	priya.connect(r, done())
	_, other, err := site.Pair(t.Context(), priya.caller(), r)
	site.must(err)
	connected := accepted(other.RemoteID, contoso())
	connected.Status, connected.Substatus, connected.ETag = "New", "Pending", `"m-1"`
	connected.ExpiresAt = site.clock.Now().Add(9*24*time.Hour - time.Minute)
	site.must(site.SaveFetched(t.Context(), other.ID, connected, referral.Outcome{}))
	page := priya.page("/referrals/"+r, http.StatusOK)
	if got := page.Text(".live strong"); got !=
		"Microsoft has 9 days left to answer, until 1 December 2026." {
		t.Errorf("deadline %q", got)
	}
	declined := *connected
	declined.Status, declined.Substatus, declined.ETag = "Closed", "Declined", `"m-2"`
	declined.Raw = []byte(`{"id":"m","status":"Closed","statusReason":"Not our segment"}`)
	declined.DecidedAt = site.clock.Now()
	site.must(site.SaveFetched(t.Context(), other.ID, &declined, referral.Outcome{}))
	page = priya.page("/referrals/"+r, http.StatusOK)
	if got := page.Text("[aria-labelledby=advice]"); !strings.Contains(got,
		"Microsoft declined to work on this deal") || !strings.Contains(got, "Not our segment") {
		t.Errorf("advice %q", got)
	}
	if page.All(".live strong").Length() != 0 {
		t.Error("Microsoft still has time to answer")
	}
	rows := page.Texts("[aria-labelledby=history] dd")
	if got := rows[len(rows)-1]; got != "Microsoft’s referral: Closed – Declined" {
		t.Errorf("history ends with %q", got)
	}
	list := priya.page("/referrals", http.StatusOK)
	if got := list.Text("td .msfail"); got != "Microsoft’s referral: Declined" {
		t.Errorf("the list says %q of what Microsoft declined", got)
	}
	also := priya.page("/referrals?tab=attention", http.StatusOK).All("[aria-labelledby=also] a")
	if got := also.Text(); got != "1 open deal that Microsoft declined or left unanswered" {
		t.Errorf("to look at: %q", got)
	}
	found := priya.page(hrefOf(0, also), http.StatusOK).All(".c-name a").Map(hrefOf)
	if !slices.Equal(found, []string{"/referrals/" + r}) {
		t.Errorf("that leads to %q", found)
	}
	won := declined
	won.Substatus, won.ETag = "Won", `"m-3"`
	site.must(site.SaveFetched(t.Context(), other.ID, &won, referral.Outcome{}))
	rows = priya.page("/referrals/"+r, http.StatusOK).Texts("[aria-labelledby=history] dd")
	if got := rows[len(rows)-1]; got != "Microsoft’s referral: Active – Accepted" {
		t.Errorf("history of a won deal ends with %q", got)
	}
}
