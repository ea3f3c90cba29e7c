package jobs_test

import (
	"context"
	"path/filepath"
	"testing"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// copy makes a copy of the database while it is at work, and goes on with that: with the program's
// own back-up of SQLite, with PostgreSQL's own of PostgreSQL, which has to be told.
func (k *kit) copy() (goOn func()) {
	k.t.Helper()
	path, server := "", ""
	if k.server == "" {
		path = filepath.Join(k.t.TempDir(), "copy.db")
		k.must(store.Backup(k.t.Context(), k.path, path))
	} else {
		server = pgtest.URL(k.t)
		pgtest.Copy(k.t, k.server, server)
	}
	return func() {
		k.t.Helper()
		stop(k.jobs)
		k.path, k.server = path, server
		k.open()
		if server != "" {
			k.must(k.store.MarkRestored(k.t.Context()))
		}
		k.start()
	}
}

// TestRestore brings a database back from a copy that was made before some sends went out, and in
// the middle of one. Each is found at Microsoft, none is posted again: neither what was due in the
// copy, nor what its rep, who sees a draft that was not sent, sends once more.
func TestRestore(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	asDraft := k.draft()
	k.must(k.store.SaveToken(t.Context(), k.rep.ID, []byte("token")))
	k.start()
	middle, goOn := k.unanswered()
	k.tokens.fail(&jobs.SignInError{})
	due := k.submit(k.draft())
	k.wait(due.ID, in(referral.NeedsSignIn))
	restore := k.copy()

	close(goOn)
	k.tokens.fail(nil)
	k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
	for _, s := range []referral.Send{middle, due, k.submit(asDraft)} {
		k.wait(s.ID, in(referral.Accepted))
	}
	k.wantPosts(3)

	restore()
	token, err := k.store.Token(t.Context(), k.rep.ID)
	if err != nil || string(token) != "token" {
		t.Errorf("the token is %q, %v", token, err)
	}
	for _, s := range []referral.Send{due, k.submit(asDraft), middle} {
		k.wait(s.ID, in(referral.Accepted))
	}
	k.wantPosts(3)
	k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	k.wantPosts(4)
}

// unanswered returns a send that Microsoft has and whose answer does not come before goOn is
// closed.
func (k *kit) unanswered() (s referral.Send, goOn chan struct{}) {
	k.t.Helper()
	arrived, goOn := make(chan struct{}, 10), make(chan struct{})
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		answer, err := k.api.Client.Create(ctx, call, body)
		arrived <- struct{}{}
		<-goOn
		return answer, err
	}
	s = k.submit(k.draft())
	<-arrived
	return s, goOn
}

func (k *kit) wantPosts(want int) {
	k.t.Helper()
	if got := k.posts(); got != want {
		k.t.Errorf("%d posts in all, want %d", got, want)
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
