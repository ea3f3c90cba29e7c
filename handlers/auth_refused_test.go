package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"tandem/handlers"
	"tandem/internal/auth"
)

// TestSignInRefused reads on the page the id under which the log says why nobody was signed in.
func TestSignInRefused(t *testing.T) {
	site := newLoggedSite(t)
	b := site.arrive(t)
	for _, tt := range []struct {
		reason, says, logged string
		err                  error
		begun                bool
	}{
		{"failed", "Sign-in did not work", "the client is unknown",
			errors.New("the client is unknown"), true},
		{"denied", "your account may not use Tandem", auth.ErrTenant.Error(), auth.ErrTenant, true},
		{"expired", "Sign-in took too long", "no sign-in", nil, false},
	} {
		site.log.Reset()
		if tt.begun {
			b.post("/auth/sign-in", nil)
		}
		site.provider.err = tt.err
		a := b.get("/auth/callback?state=state&code=code").want(http.StatusSeeOther)
		site.provider.err = nil
		to := a.header.Get("Location")
		page := b.get(to).want(http.StatusOK)
		if text := page.Text("main"); !strings.Contains(text, tt.says) ||
			!strings.Contains(to, "reason="+tt.reason) {
			t.Errorf("%s: %s says %q", tt.reason, to, text)
		}
		lines := site.lines(t, "sign-in refused")
		if len(lines) != 1 || lines[0]["request_id"] != page.Text("main code") ||
			!strings.Contains(lines[0]["error"].(string), tt.logged) {
			t.Errorf("%s: %q is logged as %v", tt.reason, page.Text("main code"), lines)
		}
	}
	b.get("/auth/sign-in?reason=failed&id=call+0900+1").None("main code")
}

// TestSignInDown reads on the page the id under which the log says why nobody can sign in.
func TestSignInDown(t *testing.T) {
	site := newLoggedSite(t)
	site.provider.down = true
	page := site.arrive(t).get("/auth/sign-in").want(http.StatusOK)
	lines := site.lines(t, "sign-in cannot begin")
	if len(lines) != 1 || lines[0]["request_id"] != page.Text("main code") ||
		lines[0]["error"] != "the provider does not answer" {
		t.Errorf("%q is logged as %v", page.Text("main code"), lines)
	}
}

// tracer has every request in the same trace.
type tracer struct{}

func (tracer) Request(r *http.Request) (context.Context, string, func(string, int)) {
	return r.Context(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", func(string, int) {}
}

// TestTraceIsLogged finds a request's trace by its lines in the log.
func TestTraceIsLogged(t *testing.T) {
	site := newLoggedSite(t)
	site.deps.Trace = tracer{}
	site.Handler = handlers.New(site.deps)
	site.arrive(t).get("/help").want(http.StatusOK)
	lines := site.lines(t, "request")
	if len(lines) != 1 || lines[0]["trace_id"] != "4bf92f3577b34da6a3ce929d0e0e4736" ||
		lines[0]["request_id"] == "" {
		t.Errorf("logged %v", lines)
	}
}
