package jobs_test

import (
	"path/filepath"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestRestore brings a database back from a copy that was made before some sends went out. Each is
// found at Microsoft, none is posted again: neither what was due in the copy, nor what its rep, who
// sees a draft that was not sent, sends once more.
func TestRestore(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	due, asDraft := k.submit(k.draft()), k.draft()
	to := filepath.Join(t.TempDir(), "copy.db")
	k.must(store.Backup(t.Context(), k.path, to))
	k.start()
	k.wait(due.ID, in(referral.Accepted))
	k.wait(k.submit(asDraft).ID, in(referral.Accepted))
	stop(k.jobs)
	if k.posts() != 2 {
		t.Fatalf("%d posts before", k.posts())
	}

	k.path = to
	k.open()
	k.start()
	k.wait(due.ID, in(referral.Accepted))
	k.wait(k.submit(asDraft).ID, in(referral.Accepted))
	if k.posts() != 2 {
		t.Errorf("%d posts in all, want 2", k.posts())
	}
	fresh := k.submit(k.draft())
	k.wait(fresh.ID, in(referral.Accepted))
	if k.posts() != 3 {
		t.Errorf("%d posts with a new deal, want 3", k.posts())
	}
}

// TestRestoreOfNothingSent looks for what was due in the copy and was sent by nobody: the rep is
// asked.
func TestRestoreOfNothingSent(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	due := k.submit(k.draft())
	k.must(k.store.MarkRestored(t.Context()))
	k.start()
	s := k.wait(due.ID, outcome(referral.OutcomeNotFound))
	if k.posts() != 0 || !s.MayRepeat() {
		t.Errorf("%d posts, may repeat: %v", k.posts(), s.MayRepeat())
	}
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), due.ID))
	k.wait(due.ID, in(referral.Accepted))
	if k.posts() != 1 {
		t.Errorf("%d posts, want 1", k.posts())
	}
}
