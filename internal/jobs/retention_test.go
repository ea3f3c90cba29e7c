package jobs_test

import (
	"errors"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestSweepsAtStart deletes what has been due while the program did not run.
func TestSweepsAtStart(t *testing.T) {
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
