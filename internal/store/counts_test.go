package store_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestNumbersHold compares the numbers that are kept with those that are there, after everything that
// changes them.
func TestNumbersHold(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		w.holds(t, 1)
		w.fetched(t, w.ana, shown("One"), shown("Two"), shown("Both"), shown("Theirs", ofMicrosoft))
		w.fetched(t, w.bo, shown("Both"), shown("Three"))
		w.holds(t, 4)
		w.clock.pass(2 * time.Hour)
		w.fetched(t, w.ana, shown("Two"), shown("Both", newer))
		w.holds(t, 3)
		w.fetched(t, w.ana, shown("One"), shown("Two"))
		w.holds(t, 4)
		w.clock.pass(60 * 24 * time.Hour)
		w.fetched(t, w.ana, shown("Two"))
		w.clock.pass(60 * 24 * time.Hour)
		w.fetched(t, w.ana, shown("Two"))
		w.holds(t, 3)
		w.exec(t, `DELETE FROM referral_answers`)
		w.exec(t, `DELETE FROM referrals WHERE owner_id = $1`, w.bo.UserID)
		w.holds(t, 1)
	})
}

// holds wants so many referrals in the list of an admin, and every list's number to be its length.
func (w *world) holds(t testing.TB, everybody int) {
	t.Helper()
	for who, c := range map[string]referral.Caller{"ana": w.ana, "bo": w.bo, "admin": w.admin} {
		list := w.list(t, c, referral.Filter{})
		wantSame(t, who+"'s number", list.All, len(list.Referrals))
	}
	wantSame(t, "everybody's", w.list(t, w.admin, referral.Filter{}).All, everybody)
}
