package program

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestLimitsOfTime sets how long sessions, drafts and answers last, and lets the time pass.
func TestLimitsOfTime(t *testing.T) {
	t.Parallel()
	var clock stepClock
	s := practiceProgram(t, world{now: clock.now(), environ: []string{"TANDEM_SESSION_IDLE=30m",
		"TANDEM_SESSION_ABSOLUTE=1h", "TANDEM_DRAFT_RETENTION=24h", "TANDEM_ANSWER_RETENTION=48h"}})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	draft := v.draft()
	v.settled(v.send(v.draft()))
	for _, step := range []struct {
		passes time.Duration
		in     bool
	}{{29 * time.Minute, true}, {31 * time.Minute, false}, {0, true}, {25 * time.Minute, true},
		{25 * time.Minute, true}, {11 * time.Minute, false}} {
		if step.passes == 0 {
			v.signIn()
		}
		clock.move(step.passes)
		if in := v.signedInNow(); in != step.in {
			t.Errorf("%v later: signed in is %v, want %v", step.passes, in, step.in)
		}
	}

	clock.move(15 * 24 * time.Hour) // a limit that is new counts for nobody before
	if n, err := s.store.DeleteUnused(t.Context()); err != nil || n != 1 {
		t.Errorf("%d drafts deleted, %v, want 1", n, err)
	}
	_, err := s.store.Draft(t.Context(), referral.Caller{Admin: true}, draft)
	if !errors.Is(err, referral.ErrGone) {
		t.Errorf("the draft: %v", err)
	}
	if n, err := s.store.RemoveAnswers(t.Context()); err != nil || n == 0 {
		t.Errorf("%d answers removed, %v", n, err)
	}
}

// signedInNow tells whether a page is shown without a sign-in.
func (v *visitor) signedInNow() bool {
	v.Helper()
	res, err := v.client.Get(v.url + "/drafts")
	v.must(err)
	v.must(res.Body.Close())
	return res.Request.URL.Path == "/drafts"
}

// TestSignOutForgetsTheToken signs out, after which nothing can be done at Microsoft in the
// person's name.
func TestSignOutForgetsTheToken(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	tokens := func() (n int) {
		v.must(s.store.Writer().QueryRow(`SELECT COUNT(*) FROM tokens`).Scan(&n))
		return n
	}
	if n := tokens(); n != 1 {
		t.Fatalf("%d tokens after signing in", n)
	}
	v.try("/auth/sign-out", nil)
	if n := tokens(); n != 0 {
		t.Errorf("%d tokens after signing out", n)
	}
}

// TestProxiesAreTrustedAsSet asks often through a proxy, each time for another client: those behind
// a proxy that is trusted are not taken for one.
func TestProxiesAreTrustedAsSet(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now,
		environ: []string{"TANDEM_TRUSTED_PROXIES=10.0.1.0/24"}})
	for proxy, limited := range map[string]bool{"10.0.1.7": false, "10.0.2.7": true} {
		got := false
		for i := range 100 {
			req, err := http.NewRequest(http.MethodGet, s.config.BaseURL+"/auth/sign-in", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d, %s", i, proxy))
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			got = got || res.StatusCode == http.StatusTooManyRequests
		}
		if got != limited {
			t.Errorf("behind %s limited is %v, want %v", proxy, got, limited)
		}
	}
}

// TestSecureBehindHTTPS has browsers come by https: they are told to stay with it, and cookies go
// nowhere else.
func TestSecureBehindHTTPS(t *testing.T) {
	t.Parallel()
	addr := freeAddr(t)
	startProgram(t, []string{"practice"}, world{now: time.Now,
		environ: []string{"TANDEM_ADDR=" + addr, "TANDEM_BASE_URL=https://tandem.example"}})
	v := newVisitor(t, "http://"+addr, "", nil)
	res := v.submitted("/auth/sign-in", nil)
	if res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers may come back by http")
	}
	cookies := res.Cookies()
	for _, c := range cookies {
		if !c.Secure || !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("the cookie %s is secure: %v", c.Name, c.Secure)
		}
	}
	if len(cookies) == 0 {
		t.Errorf("%s sets no cookie", res.Status)
	}
}
