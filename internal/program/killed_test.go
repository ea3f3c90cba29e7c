package program

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// killing is a state of a send in which its process is killed, and what becomes of the send.
type killing struct {
	name string
	// bring makes the next send come to the state, there tells whether it has.
	bring func(c *replicas) error
	there func(c *replicas, s referral.Send) bool
	// The send comes to this end in the time after the next process began.
	state    referral.State
	outcome  referral.OutcomeKind
	attempts int
	in       time.Duration
	id       string
}

// promised is how long a send stays where a process left it that died; one that waits is not late
// before its pause is over. It does not stay until it is missed when its process is known to be
// dead.
const (
	promised = 30 * time.Second
	known    = 20 * time.Second
	pause    = 6 * time.Second
)

// killings are those of every state, the one that ends first in the end.
func killings() []*killing {
	fault := func(kind practice.Kind) func(*replicas) error {
		return func(c *replicas) error {
			return c.practice.Simulator().Fail(practice.Fault{Kind: kind, Method: http.MethodPost,
				RetryAfter: pause})
		}
	}
	return []*killing{
		{name: "sending, nothing arrived",
			bring: func(c *replicas) error { c.holdPosts.Store(true); return nil },
			there: func(c *replicas, s referral.Send) bool {
				return s.State == referral.Sending && c.heldPosts.Load() == 1
			},
			state: referral.Unknown, outcome: referral.OutcomeNotFound, attempts: 1, in: promised},
		{name: "sending, it arrived", bring: fault(practice.NoAnswer),
			there: func(c *replicas, s referral.Send) bool {
				return s.State == referral.Sending && c.practice.Simulator().Count() == 1
			},
			state: referral.Accepted, outcome: referral.OutcomeAccepted, attempts: 1, in: promised},
		{name: "queued", bring: func(c *replicas) error {
			c.holdTokens.Store(true)
			return fault(practice.Token)(c)
		},
			there: func(c *replicas, s referral.Send) bool {
				return s.State == referral.Queued && c.heldTokens.Load() > 0
			},
			state: referral.Accepted, outcome: referral.OutcomeAccepted, attempts: 2, in: known},
		{name: "waiting", bring: fault(practice.RateLimit),
			there: func(_ *replicas, s referral.Send) bool { return s.State == referral.Waiting },
			state: referral.Accepted, outcome: referral.OutcomeAccepted, attempts: 2,
			in: promised + pause},
	}
}

// TestKilled kills a process with a send in every state. Another on the same PostgreSQL takes all
// of them on, or the same one that is started again on its SQLite file.
func TestKilled(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c, all := newKilled(t, pgtest.URL(t))
		c.add()
		c.become(all)
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		c, all := newKilled(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"))
		c.must(c.start(c.all[0]))
		c.become(all)
	})
}

// newKilled starts a process, brings a send to every state, and kills it.
func newKilled(t *testing.T, database string) (*replicas, []*killing) {
	t.Helper()
	c, all := newCluster(t, database, 1), killings()
	c.signIn()
	for _, k := range all {
		c.must(k.bring(c))
		k.id = c.submit()
		c.eventually(k.name, 10*time.Second, func() bool {
			s, err := c.store.Job(t.Context(), k.id)
			c.must(err)
			return k.there(c, s)
		})
		c.holdPosts.Store(false)
	}
	c.kill(c.all[0])
	c.holdTokens.Store(false)
	return c, all
}

// become fails unless every send comes to rest as it must, and in time.
func (c *replicas) become(all []*killing) {
	c.Helper()
	began, accepted := time.Now(), 0
	for left := all; len(left) > 0; time.Sleep(20 * time.Millisecond) {
		var waiting []*killing
		for _, k := range left {
			s, err := c.store.Job(c.Context(), k.id)
			c.must(err)
			if took := time.Since(began); took > k.in {
				c.Errorf("%s: still %s after %s", k.name, s.State, took)
				continue
			}
			if s.State.Running() || s.LookingUp() {
				waiting = append(waiting, k)
				continue
			}
			c.Logf("%s: %s after %s", k.name, s.State, time.Since(began).Round(time.Second))
			if s.State != k.state || s.Outcome.Kind != k.outcome || len(s.Attempts) != k.attempts {
				c.Errorf("%s: %s with %+v after %d attempts", k.name, s.State, s.Outcome,
					len(s.Attempts))
			}
			if s.State == referral.Accepted {
				accepted++
			}
		}
		left = waiting
	}
	if n := c.practice.Simulator().Count(); n != accepted {
		c.Errorf("%d referrals at Microsoft, %d accepted", n, accepted)
	}
}
