package store_test

import (
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestZeroBytes stores an answer of Microsoft's that has a zero byte in every text. The raw answer
// stays as received, and nothing gets lost.
func TestZeroBytes(t *testing.T) {
	const zero, raw = "a\x00b", `{"id":"a\u0000b"}` + "\x00"
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		w.record(t, send.ID, store.Result{
			From: []referral.State{referral.Sending}, State: referral.Accepted,
			Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201, Code: zero,
				Target: zero, Message: zero, Path: zero, Claims: zero},
			Attempt: &referral.Attempt{Answer: referral.Answer{Status: 201, Body: []byte(raw),
				Headers: map[string]string{"request-id": zero}}},
			Referral: &referral.Referral{RemoteID: zero, EngagementID: zero, Name: zero,
				Customer: zero, ExternalReferenceID: zero, Country: zero, DealValue: zero,
				Currency: zero, ClosingDate: zero, Status: zero, Substatus: zero, ETag: zero,
				Team: []string{zero}, Raw: []byte(raw)},
			Unclaimed: true,
		})
		send = must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "outcome", send.Outcome.Message, zero)
		wantSame(t, "kept answer", string(send.LastAttempt().Answer.Body), raw)
		wantSame(t, "engagement", send.EngagementID, "a\uFFFDb")
		r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "raw answer", string(r.Raw), raw)
		wantSame(t, "texts", []string{r.RemoteID, r.Name, r.Customer, r.ETag, r.Status},
			[]string{"a\uFFFDb", "a\uFFFDb", "a\uFFFDb", "a\uFFFDb", "a\uFFFDb"})
		wantSame(t, "known", must(w.Known(t.Context(), zero))(t), true)
	})
}

// TestLongTexts stores an answer of Microsoft's whose texts are too long for an index. The ids are
// as long as what is read as one.
func TestLongTexts(t *testing.T) {
	long := incompressible(6_000)
	for name, lead := range map[string]string{"even": "", "odd": "a"} {
		t.Run(name, func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) { w.storeLong(t, lead+strings.Repeat("Ü", 40)+long) })
		})
	}
}

func (w *world) storeLong(t *testing.T, long string) {
	const id = 256
	send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
	w.record(t, send.ID, store.Result{
		From: []referral.State{referral.Sending}, State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
		Attempt: &referral.Attempt{Answer: referral.Answer{Status: 201}},
		Referral: &referral.Referral{RemoteID: long[:id], EngagementID: long[len(long)-id:],
			Name: "Fabrikam rollout " + long, Customer: long, ExternalReferenceID: long,
			Country: long, DealValue: "1", Currency: long, Status: long, Substatus: long,
			ETag: long[:id], Direction: long, Team: []string{long}, Raw: []byte(long)},
		Unclaimed: true,
	})
	send = must(w.Job(t.Context(), send.ID))(t)
	r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
	wantSame(t, "names", []string{r.Name, r.Customer}, []string{"Fabrikam rollout " + long, long})
	wantSame(t, "raw answer", string(r.Raw), long)
	for _, code := range []string{r.Status, r.Substatus, r.Country} {
		if len(code) > 64 || len(code) < 62 || !strings.HasPrefix(long, code) {
			t.Errorf("code %q", code)
		}
	}
	list := must(w.Referrals(t.Context(), w.ana, referral.Filter{Query: "Rollout fabrikam"}))(t)
	wantSame(t, "found", len(list.Referrals), 1)
}

// TestLongOldTexts migrates a database with texts that were too long for today's indexes.
func TestLongOldTexts(t *testing.T) {
	for name, place := range map[string]string{
		"sqlite": filepath.Join(t.TempDir(), "tandem.db"), "postgres": pgtest.URL(t),
	} {
		t.Run(name, func(t *testing.T) {
			clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
			o := at(place, clock.Now)
			const beforeSearch = 60
			err := store.Old(t.Context(), o, beforeSearch, func(db *sql.DB) error {
				_, err := db.ExecContext(t.Context(), oldReferrals)
				if err == nil {
					_, err = db.ExecContext(t.Context(), `
						UPDATE referrals SET search = 'fabrikam ' || $1, etag = $1`,
						incompressible(6_000))
				}
				if err == nil {
					_, err = db.ExecContext(t.Context(), `
						UPDATE referrals SET status = $1, substatus = $1, country = $1`,
						incompressible(600))
				}
				if err == nil {
					_, err = db.ExecContext(t.Context(), `INSERT INTO referral_answers
						(referral_id, raw) SELECT id, $1 FROM referrals`, []byte(`{}`))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorldOf(t, o, clock)
			wantSame(t, "found", w.list(t, w.ana, referral.Filter{Query: "fabrikam"}).Matching, 2)
			w.fetched(t, w.ana, shown("One"), shown("Both")) // the versions before are kept
			wantSame(t, "found", w.list(t, w.ana, referral.Filter{Query: "fabrikam"}).Matching, 2)
		})
	}
}

// TestSearchAfterMigration sees that the migrated table needs nothing more for its indexes to be
// read alone: its pages count as visible to all, and there are statistics.
func TestSearchAfterMigration(t *testing.T) {
	clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	o := at(pgtest.URL(t)+"&synchronous_commit=on", clock.Now)
	const beforeSearch = 60
	err := store.Old(t.Context(), o, beforeSearch, func(db *sql.DB) error {
		_, err := db.ExecContext(t.Context(), oldReferrals)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, o, clock)
	var visible, statistics int
	err = w.Reader().QueryRowContext(t.Context(), `
		SELECT (SELECT relallvisible FROM pg_class WHERE relname = 'referrals'),
			(SELECT count(*) FROM pg_stats WHERE tablename = 'referrals' AND attname = 'search')`).
		Scan(&visible, &statistics)
	if err != nil || visible == 0 || statistics == 0 {
		t.Errorf("%d pages visible, %d statistics, %v", visible, statistics, err)
	}
}

// incompressible returns n letters and digits in an order that is always the same.
func incompressible(n int) string {
	random := rand.NewChaCha8([32]byte{})
	var text strings.Builder
	for text.Len() < n {
		text.WriteString(strconv.FormatUint(random.Uint64(), 36))
	}
	return text.String()[:n]
}
