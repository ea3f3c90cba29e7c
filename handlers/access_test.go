package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/session"
)

// theft is a form that would do something in many places.
func theft() url.Values {
	return url.Values{"go": {"continue"}, "dealType": {"private"}, "name": {"Stolen"},
		"customerProfile.name": {"Stolen"}, "details.dealValue": {"1"}}
}

// with sends a request with some headers, pairs of name and value. A POST carries theft.
func (b *browser) with(method, path string, headers ...string) *answer {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(theft().Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.send(r)
}

// tellsNothing fails the test when the answer names the customer or the deal.
func (a *answer) tellsNothing() {
	a.t.Helper()
	if strings.Contains(a.body, "Contoso") {
		a.t.Errorf("the answer tells of the deal: %s", a.body)
	}
}

// strangers are browsers in which nobody is signed in.
func (g *guarded) strangers(t *testing.T) map[string]*browser {
	t.Helper()
	out := map[string]*browser{"without a cookie": {t: t, site: g.site}}
	planted := *g.priya.cookie
	planted.Value = "planted"
	out["with a planted cookie"] = &browser{t: t, site: g.site, cookie: &planted}
	left := g.rep("Priya Raman", false).browser
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(left.cookie)
	id, _ := g.sessions.ID(r)
	g.must(g.DeleteSession(t.Context(), session.Hash(id)))
	left.t = t
	out["with the cookie of a session that is over"] = left
	return out
}

// Without a session every route but the open ones leads to sign-in and does nothing.
func TestStrangersSignInFirst(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	before, routes := mine.stored(), g.routes(t)
	for name, stranger := range g.strangers(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range routes {
				for _, path := range mine.paths(r) {
					a := stranger.with(r.method, path)
					a.tellsNothing()
					if strings.HasSuffix(r.pattern, "/autosave") { // the script says it on the page
						a.want(http.StatusUnauthorized)
						continue
					}
					back := path
					if r.method != http.MethodGet {
						back = "/referrals"
					}
					led := a.header.Get("Location") ==
						"/auth/sign-in?return_to="+url.QueryEscape(back)
					if led == (r.rule == open) {
						t.Errorf("%s: status %d, leads to %q", r, a.status,
							a.header.Get("Location"))
					}
					if r.rule != open {
						a.want(http.StatusSeeOther)
					}
				}
			}
			mine.untouched(t, before)
		})
	}
}

// A session that was not used for long is none.
func TestOldSessionsSignInAgain(t *testing.T) {
	g := newGuarded(t)
	g.clock.move(31 * 24 * time.Hour)
	g.priya.get("/referrals").leadsTo("/auth/sign-in?return_to=%2Freferrals")
}

// What is one rep's does not exist for another: neither to see nor to change.
func TestOthersFindNothing(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	before, eve := mine.stored(), g.rep("Eve Example", false)
	for _, r := range g.routes(t) {
		named := strings.Contains(r.pattern, "/:") && r.rule != ofAdmin
		if named != (r.rule >= ofDraft) {
			t.Errorf("%s names a thing and has a rule for none, or the reverse", r)
		}
		if !named {
			continue
		}
		for _, path := range mine.paths(r) {
			t.Run(r.String(), func(t *testing.T) {
				a := eve.with(r.method, path)
				a.tellsNothing()
				if a.status != http.StatusNotFound {
					t.Errorf("status %d, want 404", a.status)
				}
				switch r.method {
				case http.MethodGet:
					a = eve.with(r.method, path, "HX-Request", "true")
				case http.MethodPost:
					a = eve.post(path, nil)
				}
				a.want(http.StatusNotFound).tellsNothing()
				mine.untouched(t, before)
			})
		}
	}
}

// The settings are the administrators': a rep gets no page of them and changes nothing.
func TestSettingsAreTheAdministrators(t *testing.T) {
	g := newGuarded(t)
	mine, mei := g.belongings(), g.rep("Mei Lin", true)
	before := must(g.Settings(t.Context(), mei.caller()))(t)
	for _, r := range g.routes(t) {
		if r.rule != ofAdmin {
			continue
		}
		for _, path := range mine.paths(r) {
			a := g.priya.with(r.method, path).want(http.StatusForbidden)
			if got := a.Text("h1"); got != "Only administrators can change the settings" {
				t.Errorf("%s: %q", r, got)
			}
			if r.method == http.MethodGet {
				mei.with(r.method, path).want(http.StatusOK)
			}
		}
	}
	if diff := cmp.Diff(before, must(g.Settings(t.Context(), mei.caller()))(t)); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
}

