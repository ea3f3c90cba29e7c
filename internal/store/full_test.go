package store_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestFull leaves no room for SQLite's file to grow: what was stored stays readable, what cannot be
// stored is said to be for the moment, and once there is room it goes on.
func TestFull(t *testing.T) {
	w := newWorld(t, newFile(t))
	before := w.draft(t, w.ana, "Contoso Azure migration")
	w.exec(t, `PRAGMA max_page_count = 1`) // or as many as there are
	var err error
	for range 1000 {
		d := referral.NewDraft(referral.CoSell, referral.User{}, referral.Last{})
		if _, err = w.CreateDraft(t.Context(), w.ana, d); err != nil {
			break
		}
	}
	wantErr(t, "the draft too many", err, referral.ErrUnavailable)
	wantSame(t, "an earlier one", must(w.Draft(t.Context(), w.ana, before.ID))(t), before)
	w.exec(t, `PRAGMA max_page_count = 1000000`)
	w.draft(t, w.ana, "Contoso Azure migration")
}

// TestReadOnly shows pages to who is signed in although nothing can be written, not even that he
// was there.
func TestReadOnly(t *testing.T) {
	w := newWorld(t, newFile(t))
	hash := []byte("hash")
	if err := w.CreateSession(t.Context(), hash, w.ana.UserID, "", 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Hour)
	w.exec(t, `PRAGMA query_only = 1`)
	wantSame(t, "who", must(w.Session(t.Context(), hash))(t).ID, w.ana.UserID)
	_, err := w.CreateDraft(t.Context(), w.ana, referral.Draft{})
	wantErr(t, "writing", err, referral.ErrUnavailable)
	w.clock.pass(11*time.Hour + time.Minute)
	_, err = w.Session(t.Context(), hash)
	wantErr(t, "after the idle limit", err, referral.ErrNotFound)
	w.exec(t, `PRAGMA query_only = 0`)
	w.draft(t, w.ana, "Contoso Azure migration")
}
