package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestPagesToReadAreForEverybody opens them with and without a session, in both languages.
func TestPagesToReadAreForEverybody(t *testing.T) {
	s := newSite(t)
	nobody := &browser{t: t, site: s}
	for _, b := range []*browser{nobody, s.signIn(t, priya())} {
		for path, title := range map[string]string{"/help": "Help", "/privacy": "Privacy",
			"/accessibility": "Accessibility"} {
			page := b.get(path).want(http.StatusOK)
			page.Sound()
			if got := page.Text("h1"); got != title {
				t.Errorf("%s: %q", path, got)
			}
			if got := page.Texts("footer a"); !slices.Equal(got,
				[]string{"Help", "Privacy", "Accessibility"}) {
				t.Errorf("%s: the footer has %q", path, got)
			}
			b.getWith(path, &http.Cookie{Name: "lang", Value: "zh-Hans"}).want(http.StatusOK).Sound()
		}
	}
}

// TestHelpKnowsEveryDealType has a heading for each.
func TestHelpKnowsEveryDealType(t *testing.T) {
	page := newSite(t).signIn(t, priya()).get("/help")
	var want []string
	for _, d := range referral.Deals() {
		want = append(want, d.Label())
	}
	if got := page.Texts("#deals ~ h3"); !slices.Equal(got, want) {
		t.Errorf("deals %q, want %q", got, want)
	}
	agreed := 0
	for _, point := range page.Texts("#deals ~ ul li") {
		if strings.HasPrefix(point, "The customer must have agreed ") {
			agreed++
		}
	}
	if agreed != len(want) {
		t.Errorf("%d deal types want the customer's agreement, want %d", agreed, len(want))
	}
}
