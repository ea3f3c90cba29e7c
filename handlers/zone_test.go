package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestTimesAreInTheZoneOfThePerson shows when a draft was saved: in UTC while nobody knows more, as
// the browser tells, and as the person chose.
func TestTimesAreInTheZoneOfThePerson(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	path := "/drafts/" + b.start(referral.CoSell) + "/customer"
	b.post(path, b.get(path).fill("go", "later", "customerProfile.name", "Contoso")).
		want(http.StatusSeeOther)
	browser := func(zone string) *http.Cookie { return &http.Cookie{Name: "zone", Value: zone} }
	for _, tt := range []struct{ chosen, browser, saved, hover string }{
		{"", "", "14:32 UTC", "22 November 2026, 14:32:00 UTC"},
		{"", "../etc/passwd", "14:32 UTC", "22 November 2026, 14:32:00 UTC"},
		{"", "Local", "14:32 UTC", "22 November 2026, 14:32:00 UTC"},
		{"", "Europe/Berlin", "15:32", "22 November 2026, 15:32:00 UTC+01:00"},
		{"Pacific/Auckland", "Europe/Berlin", "03:32", "23 November 2026, 03:32:00 UTC+13:00"},
		{"UTC", "Europe/Berlin", "14:32", "22 November 2026, 14:32:00 UTC"},
	} {
		b.post("/preferences", url.Values{"zone": {tt.chosen}}).leadsTo("/preferences?saved=1")
		page := b.getWith(path, browser(tt.browser)).want(http.StatusOK)
		page.Sound()
		if got := page.Text("#save-status time"); got != tt.saved {
			t.Errorf("chosen %q, browser %q: saved at %q, want %q", tt.chosen, tt.browser, got,
				tt.saved)
		}
		if got := page.Attr("#save-status time", "title"); got != tt.hover {
			t.Errorf("chosen %q, browser %q: on hover %q, want %q", tt.chosen, tt.browser, got,
				tt.hover)
		}
	}
}

// TestTodayIsTheDayOfThePerson refuses a closing date that is over where he is, and only there.
func TestTodayIsTheDayOfThePerson(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	path := "/drafts/" + b.start(referral.CoSell) + "/deal"
	for zone, passed := range map[string]bool{"": false, "America/New_York": false,
		"Pacific/Auckland": true} {
		b.post("/preferences", url.Values{"zone": {zone}}).leadsTo("/preferences?saved=1")
		page := b.get(path).want(http.StatusOK)
		a := b.post(path, page.fill("go", "continue", "details.closingDateTime.day", "22",
			"details.closingDateTime.month", "11", "details.closingDateTime.year", "2026"))
		a.want(http.StatusUnprocessableEntity)
		if got := strings.Contains(a.Text(".ds-error-summary"),
			"Closing date must be today or in the future"); got != passed {
			t.Errorf("in %q the day has passed: %v, want %v", zone, got, passed)
		}
	}
}

// TestPreferencesOfferTimeZones names the browser's, and keeps the choice.
func TestPreferencesOfferTimeZones(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	page := b.getWith("/preferences", &http.Cookie{Name: "zone", Value: "Asia/Shanghai"})
	page.Sound()
	if got := page.Text("#zone"); !strings.HasPrefix(got,
		"Same as my browser: Asia/Shanghai") ||
		!strings.Contains(got, "Germany – Berlin (UTC+01:00)") {
		t.Errorf("the zones begin with %.200q", got)
	}
	b.post("/preferences", page.fill("zone", "America/Sao_Paulo")).
		leadsTo("/preferences?saved=1")
	if got := b.get("/preferences").Value("zone"); got != "America/Sao_Paulo" {
		t.Errorf("the form says %q", got)
	}
	a := b.post("/preferences", url.Values{"zone": {"Mars/Olympus"}})
	a.want(http.StatusUnprocessableEntity).Sound()
}

// TestClosingDatesPassWhereThePersonIs lists a deal as late as soon as its day is over there.
func TestClosingDatesPassWhereThePersonIs(t *testing.T) {
	s := newSendSite(t)
	s.clock.move(53 * 24 * time.Hour) // the day on which the deal closes
	p := s.rep("Priya Raman", false)
	p.sent(contoso())
	for zone, late := range map[string]int{"America/New_York": 0, "Pacific/Auckland": 1} {
		p.post("/preferences", url.Values{"zone": {zone}}).want(http.StatusSeeOther)
		page := p.get("/referrals?closing=past").want(http.StatusOK)
		if n := len(page.Texts("tbody tr")); n != late {
			t.Errorf("in %s %d deals are late, want %d", zone, n, late)
		}
	}
}
