package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestBegun sends with a token at hand. There is no job, until Microsoft wants the send to wait, or
// another token.
func TestBegun(t *testing.T) { testBegun(t) }

func testBegun(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	_, err := k.tokens.AccessToken(t.Context(), "")
	k.must(err)
	k.start()
	jobs := func() int { return k.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'send'`) }
	got := k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	if len(got.Attempts) != 1 || jobs() != 0 {
		t.Errorf("%d attempts, %d jobs", len(got.Attempts), jobs())
	}
	k.fail(practice.Fault{Kind: practice.Token, Method: "POST"})
	got = k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	if len(got.Attempts) != 2 || k.tokens.renewed != 1 {
		t.Errorf("%d attempts, the token was renewed %d times", len(got.Attempts), k.tokens.renewed)
	}
	k.fail(practice.Fault{Kind: practice.RateLimit, Method: "POST"})
	got = k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	if len(got.Attempts) != 2 || jobs() == 0 || k.sim.Count() != 3 {
		t.Errorf("%d attempts, %d jobs, %d referrals", len(got.Attempts), jobs(), k.sim.Count())
	}
}

// TestDiedBegun loses the process after the commit of a send with its first attempt, before
// anything else. The next looks and does not find it; then the rep sends it again.
func TestDiedBegun(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	_, err := k.tokens.AccessToken(t.Context(), "")
	k.must(err)
	s, err := k.jobs.SubmitBegun(t.Context(), k.rep.Caller(), k.draft())
	k.must(err)
	if s.State != referral.Sending || k.depth()["scheduled"] != 0 {
		t.Fatalf("state %s, queue %v", s.State, k.depth())
	}
	k.start()
	k.wait(s.ID, outcome(referral.OutcomeNotFound))
	if k.posts() != 0 {
		t.Errorf("%d posts", k.posts())
	}
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestInHand sends in the process that took the send, and more than it has hands for through the
// queue. Nothing is left in the queue that would run again.
func TestInHand(t *testing.T) { testInHand(t) }

func testInHand(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.config.Workers = 1
	k.open()
	began, goOn := k.slowly()
	k.start()
	first := k.submit(k.draft())
	<-began
	second := k.submit(k.draft())
	<-began
	if depth := k.depth(); depth["scheduled"] != 1 || depth["running"] != 1 {
		t.Errorf("queue %v; want the reserve of one, and the other", depth)
	}
	close(goOn)
	for _, s := range []referral.Send{first, second} {
		if got := k.wait(s.ID, in(referral.Accepted)); len(got.Attempts) != 1 {
			t.Errorf("%d attempts", len(got.Attempts))
		}
	}
	k.eventually("an empty queue", func() bool {
		depth := k.depth()
		return depth["scheduled"]+depth["running"]+depth["available"] == 0
	})
	if k.sim.Count() != 2 || k.posts() != 2 {
		t.Errorf("%d referrals, %d posts", k.sim.Count(), k.posts())
	}
}

func (k *kit) depth() map[string]int {
	k.t.Helper()
	depth, err := k.store.QueueDepth(k.t.Context())
	k.must(err)
	return depth
}

// TestDiedInHand loses the process after the commit, before anything else. The next does not wait
// for the reserve to come due.
func TestDiedInHand(t *testing.T) { testDiedInHand(t) }

func testDiedInHand(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	s, err := k.jobs.SubmitReserved(t.Context(), k.rep.Caller(), k.draft())
	k.must(err)
	time.Sleep(20 * time.Millisecond)
	if got := k.load(s.ID); got.State != referral.Queued {
		t.Fatalf("state %s without a process", got.State)
	}
	k.start()
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestHalted halts the process between the commit of the attempt and the request, such as by
// freezing its machine, for as long as others may take to look the attempt up. Then it posts
// nothing.
func TestHalted(t *testing.T) {
	t.Parallel()
	k, clock := newKit(t), &shifted{}
	k.config.Now = clock.now
	k.open()
	_, err := k.tokens.AccessToken(t.Context(), "")
	k.must(err)
	k.start()
	s, err := k.jobs.SubmitHalted(t.Context(), k.rep.Caller(), k.draft(), func() {
		clock.shift(time.Minute)
	})
	k.must(err)
	s = k.wait(s.ID, in(referral.Waiting))
	if k.posts() != 0 || s.InDoubt() {
		t.Errorf("%d posts, in doubt %t", k.posts(), s.InDoubt())
	}
	_, err = k.store.Cancel(t.Context(), k.rep.Caller(), s.ID)
	k.must(err)
	s, err = k.jobs.SubmitHalted(t.Context(), k.rep.Caller(), k.draft(), func() {
		clock.shift(2 * time.Minute)
		k.exec(`UPDATE sends SET state = 'unknown', outcome = '{"kind":"not-found"}'
			WHERE state = 'sending'`)
	})
	k.must(err)
	time.Sleep(300 * time.Millisecond)
	if s = k.load(s.ID); s.State != referral.Unknown || k.posts() != 0 {
		t.Errorf("%s after another looked it up, %d posts", s.State, k.posts())
	}
}

// TestStopWithHandsFull waits for the send in hand, and takes no more in hand.
func TestStopWithHandsFull(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := k.jobs.Stop(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stopping with a send in hand: %v", err)
	}
	late := k.submit(k.draft())
	close(goOn)
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
	if got := k.load(late.ID); got.State != referral.Queued || k.depth()["available"] != 1 {
		t.Errorf("a send after the stop is %s, queue %v", got.State, k.depth())
	}
}
