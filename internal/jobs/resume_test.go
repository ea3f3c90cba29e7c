package jobs_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// unfinished brings a send into a state that a job must take on. The store's own methods do what a
// worker would have done; no worker runs.
func (k *kit) unfinished(state referral.State) referral.Send {
	k.t.Helper()
	s := k.submit(k.draft())
	if state == referral.Queued {
		return s
	}
	_, err := k.store.StartAttempt(k.t.Context(), s.ID, referral.Attempt{RequestID: "r"})
	if err != nil {
		k.t.Fatal(err)
	}
	r := store.Result{From: []referral.State{referral.Sending}, State: state,
		Attempt: &referral.Attempt{Answer: referral.Answer{Status: 429}},
		Outcome: referral.Outcome{Kind: referral.OutcomeLimited}, WaitUntil: time.Now()}
	switch state {
	case referral.Sending:
		return s
	case referral.Unknown:
		r.Attempt.Answer.Status = 500
		r.Outcome.Kind = referral.OutcomeUnknown
	}
	if err := k.store.Record(k.t.Context(), s.ID, r); err != nil {
		k.t.Fatal(err)
	}
	return s
}

// TestLostJobs takes the job from every kind of send that must move on. The next start gives it
// another, and so does the sweep of a program that runs.
func TestLostJobs(t *testing.T) {
	wants := map[referral.State]referral.OutcomeKind{
		referral.Queued:  referral.OutcomeAccepted,
		referral.Waiting: referral.OutcomeAccepted,
		referral.Unknown: referral.OutcomeNotFound,
		referral.Sending: referral.OutcomeNotFound,
	}
	for state, want := range wants {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			s := k.unfinished(state)
			k.exec(`DELETE FROM river_job`)
			k.start()
			k.wait(s.ID, outcome(want))
			if state == referral.Sending {
				return // no worker of a running program leaves it so
			}
			stop(k.jobs)
			s = k.unfinished(state)
			k.exec(`DELETE FROM river_job`)
			k.open()
			if err := k.jobs.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := k.count(`SELECT COUNT(*) FROM river_job`); n != 1 {
				t.Errorf("%d jobs after the sweep", n)
			}
		})
	}
}

func (k *kit) count(query string) (n int) {
	k.t.Helper()
	if err := k.store.Writer().QueryRowContext(k.t.Context(), query).Scan(&n); err != nil {
		k.t.Fatal(err)
	}
	return n
}

// TestSweepAddsNothingNeedless leaves sends alone that rest, or have a job.
func TestSweepAddsNothingNeedless(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.submit(k.draft())
	s := k.submit(k.draft())
	if _, err := k.store.Cancel(t.Context(), k.rep.Caller(), s.ID); err != nil {
		t.Fatal(err)
	}
	k.exec(`DELETE FROM river_job WHERE json(args) LIKE '%` + s.ID + `%'`)
	if err := k.jobs.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := k.count(`SELECT COUNT(*) FROM river_job`); n != 1 {
		t.Errorf("%d jobs", n)
	}
}

// TestSweepFindsWhatWaitsForEver gives a job to a send whose own would run in a year, because the
// clock was a year ahead when it was put off.
func TestSweepFindsWhatWaitsForEver(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	s := k.submit(k.draft())
	k.exec(`UPDATE river_job SET state = 'scheduled', scheduled_at = datetime('now', '1 year')`)
	for range 2 {
		k.must(k.jobs.Sweep(t.Context()))
	}
	if n := k.count(`SELECT COUNT(*) FROM river_job`); n != 2 {
		t.Errorf("%d jobs", n)
	}
	k.start()
	k.wait(s.ID, in(referral.Accepted))
}

// TestGivesUp lets a job fail for the last time. Where the send rests then says what is known.
func TestGivesUp(t *testing.T) {
	const full = `BEGIN SELECT RAISE(ABORT, 'full'); END`
	tests := []struct {
		begin referral.State
		fault string
		state referral.State
		kind  referral.OutcomeKind
	}{
		{referral.Queued, `CREATE TRIGGER full BEFORE INSERT ON attempts ` + full,
			referral.Rejected, referral.OutcomeOurFault},
		{referral.Unknown, `CREATE TRIGGER full BEFORE UPDATE ON sends
			WHEN NEW.outcome LIKE '%not-found%' ` + full,
			referral.Unknown, referral.OutcomeLookupError},
	}
	for _, tt := range tests {
		t.Run(string(tt.begin), func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			s := k.unfinished(tt.begin)
			k.exec(tt.fault)
			k.exec(`UPDATE river_job SET max_attempts = 1`)
			k.start()
			if s = k.wait(s.ID, outcome(tt.kind)); s.State != tt.state {
				t.Errorf("rests in %s", s.State)
			}
		})
	}
}

// TestPanic survives a bug: the job runs again.
func TestPanic(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	looks := 0
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		if looks++; looks == 1 {
			panic("a bug")
		}
		return k.api.Client.List(ctx, call, q)
	}
	k.start()
	k.wantOne(k.wait(k.submit(k.draft()).ID, in(referral.Accepted)), referral.Accepted)
}

// The environment of the process that is killed.
const (
	childPath  = "TANDEM_TEST_CHILD_DATABASE"
	childURL   = "TANDEM_TEST_CHILD_API"
	childToken = "TANDEM_TEST_CHILD_TOKEN"
)

// TestKilled kills a process that waits for Microsoft's answer; the referral was stored there or
// was not. The next process finds out and does not post.
func TestKilled(t *testing.T) {
	if os.Getenv(childPath) != "" {
		child(t)
		return
	}
	for name, stored := range map[string]int{"stored": 1, "not stored": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			s := k.submit(k.draft())
			if stored == 1 {
				k.fail(practice.Fault{Kind: practice.Slow, Method: "POST", Delay: time.Minute})
			} else {
				k.held.Store(true)
			}
			if err := k.store.Close(); err != nil {
				t.Fatal(err)
			}
			k.killChild()
			k.open()
			k.start()
			want := map[int]referral.OutcomeKind{0: referral.OutcomeNotFound,
				1: referral.OutcomeAccepted}[stored]
			k.wait(s.ID, outcome(want))
			if k.sim.Count() != stored || k.posts() != stored {
				t.Errorf("%d referrals, %d posts", k.sim.Count(), k.posts())
			}
		})
	}
}

// killChild runs this test in another process until it has posted, and kills that.
func (k *kit) killChild() {
	k.t.Helper()
	token, err := k.tokens.AccessToken(k.t.Context(), "")
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), childPath+"="+k.path, childURL+"="+k.url, childToken+"="+token)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	for range 1000 {
		if k.arrived.Load() > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || k.arrived.Load() == 0 {
		k.t.Fatalf("the child ended by %v after %d posts", err, k.arrived.Load())
	}
}

// child sends what is queued until it is killed.
func child(t *testing.T) {
	api, err := partnercenter.New(os.Getenv(childURL), nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, path: os.Getenv(childPath), config: jobs.Config{API: api, Now: time.Now,
		Tokens: fixed(os.Getenv(childToken)), Log: slog.New(slog.DiscardHandler)}}
	k.open()
	k.start()
	time.Sleep(time.Minute)
}

// fixed is the one token there is.
type fixed string

func (f fixed) Ready(context.Context, string) string { return string(f) }

func (f fixed) AccessToken(context.Context, string) (string, error) { return string(f), nil }

func (f fixed) Renew(context.Context, string, string) (string, error) {
	return "", &jobs.SignInError{}
}
