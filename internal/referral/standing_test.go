package referral_test

import (
	"slices"
	"testing"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// TestTransitions walks every pair of standings.
func TestTransitions(t *testing.T) {
	closed := []string{"Closed/Won", "Closed/Lost", "Closed/Declined", "Closed/Expired"}
	want := map[string][]string{
		"New/Pending":     append([]string{"New/Received", "Active/Accepted"}, closed...),
		"New/Received":    append([]string{"Active/Accepted"}, closed...),
		"New/Error":       append([]string{"Active/Accepted"}, closed...),
		"New":             append([]string{"Active/Accepted"}, closed...),
		"Active/Accepted": closed,
		"Active/Error":    closed,
		"Active":          closed,
		"active/ACCEPTED": closed,
		"Closed/Won":      nil, "Closed/Lost": nil, "Closed/Declined": nil, "Closed/Expired": nil,
		"Closed/Error": nil, "": nil, "Archived/Done": nil,
	}
	targets := []string{"New/Pending", "New/Received", "New/Error", "Active/Accepted",
		"Active/Error", "Closed/Won", "Closed/Lost", "Closed/Declined", "Closed/Expired",
		"Closed/Error", "", "Archived/Done"}
	for from, may := range want {
		for _, to := range targets {
			got := referral.ParseStanding(from).MayBecome(referral.ParseStanding(to))
			if got != slices.Contains(may, to) {
				t.Errorf("%q to %q: %v", from, to, got)
			}
		}
		var next []string
		for _, s := range referral.ParseStanding(from).Next() {
			next = append(next, s.String())
		}
		if !slices.Equal(next, may) {
			t.Errorf("after %q comes %q, want %q", from, next, may)
		}
	}
}

// TestStatusesAreStandings holds the list for a new referral and the table together.
func TestStatusesAreStandings(t *testing.T) {
	start := referral.ParseStanding("New/Pending")
	for _, c := range referral.Statuses() {
		s := referral.ParseStanding(c.ID)
		if s != start && !start.MayBecome(s) {
			t.Errorf("%s cannot be reached", c.ID)
		}
		if s.In(language.English()) != c.Label || s.String() != c.ID {
			t.Errorf("%s reads %q", c.ID, s.In(language.English()))
		}
		wantReason := c.ID == "Closed/Lost" || c.ID == "Closed/Declined"
		if s.NeedsReason() != wantReason || s.Closes() != (c.ID[:3] == "Clo") {
			t.Errorf("%s: reason %v, closes %v", c.ID, s.NeedsReason(), s.Closes())
		}
	}
}
