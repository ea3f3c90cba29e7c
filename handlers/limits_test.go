package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"tandem/handlers"
)

func newLimitedSite(t *testing.T, l handlers.Limits) *site {
	t.Helper()
	s := newSite(t)
	s.deps.Limits = l
	s.Handler = handlers.New(s.deps)
	return s
}

// ask sends a request from an address, which is host and port, and says for whom.
func (b *browser) ask(method, path, from string, forwardedFor ...string) *answer {
	b.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr, r.Header["X-Forwarded-For"] = from, forwardedFor
	return b.send(r)
}

const (
	here  = "192.0.2.1:1000"
	there = "198.51.100.7:1000"
)

func TestLimitOfAPerson(t *testing.T) {
	s := newLimitedSite(t, handlers.Limits{Person: handlers.Limit{PerSecond: 0.4, Burst: 2}})
	b := s.signIn(t, priya())
	b.get("/drafts").want(http.StatusOK)
	b.get("/referrals").want(http.StatusOK)
	a := b.ask("GET", "/drafts", there).want(http.StatusTooManyRequests)
	a.Sound()
	if got := a.header.Get("Retry-After"); got != "3" {
		t.Errorf("Retry-After %q, want the 2.5 s rounded up", got)
	}
	if got := a.Text("h1"); got != "Too many requests" {
		t.Errorf("h1 %q", got)
	}
	b.post("/drafts/new", nil).want(http.StatusTooManyRequests)

	b.get("/healthz").want(http.StatusOK)
	b.get("/readyz").want(http.StatusOK)
	b.get("/static/app.css").want(http.StatusNotFound)
	other := priya()
	other.Key = "tid:other"
	s.signIn(t, other).get("/drafts").want(http.StatusOK)

	s.clock.move(2400 * time.Millisecond)
	b.get("/drafts").want(http.StatusTooManyRequests)
	s.clock.move(100 * time.Millisecond)
	b.get("/drafts").want(http.StatusOK)
	b.get("/drafts").want(http.StatusTooManyRequests)
}

func TestLimitOfAnAddress(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		shared        bool
	}{
		"the same":                 {here, here, true},
		"another port":             {here, "192.0.2.1:2000", true},
		"another address":          {here, there, false},
		"written as IPv6":          {here, "[::ffff:192.0.2.1]:1000", true},
		"the same IPv6 network":    {"[2001:db8::1]:1", "[2001:db8::ffff:1]:1", true},
		"another IPv6 network":     {"[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false},
		"with and without a zone":  {"[fe80::1%eth0]:1", "[fe80::1]:1", true},
		"a private one":            {"10.1.2.3:1", "10.1.2.3:2", true},
		"no address at all":        {"@", "@", true},
		"no address, then another": {"@", here, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLimitedSite(t, handlers.Limits{Address: handlers.Limit{PerSecond: 1, Burst: 1}})
			nobody := &browser{t: t, site: s}
			nobody.ask("GET", "/auth/sign-in", c.first).want(http.StatusOK)
			want := http.StatusOK
			if c.shared {
				want = http.StatusTooManyRequests
			}
			nobody.ask("GET", "/auth/sign-in", c.second).want(want)
		})
	}
}