// The owner meets no 404 at the same addresses, which is what makes the test above mean something.
func TestOwnersFindTheirs(t *testing.T) {
	g := newGuarded(t)
	for _, r := range g.routes(t) {
		if r.rule < ofDraft {
			continue
		}
		mine := g.belongings()
		for _, path := range mine.paths(r) {
			a := g.priya.with(r.method, path)
			if a.status == http.StatusNotFound || a.status >= http.StatusInternalServerError {
				t.Errorf("%s: status %d at %s", r, a.status, path)
			}
		}
	}
}

// Lists are of one's own things only.
func TestListsAreOfOnesOwn(t *testing.T) {
	g := newGuarded(t)
	g.belongings()
	eve := g.rep("Eve Example", false)
	for _, path := range []string{"/referrals", "/referrals?tab=attention", "/drafts",
		"/referrals?q=Contoso&tab=submitted"} {
		page := eve.get(path).want(http.StatusOK)
		if strings.Contains(page.Text("main"), "Contoso") {
			t.Errorf("%s lists what is not hers", path)
		}
	}
	if !strings.Contains(g.priya.get("/drafts").want(http.StatusOK).body, "Contoso") {
		t.Error("the owner does not see his draft")
	}
}

// No path around the sign-in: what looks open and leads to a closed page.
func TestDetours(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	nobody := &browser{t: t, site: g.site}
	for _, path := range []string{"/static/../drafts", "/static/%2e%2e/drafts", "//drafts",
		"/auth/sign-in/../../drafts", "/auth/sign-in%2f..%2f..%2fdrafts", "/healthz/../drafts",
		"/practice/..%2fdrafts", "/DRAFTS", "/drafts/", "/drafts/" + mine.draft + "/type/",
		"/static/%2e%2e%2fdrafts/" + mine.draft, "/drafts%2f" + mine.draft} {
		a := nobody.get(path)
		a.tellsNothing()
		if a.status != http.StatusNotFound && a.status != http.StatusSeeOther {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}

// Another site cannot post in the name of somebody who is signed in here.
func TestOtherSitesCannotPost(t *testing.T) {
	g := newGuarded(t)
	mine := g.belongings()
	before := mine.stored()
	for name, headers := range map[string][]string{
		"another site":              {"Sec-Fetch-Site", "cross-site"},
		"a sibling":                 {"Sec-Fetch-Site", "same-site"},
		"another origin":            {"Origin", "https://evil.example"},
		"an opaque origin":          {"Origin", "null"},
		"another scheme and port":   {"Origin", "https://example.com:8443"},
		"both, of different minds":  {"Sec-Fetch-Site", "cross-site", "Origin", "http://example.com"},
		"what browsers do not send": {"Sec-Fetch-Site", "other"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range g.routes(t) {
				if r.method != http.MethodPost {
					continue
				}
				for _, path := range mine.paths(r) {
					a := g.priya.with(r.method, path, headers...)
					if a.status != http.StatusForbidden {
						t.Errorf("%s: status %d, want 403", r, a.status)
					}
				}
			}
			mine.untouched(t, before)
			g.priya.get("/drafts").want(http.StatusOK)
		})
	}
}

func TestOurOwnPagesCanPost(t *testing.T) {
	g := newGuarded(t)
	for name, headers := range map[string][]string{
		"same origin":       {"Sec-Fetch-Site", "same-origin"},
		"typed by a person": {"Sec-Fetch-Site", "none"},
		"only an origin":    {"Origin", "http://example.com"},
		"nothing":           nil,
	} {
		t.Run(name, func(t *testing.T) {
			mine := g.belongings()
			g.priya.with("POST", "/drafts/"+mine.draft+"/delete", headers...).
				want(http.StatusSeeOther)
		})
	}
}
