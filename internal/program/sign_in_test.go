package program

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/practice"
)

// TestSignInAndSend lets Microsoft ask for another sign-in in the middle of a send. The provider is
// asked for what Microsoft demands, and after the sign-in the same send goes on by itself.
func TestSignInAndSend(t *testing.T) {
	t.Parallel()
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

// stepClock is sampleClock with steps.
type stepClock struct{ steps atomic.Int64 }

func (c *stepClock) now() func() time.Time {
	now := sampleClock()
	return func() time.Time { return now().Add(time.Duration(c.steps.Load())) }
}

func (c *stepClock) move(d time.Duration) { c.steps.Add(int64(d)) }

// as goes on from the sign-in page as the person.
func (b *tab) as(name string) {
	b.Helper()
	b.wantHeading("Sign in")
	b.press("Sign in")
	b.press("Sign in as " + name)
}

// TestSignedOutWhileTyping lets the session end in the middle of a page. The same person finds what
// was typed on it, another one does not, and neither does the person in another browser.
func TestSignedOutWhileTyping(t *testing.T) {
	t.Parallel()
	const field = "customerProfile.name"
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			var clock stepClock
			s := practiceProgram(t, world{now: clock.now()})
			b, elsewhere := newTab(t, s.config.BaseURL, script), newTab(t, s.config.BaseURL, script)
			b.signIn("Priya Raman")
			b.open("/drafts/new")
			b.tick("dealType", "cosell")
			b.press("Start")
			b.fill(field, "Contoso Customer Inc")
			clock.move(13 * time.Hour)
			b.press("Save and continue")
			b.auditAs("signed out while typing")
			path := eval[string](b, `new URLSearchParams(location.search).get('return_to')`)
			elsewhere.open(path)
			elsewhere.as("Priya Raman")
			elsewhere.wantValue(field, "")
			b.as("Priya Raman")
			b.wantHeading("Customer profile")
			b.wantValue(field, "Contoso Customer Inc")
			b.auditAs("typed while signed out")
			b.press("Use the last saved version")
			b.wantValue(field, "")

			b.fill(field, "Contoso Customer Inc")
			clock.move(13 * time.Hour)
			b.press("Save and continue")
			b.as("Daniel Okafor")
			b.wantHeading("Page not found")
			b.open("/auth/sign-in?reason=failed")
			b.press("Sign in")
			b.press("Sign in as Priya Raman")
			b.open(path)
			b.wantValue(field, "")
		})
	}
}

// wantValue fails unless the input with the name holds the value.
func (b *tab) wantValue(name, want string) {
	b.Helper()
	got := eval[string](b, `document.querySelector('[name=`+quote(name)+`]')?.value ?? 'no input'`)
	if got != want {
		b.Errorf("%s is %q, want %q\non %s", name, got, want, b.where())
	}
}
