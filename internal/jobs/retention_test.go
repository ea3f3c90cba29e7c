package jobs_test

import (
	"errors"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestRetention has a worker take away what is due.
func TestRetention(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	keys, err := store.NewKeys([][]byte{make([]byte, 32)})
	k.must(err)
	k.store, err = store.Open(t.Context(), store.Options{Path: k.path, URL: k.server, Keys: keys,
		Now: k.config.Now, KeepDrafts: 24 * time.Hour})
	k.must(err)
	t.Cleanup(func() { k.store.Close() })
	old, young := k.draft().DraftID, k.draft().DraftID
	k.exec(`UPDATE retention SET since = 1`)
	k.exec(`UPDATE drafts SET updated_at = 1 WHERE id = $1`, old)
	k.config.Store = k.store
	k.jobs, err = jobs.New(k.config)
	k.must(err)
	k.start()
	k.must(k.jobs.SweepRetention(t.Context()))
	for range 1000 {
		_, err = k.store.Draft(t.Context(), k.rep.Caller(), old)
		if errors.Is(err, referral.ErrGone) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !errors.Is(err, referral.ErrGone) {
		t.Errorf("the old draft: %v", err)
	}
	if _, err := k.store.Draft(t.Context(), k.rep.Caller(), young); err != nil {
		t.Errorf("the young draft: %v", err)
	}
}

func TestFullHours(t *testing.T) {
	for at, want := range map[string]string{
		"10:00:00": "11:00:00", "10:00:01": "11:00:00", "10:59:59": "11:00:00",
	} {
		day := "2026-11-22T"
		now, err := time.Parse(time.RFC3339, day+at+"Z")
		if err != nil {
			t.Fatal(err)
		}
		if got := jobs.NextSweep(now).Format(time.TimeOnly); got != want {
			t.Errorf("after %s: %s, want %s", at, got, want)
		}
	}
}
