package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// leading are parameters by which programs are told where to go next.
func leading() []string {
	return []string{"return_to", "next", "to", "from", "back", "url", "redirect", "redirect_uri",
		"continue", "go", "at", "target", "state", "lang"}
}

// No parameter of any route leads to another site, but for the sign-in provider's own pages.
func TestNothingLeadsAway(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	browsers := []*browser{{t: t, site: g.site}, g.priya.browser}
	for _, away := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`} {
		values := url.Values{}
		for _, name := range leading() {
			values.Set(name, away)
		}
		for _, r := range g.routes(t) {
			for _, path := range mine.paths(r) {
				for _, b := range browsers {
					req := httptest.NewRequest(r.method, path+"?"+values.Encode(),
						strings.NewReader(values.Encode()))
					if r.method == http.MethodPost {
						req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					}
					to := b.send(req).header.Get("Location")
					if leadsAway(t, to) {
						t.Errorf("%s with %q leads to %q", r, away, to)
					}
				}
			}
		}
	}
}

// leadsAway tells whether a browser that reads the address goes to another site.
func leadsAway(t *testing.T, to string) bool {
	t.Helper()
	u, err := url.Parse(strings.ReplaceAll(to, `\`, "/"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Host != "" && u.Host != "login.example" || u.Scheme != "" && u.Scheme != "https"
}