// A proxy's word is taken only from a proxy that is trusted, and only for the address before it.
func TestLimitBehindProxies(t *testing.T) {
	const proxy, other, ana, bo = "10.0.0.1:1", "10.0.0.2:1", "203.0.113.7", "203.0.113.8"
	type from struct {
		connection string
		forwarded  []string
	}
	for name, c := range map[string]struct {
		first, second from
		shared        bool
	}{
		"one client":     {from{proxy, []string{ana}}, from{proxy, []string{ana}}, true},
		"by two proxies": {from{proxy, []string{ana}}, from{other, []string{ana}}, true},
		"two clients":    {from{proxy, []string{ana}}, from{proxy, []string{bo}}, false},
		"one who makes clients up": {from{proxy, []string{bo + ", " + ana}},
			from{proxy, []string{"192.0.2.9, " + ana}}, true},
		"one who makes up nonsense": {from{proxy, []string{"x, " + ana}},
			from{proxy, []string{"y,,[", ana}}, true},
		"who is no proxy": {from{here, []string{ana}}, from{here, []string{bo}}, true},
		"two proxies in a row": {from{proxy, []string{ana + ",10.0.0.9"}},
			from{proxy, []string{ana, "10.0.0.8"}}, true},
		"a proxy that is not trusted in a row": {from{proxy, []string{ana + ",192.0.2.3"}},
			from{proxy, []string{bo + ",192.0.2.3"}}, true},
		"with a port": {from{proxy, []string{ana + ":4711"}},
			from{proxy, []string{ana + ":4712"}}, true},
		"IPv6 with a port": {from{proxy, []string{"[2001:db8::1]:4711"}},
			from{proxy, []string{"2001:db8::2"}}, true},
		"a proxy that says nothing": {from{proxy, nil}, from{proxy, nil}, false},
		"a proxy that says nonsense": {from{proxy, []string{"unknown"}},
			from{proxy, []string{"unknown"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.deps.Limits = handlers.Limits{Address: handlers.Limit{PerSecond: 1, Burst: 1}}
			s.deps.Proxies = handlers.Proxies{netip.MustParsePrefix("10.0.0.0/24")}
			s.Handler = handlers.New(s.deps)
			nobody := &browser{t: t, site: s}
			ask := func(f from) *answer {
				return nobody.ask("GET", "/auth/sign-in", f.connection, f.forwarded...)
			}
			ask(c.first).want(http.StatusOK)
			want := http.StatusOK
			if c.shared {
				want = http.StatusTooManyRequests
			}
			ask(c.second).want(want)
		})
	}
}

// Who is not signed in is limited on closed pages as well; who is signed in there is not.
func TestLimitOfAnAddressIsForStrangers(t *testing.T) {
	s := newLimitedSite(t, handlers.Limits{Address: handlers.Limit{PerSecond: 1, Burst: 1}})
	nobody, known := &browser{t: t, site: s}, s.signIn(t, priya())
	nobody.ask("GET", "/drafts", here).want(http.StatusSeeOther)
	nobody.ask("GET", "/drafts", here).want(http.StatusTooManyRequests)
	nobody.ask("GET", "/nowhere", here).want(http.StatusTooManyRequests)
	for range 3 {
		known.ask("GET", "/drafts", here).want(http.StatusOK)
		nobody.ask("GET", "/healthz", here).want(http.StatusOK)
	}
}

func TestLimitOfSigningIn(t *testing.T) {
	s := newLimitedSite(t, handlers.Limits{SignIn: handlers.Limit{PerSecond: 1, Burst: 2}})
	nobody, known := &browser{t: t, site: s}, s.signIn(t, priya())
	nobody.ask("POST", "/auth/sign-in", here).want(http.StatusSeeOther)
	nobody.ask("POST", "/auth/sign-out", here).want(http.StatusSeeOther)
	nobody.ask("POST", "/auth/sign-in", here).want(http.StatusTooManyRequests)
	nobody.ask("GET", "/auth/sign-in", here).want(http.StatusOK)
	nobody.ask("POST", "/auth/sign-in", there).want(http.StatusSeeOther)
	known.ask("POST", "/auth/sign-out", here).want(http.StatusSeeOther)
	s.clock.move(time.Second)
	nobody.ask("POST", "/auth/sign-in", here).want(http.StatusSeeOther)
}

func TestNoLimits(t *testing.T) {
	s := newLimitedSite(t, handlers.Limits{})
	nobody, known := &browser{t: t, site: s}, s.signIn(t, priya())
	for range 200 {
		nobody.ask("POST", "/auth/sign-in", here).want(http.StatusSeeOther)
		nobody.ask("GET", "/auth/sign-in", here).want(http.StatusOK)
		known.ask("GET", "/drafts/new", here).want(http.StatusOK)
	}
}

// Nobody who uses a browser meets the usual limits.
func TestUsualLimits(t *testing.T) {
	s := newLimitedSite(t, handlers.UsualLimits())
	nobody, known := &browser{t: t, site: s}, s.signIn(t, priya())
	for range 60 {
		known.ask("GET", "/drafts/new", here).want(http.StatusOK)
	}
	known.ask("GET", "/drafts/new", here).want(http.StatusTooManyRequests)
	for range 40 {
		nobody.ask("GET", "/auth/sign-in", here).want(http.StatusOK)
	}
	nobody.ask("GET", "/auth/sign-in", here).want(http.StatusTooManyRequests)
	for range 10 {
		nobody.ask("POST", "/auth/sign-in", here).want(http.StatusSeeOther)
	}
	nobody.ask("POST", "/auth/sign-in", here).want(http.StatusTooManyRequests)
}

func TestBucketsAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 32, 0, 0, time.UTC)
	b := handlers.NewBuckets(handlers.Limit{PerSecond: 1, Burst: 10})
	b.Wait("first", now)
	for i := range 2 * handlers.MostBuckets {
		b.Wait(fmt.Sprint(i), now)
		for range 10 {
			b.Wait("busy", now)
		}
	}
	if n := b.Len(); n != handlers.MostBuckets {
		t.Errorf("%d remembered, want %d", n, handlers.MostBuckets)
	}
	if b.Wait("busy", now) == 0 {
		t.Error("one who asks all the time was forgotten")
	}
	// A second later all but the busy one are full again.
	b.Wait("last", now.Add(time.Second))
	if n := b.Len(); n != 2 {
		t.Errorf("%d remembered after a while, want busy and last", n)
	}
}
