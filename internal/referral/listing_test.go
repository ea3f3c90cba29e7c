package referral_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestListingDue begins a new pass over a person's referrals when the last one is old enough.
func TestListingDue(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 40, 0, 0, time.UTC)
	tests := map[string]struct {
		state referral.ListingState
		age   time.Duration
		asked bool
		want  bool
	}{
		"never":                 {"", 0, false, true},
		"just done":             {referral.ListingDone, 299 * time.Second, false, false},
		"done":                  {referral.ListingDone, 300 * time.Second, false, true},
		"asked at once":         {referral.ListingDone, 2 * time.Second, true, false},
		"asked":                 {referral.ListingDone, 3 * time.Second, true, true},
		"just failed":           {referral.ListingFailed, 59 * time.Second, false, false},
		"failed":                {referral.ListingFailed, 60 * time.Second, false, true},
		"under way":             {referral.ListingRunning, 239 * time.Second, true, false},
		"under way, and nobody": {referral.ListingRunning, 240 * time.Second, false, true},
		"waits for the person":  {referral.ListingNeedsSignIn, time.Hour, true, false},
		"signed in since":       {referral.ListingNeedsSignIn, 2 * time.Hour, false, true},
	}
	signedIn := now.Add(-90 * time.Minute)
	for name, tt := range tests {
		f := referral.Listing{State: tt.state, MovedAt: now.Add(-tt.age), SignedInAt: signedIn}
		if got := f.Due(now, tt.asked); got != tt.want {
			t.Errorf("%s: due %v", name, got)
		}
	}
}
