package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/handlers"
)

// secured is what every answer must carry.
func (a *answer) secured(what string) {
	a.t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options":     "nosniff",
		"X-Frame-Options":            "DENY",
		"Referrer-Policy":            "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy":         "camera=(), geolocation=(), microphone=()",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
			"img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; " +
			"form-action 'self' https://login.example",
	} {
		if got := a.header.Get(name); got != want {
			a.t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	if a.header.Get("X-Request-Id") == "" {
		a.t.Errorf("%s: no request id", what)
	}
}

// notKept fails the test when a browser or a proxy may keep the answer.
func (a *answer) notKept(what string) {
	a.t.Helper()
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		a.t.Errorf("%s: Cache-Control is %q", what, got)
	}
}

// Every answer of every route is secured, and none but static files is kept anywhere.
func TestEveryAnswerIsSecured(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	browsers := map[string]*browser{"nobody": {t: t, site: g.site},
		"another": g.rep("Eve Example", false).browser, "owner": g.priya.browser}
	for _, r := range g.endingLast(t) { // and what is read comes before what is changed
		for who, b := range browsers {
			for _, path := range mine.paths(r) {
				what := who + ": " + r.String()
				for _, a := range []*answer{b.with(r.method, path),
					b.with(r.method, path, "Sec-Fetch-Site", "cross-site"),
					b.with("BREW", path)} {
					a.secured(what)
					if r.pattern != "/static/*" {
						a.notKept(what)
					}
				}
			}
		}
	}
}

// Answers that no page gives are secured as well.
func TestEveryRefusalIsSecured(t *testing.T) {
	g := newGuarded(t)
	nowhere := g.priya.get("/nowhere").want(http.StatusNotFound)
	nowhere.secured("no route")
	nowhere.notKept("no route")
	large := g.priya.post("/drafts/new", url.Values{"x": {strings.Repeat("x", 2<<20)}})
	large.want(http.StatusRequestEntityTooLarge).secured("too large")

	g.deps.Limits.Person = handlers.Limit{PerSecond: 1, Burst: 1}
	g.Handler = handlers.New(g.deps)
	g.priya.get("/drafts").want(http.StatusOK)
	often := g.priya.get("/drafts").want(http.StatusTooManyRequests)
	often.secured("too often")
	often.notKept("too often")
}

// On https browsers are told never to come by http again.
func TestStrictTransportSecurity(t *testing.T) {
	g := newGuarded(t)
	const name = "Strict-Transport-Security"
	if got := g.priya.get("/drafts").header.Get(name); got != "" {
		t.Errorf("by http: %q", got)
	}
	g.deps.Secure = true
	g.Handler = handlers.New(g.deps)
	if got := g.priya.get("/drafts").header.Get(name); got !=
		"max-age=31536000; includeSubDomains" {
		t.Errorf("by https: %q", got)
	}
}
