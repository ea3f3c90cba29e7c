package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The page knows how long the session lasts, and can make it last.
func TestKeepSession(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	page := b.get("/drafts").want(http.StatusOK)
	if s, warn := page.Attr("#session", "data-seconds"), page.Attr("#session", "data-warn"); s !=
		"43200" || warn != "300" {
		t.Errorf("%s seconds, warns %s before", s, warn)
	}
	if got := page.Text("#session h2"); got != "You will be signed out in 5 minutes" {
		t.Errorf("heading %q", got)
	}
	b.site.clock.move(4 * time.Minute)
	if got := b.get("/drafts").header.Get("Tandem-Session"); got != "42960" {
		t.Errorf("4 minutes later: %q", got)
	}
	a := b.with("POST", "/session/keep", "HX-Request", "true").want(http.StatusNoContent)
	if got := a.header.Get("Tandem-Session"); got != "43200" {
		t.Errorf("kept: %q", got)
	}
	b.with("POST", "/session/keep", "Referer", "http://example.com/drafts/new?a=b").
		leadsTo("/drafts/new?a=b")
	b.site.clock.move(12 * time.Hour)
	b.with("POST", "/session/keep", "HX-Request", "true").want(http.StatusSeeOther)
}

func TestNobodyHasNoSession(t *testing.T) {
	b := newSite(t).arrive(t)
	page := b.send(httptest.NewRequest(http.MethodGet, "/auth/sign-in", nil)).want(http.StatusOK)
	page.None("#session")
	if got := page.header.Get("Tandem-Session"); got != "" {
		t.Errorf("nobody's session lasts %q", got)
	}
}
