package program

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestReplicas runs two processes on one PostgreSQL behind a balancer that takes turns, so that a
// person who signs in at one goes on at the other. Then either is killed in the middle of a send:
// there is one referral, and within 30 seconds the send is settled.
func TestReplicas(t *testing.T) {
	for _, sender := range []bool{true, false} {
		t.Run(fmt.Sprintf("kills the sender=%v", sender), func(t *testing.T) {
			t.Parallel()
			c := newReplicas(t)
			c.signIn()
			for range 4 {
				c.visit("/drafts")
			}
			err := c.practice.Simulator().Fail(practice.Fault{Kind: practice.Slow,
				Method: http.MethodPost, Delay: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			send := c.submit()
			victim := c.sending()
			if !sender {
				victim = c.other(victim)
			}
			c.kill(victim)
			s := c.settled(send)
			if n := c.practice.Simulator().Count(); s.State != referral.Accepted || n != 1 {
				t.Errorf("state %s with %+v, %d referrals", s.State, s.Outcome, n)
			}
			if n := len(s.Attempts); n != 1 {
				t.Errorf("%d attempts", n)
			}
			c.visit("/referrals/" + s.ReferralID)
		})
	}
}

// TestRollingRestart restarts two replicas one after the other while a person works: every page
// comes, every save is kept, every deal is at Microsoft once.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	c := newReplicas(t)
	c.signIn()
	rolled := make(chan error, 1)
	go func() { rolled <- c.roll() }()
	var sends []string
	pace := time.NewTicker(300 * time.Millisecond) // a person has a limit of requests
	defer pace.Stop()
	for rolling := true; rolling; <-pace.C {
		select {
		case err := <-rolled:
			c.must(err)
			rolling = false
		default:
		}
		draft, notes := c.draft(), fmt.Sprintf("Supply chain, %d.", len(sends))
		c.visit("/drafts")
		c.save("/drafts/"+draft+"/deal", "details.notes", notes)
		d, err := c.store.Draft(t.Context(), referral.Caller{Admin: true}, draft)
		c.must(err)
		if d.Answers.Details.Notes != notes {
			t.Errorf("saved %q, want %q", d.Answers.Details.Notes, notes)
		}
		sends = append(sends, c.send(draft))
	}
	for _, id := range sends {
		if s := c.settled(id); s.State != referral.Accepted || len(s.Attempts) != 1 {
			t.Errorf("send %s is %s after %d attempts", id, s.State, len(s.Attempts))
		}
	}
	if n := c.practice.Simulator().Count(); n != len(sends) {
		t.Errorf("%d referrals of %d deals", n, len(sends))
	}
	for i, r := range c.all {
		if r.posts.Load() == 0 {
			t.Errorf("replica %d sent nothing", i)
		}
	}
	t.Logf("%d deals", len(sends))
	c.refreshTogether()
}

// refreshTogether lets both replicas find out at once that the person's token is no good any more:
// one of them refreshes it.
func (c *replicas) refreshTogether() {
	c.Helper()
	c.practice.ExpireAccessTokens()
	c.refreshTakes.Store(int64(time.Second))
	before, sends := c.refreshes(), []string{}
	for range 6 {
		sends = append(sends, c.submit())
	}
	for _, id := range sends {
		if s := c.settled(id); s.State != referral.Accepted {
			c.Errorf("send %s is %s with %+v", id, s.State, s.Outcome)
		}
	}
	if n := c.refreshes() - before; n != 1 {
		c.Errorf("%d refreshes of one token", n)
	}
}
