package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestNumbersHold compares the numbers that are kept with those that are there, after everything
// that changes them.
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

// beforeCounts is the last migration without numbers that are kept.
const beforeCounts = 40

// TestNumbersOfOldRows migrates databases whose referrals are older than the numbers that are kept.
func TestNumbersOfOldRows(t *testing.T) {
	for name, place := range map[string]string{
		"sqlite": filepath.Join(t.TempDir(), "tandem.db"), "postgres": pgtest.URL(t),
	} {
		t.Run(name, func(t *testing.T) {
			clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
			o := at(place, clock.Now)
			err := store.Old(t.Context(), o, beforeCounts, func(db *sql.DB) error {
				_, err := db.ExecContext(t.Context(), oldReferrals)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorldOf(t, o, clock)
			w.holds(t, 2)
			wantSame(t, "ana's", w.list(t, w.ana, referral.Filter{}).All, 2)
			w.fetched(t, w.ana, shown("One"), shown("Both"))
			w.fetched(t, w.bo, shown("Three"))
			w.holds(t, 3)
		})
	}
}

// oldReferrals are two of Ana's, one of which Bo has as well, and one of each that no list has.
const oldReferrals = `
INSERT INTO users (id, key, name, given_name, family_name, email, login_hint, admin, created_at,
	signed_in_at)
VALUES ('ana', 'tid:ana', '', '', '', '', '', 0, 1, 1), ('bo', 'tid:bo', '', '', '', '', '', 0, 1, 1);
INSERT INTO referrals (id, remote_id, owner_id, kind, gone_at, listed, engagement_id, draft_id,
	send_id, deal, name, customer, external_reference_id, country, deal_value, amount, currency,
	closing_date, status, substatus, etag, search, created_at, updated_at)
SELECT o.id, o.remote, o.owner, o.kind, o.gone, o.listed, '', '', '', '', '', '', '', '', '', 0, '',
	'', '', '', '', '', 1, 1
FROM (
	SELECT '1' AS id, 'id-One' AS remote, 'ana' AS owner, 'own' AS kind, 0 AS gone, 1 AS listed
	UNION ALL SELECT '2', 'id-Both', 'ana', 'own', 0, 0
	UNION ALL SELECT '3', 'id-Both', 'bo', 'own', 0, 1
	UNION ALL SELECT '4', 'id-Gone', 'bo', 'own', 5, 1
	UNION ALL SELECT '5', 'id-Other', 'ana', 'microsoft', 0, 1
) o`

// holds wants so many referrals in the list of an admin, and every list's number to be its length.
func (w *world) holds(t testing.TB, everybody int) {
	t.Helper()
	for who, c := range map[string]referral.Caller{"ana": w.ana, "bo": w.bo, "admin": w.admin} {
		list := w.list(t, c, referral.Filter{})
		wantSame(t, who+"'s number", list.All, len(list.Referrals))
	}
	wantSame(t, "everybody's", w.list(t, w.admin, referral.Filter{}).All, everybody)
}
