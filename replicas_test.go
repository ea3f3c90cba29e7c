package main

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
				victim = 1 - victim
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
