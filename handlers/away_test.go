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

// No parameter of any route leads to another site, but for the pages of the sign-in provider. That
// holds for strangers and for people who are signed in.
func TestNothingLeadsAway(t *testing.T) {
	g := newGuarded(t)
	nobody := &browser{t: t, site: g.site}
	for _, away := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`} {
		g.priya = g.rep("Priya Raman", false)
		mine := g.belongings()
		for _, r := range g.endingLast(t) {
			for _, path := range mine.paths(r) {
				to := nobody.wishing(r.method, path, away)
				own := g.priya.wishing(r.method, path, away)
				if leadsAway(t, to) || leadsAway(t, own) {
					t.Errorf("%s with %q leads to %q and %q", r, away, to, own)
				}
				if strings.HasPrefix(own, "/auth/sign-in?return_to=") {
					t.Errorf("%s met nobody who is signed in", r)
				}
			}
		}
	}
}

// wishing asks with every parameter of leading set to an address and returns where it leads.
func (b *browser) wishing(method, path, away string) string {
	values := url.Values{}
	for _, name := range leading() {
		values.Set(name, away)
	}
	r := httptest.NewRequest(method, path+"?"+values.Encode(), strings.NewReader(values.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.send(r).header.Get("Location")
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
