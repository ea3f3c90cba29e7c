package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/practice"
)

// TestSignInAndSend lets Microsoft ask for another sign-in in the middle of a send. The provider is
// asked for what Microsoft demands, and after the sign-in the same send goes on by itself.
func TestSignInAndSend(t *testing.T) {
	type asked struct{ Prompt, Claims, Hint string }
	const priya = "priya.raman@northbridge.example"
	tests := []struct {
		fault practice.Kind
		want  asked
	}{
		{practice.NoMFA, asked{Prompt: "login", Hint: priya}},
		{practice.ClaimsChallenge, asked{Hint: priya,
			Claims: `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`}},
	}
	for _, tt := range tests {
		for _, script := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, script=%v", tt.fault, script), func(t *testing.T) {
				s := practiceProgram(t, world{now: sampleClock()})
				b := newTab(t, s.config.BaseURL, script)
				b.signIn("Priya Raman")
				draft, _ := b.ready(s)
				b.must(s.practice.Simulator().Fail(practice.Fault{Kind: tt.fault,
					Method: http.MethodPost}))
				b.open(draft + "/check")
				b.press("Send referral")
				b.settle("Microsoft needs you to sign in again")
				send := eval[string](b, `location.pathname`)
				b.press("Sign in and send")
				got := eval[asked](b, `(q => ({Prompt: q.get('prompt') ?? '',
					Claims: q.get('claims') ?? '', Hint: q.get('login_hint') ?? ''}))(
					new URLSearchParams(location.search))`)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("asked of the provider (-want +got):\n%s", diff)
				}
				b.audit()
				b.press("Sign in as Priya Raman")
				b.settle("Referral sent")
				b.open(send)
				b.wantHeading("Referral sent")
				if n := s.practice.Simulator().Count(); n != 1 {
					t.Errorf("%d referrals at Microsoft, want 1", n)
				}
			})
		}
	}
}
