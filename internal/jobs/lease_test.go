package jobs_test

import (
	"context"
	"testing"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// testTakeover takes over from a replica that no longer tells that it lives, long before its
// attempt would be too old, and leaves alone what a living one is at.
func testTakeover(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.config.CallTimeout = time.Minute
	k.open()
	k.must(k.store.Join(t.Context(), "gone/1"))
	queued, sending := k.submit(k.draft()), k.submit(k.draft())
	k.exec(`UPDATE river_job SET state = 'running', attempted_at = clock_timestamp(), attempt = 1,
		attempted_by = array['gone']`)
	began := time.Now()
	_, err := k.store.StartAttempt(t.Context(), sending.ID, referral.Attempt{
		RequestID: "r", CorrelationID: "c", Replica: "gone/1"})
	k.must(err)
	started, goOn := k.slowly()
	k.start()
	k.another()
	<-started
	running := k.load(queued.ID)
	if running.State != referral.Sending || running.LastAttempt().Replica == "gone/1" {
		t.Errorf("the queued send is %s by %q", running.State, running.LastAttempt().Replica)
	}
	found := k.wait(sending.ID, outcome(referral.OutcomeNotFound))
	lost := found.LastAttempt().LostAt
	if lost.Before(began.Add(4*time.Second)) || lost.After(time.Now()) {
		t.Errorf("lost %s after it began", lost.Sub(began))
	}
	if s := k.load(queued.ID); s.State != referral.Sending {
		t.Errorf("the running attempt is %s", s.State)
	}
	close(goOn)
	k.wantOne(k.wait(queued.ID, in(referral.Accepted)), referral.Accepted)
	beats, err := k.store.Beats(t.Context())
	if _, there := beats["gone/1"]; err != nil || there || len(beats) != 2 {
		t.Errorf("replicas %v, %v", beats, err)
	}
}

// testFence ends the call of a replica that cannot tell the others that it lives, before they can
// take it for dead, and of one that they did. What came of the call is looked up.
func testFence(t *testing.T) {
	for name, cut := range map[string]struct {
		off    string
		within time.Duration
	}{
		"database": {`LOCK TABLE replicas IN ACCESS EXCLUSIVE MODE`, 5 * time.Second},
		"buried":   {`DELETE FROM replicas`, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			began, ended := make(chan struct{}), make(chan time.Time, 1)
			k.api.create = func(
				ctx context.Context, call partnercenter.Call, body []byte,
			) (*partnercenter.Answer, error) {
				close(began)
				<-ctx.Done()
				ended <- time.Now()
				return k.api.Client.Create(ctx, call, body)
			}
			k.start()
			s := k.submit(k.draft())
			<-began
			tx, err := k.store.Writer().BeginTx(t.Context(), nil)
			k.must(err)
			cutOff := time.Now()
			_, err = tx.ExecContext(t.Context(), cut.off)
			k.must(err)
			if name == "buried" {
				k.must(tx.Commit())
			}
			if took := (<-ended).Sub(cutOff); took > cut.within+time.Second/2 {
				t.Errorf("the call went on for %s", took)
			}
			_ = tx.Rollback() // that a commit went before is no error here
			s = k.wait(s.ID, func(s referral.Send) bool { return s.State != referral.Sending })
			if k.posts() != 0 {
				t.Errorf("%d posts", k.posts())
			}
			if name == "buried" {
				k.wantLife(s.LastAttempt().Replica)
			}
		})
	}
}

// wantLife fails unless the replica soon lives another life than the given one.
func (k *kit) wantLife(other string) {
	k.t.Helper()
	for range 500 {
		beats, err := k.store.Beats(k.t.Context())
		k.must(err)
		if _, there := beats[other]; len(beats) > 0 && !there {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	k.t.Error("there is no new life")
}
