package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"tandem/handlers"
)

func TestReadiness(t *testing.T) {
	works := func(context.Context) error { return nil }
	fails := func(context.Context) error { return errors.New("password=hush") }
	for name, c := range map[string]struct {
		checks []handlers.Check
		status int
		body   string
	}{
		"no check":    {nil, http.StatusOK, "ready\n"},
		"all work":    {[]handlers.Check{{"a", works}, {"b", works}}, http.StatusOK, "ready\n"},
		"the first":   {[]handlers.Check{{"a fails", fails}, {"b", works}}, 503, "a fails\n"},
		"the last":    {[]handlers.Check{{"a", works}, {"b fails", fails}}, 503, "b fails\n"},
		"both do not": {[]handlers.Check{{"a fails", fails}, {"b fails", fails}}, 503, "a fails\n"},
		"one that hangs": {[]handlers.Check{{"a hangs", func(ctx context.Context) error {
			if _, ok := ctx.Deadline(); !ok {
				t.Error("a check has no end")
			}
			return context.DeadlineExceeded
		}}}, 503, "a hangs\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.deps.Checks = c.checks
			s.Handler = handlers.New(s.deps)
			nobody := &browser{t: t, site: s}
			if got := nobody.get("/readyz").want(c.status).body; got != c.body {
				t.Errorf("body %q, want %q", got, c.body)
			}
			nobody.get("/healthz").want(http.StatusOK)
		})
	}
}
