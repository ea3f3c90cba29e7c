package handlers_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"tandem/handlers"
	"tandem/internal/jobs"
	"tandem/internal/referral"
)

// rule says who may have what a route leads to.
type rule int

const (
	open     rule = iota + 1 // everybody
	personal                 // who is signed in, and shows him what is his
	ofAdmin                  // administrators
	ofDraft                  // who may see the draft that :d names
	ofSend                   // who may see the send that :s names
	ofOwn                    // who may see the referral that :r names
	ofChange                 // who may see the change that :c names
)

// rules has a line for every route. A new route needs a new line.
func rules() map[string]rule {
	return map[string]rule{
		"GET /healthz":    open,
		"GET /readyz":     open,
		"GET /static/*":   open,
		"ANY /practice/*": open,

		"GET /auth/sign-in":    open,
		"POST /auth/sign-in":   open,
		"GET /auth/callback":   open,
		"POST /auth/sign-out":  open,
		"GET /auth/signed-out": open,

		"GET /":                   personal,
		"GET /referrals":          personal,
		"GET /drafts":             personal,
		"GET /referrals.bulk.csv": personal, "GET /pipeline": personal,
		"GET /referrals.csv": personal, "POST /referrals/refresh": personal,
		"POST /session/keep":  personal,
		"POST /typed/discard": personal,
		"GET /drafts/new":     personal, "POST /drafts/new": personal,

		"GET /help": open, "GET /privacy": open, "GET /accessibility": open,
		"GET /preferences": personal, "POST /preferences": personal,

		"GET /settings": ofAdmin, "POST /settings": ofAdmin,
		"GET /privacy/data.json":            personal,
		"GET /settings/people":              ofAdmin,
		"GET /settings/people/:p/data.json": ofAdmin,
		"GET /settings/people/:p/erase":     ofAdmin, "POST /settings/people/:p/erase": ofAdmin,
		"POST /settings/people/:p/end": ofAdmin,
		"GET /settings/contacts":       ofAdmin, "POST /settings/contacts": ofAdmin,
		"GET /settings/:kind": ofAdmin, "POST /settings/:kind": ofAdmin,
		"POST /settings/:kind/import": ofAdmin,
		"GET /settings/:kind/:id":     ofAdmin, "POST /settings/:kind/:id": ofAdmin,
		"POST /settings/:kind/:id/retire":  ofAdmin,
		"POST /settings/:kind/:id/restore": ofAdmin,

		"GET /referrals/:r":               ofOwn,
		"GET /referrals/:r/sent":          ofOwn,
		"POST /referrals/:r/copy":         ofOwn,
		"GET /referrals/:r/response":      ofOwn,
		"GET /referrals/:r/response.json": ofOwn,
		"GET /referrals/:r/connect":       ofOwn, "POST /referrals/:r/connect": ofOwn,
		"GET /referrals/:r/connect/check": ofOwn,
		"POST /referrals/:r/connect/send": ofOwn,

		"GET /referrals/:r/edit/sharing": ofOwn, "POST /referrals/:r/edit/sharing": ofOwn,
		"GET /referrals/:r/edit/sharing/stop": ofOwn,
		"GET /referrals/:r/edit/:section":     ofOwn, "POST /referrals/:r/edit/:section": ofOwn,
		"POST /referrals/:r/edit/:section/autosave": ofOwn,
		"POST /referrals/:r/connect/autosave":       ofOwn,
		"POST /referrals/:r/refresh":                ofOwn,
		"POST /referrals/:r/seen":                   ofOwn,
		"GET /referrals/:r/dates.ics":               ofOwn,
		"GET /referrals/:r/status":                  ofOwn, "POST /referrals/:r/status": ofOwn,
		"GET /referrals/:r/close": ofOwn, "POST /referrals/:r/close": ofOwn,
		"GET /referrals/:r/conflict/:c": ofChange, "POST /referrals/:r/conflict/:c": ofChange,
		"GET /changes/:c":        ofChange,
		"POST /changes/:c/again": ofChange,
		"POST /changes/:c/drop":  ofChange,

		"GET /drafts/:d":      ofDraft,
		"GET /drafts/:d/type": ofDraft, "POST /drafts/:d/type": ofDraft,
		"GET /drafts/:d/check":        ofDraft,
		"GET /drafts/:d/payload.json": ofDraft,
		"POST /drafts/:d/send":        ofDraft,
		"GET /drafts/:d/delete":       ofDraft, "POST /drafts/:d/delete": ofDraft,
		"GET /drafts/:d/consent/stop": ofDraft, "POST /drafts/:d/consent/stop": ofDraft,
		"GET /drafts/:d/:step": ofDraft, "POST /drafts/:d/:step": ofDraft,
		"POST /drafts/:d/:step/autosave": ofDraft,
		"GET /drafts/:d/:step/conflict":  ofDraft, "POST /drafts/:d/:step/conflict": ofDraft,

		"GET /sends/:s":         ofSend,
		"POST /sends/:s/check":  ofSend,
		"POST /sends/:s/again":  ofSend,
		"POST /sends/:s/cancel": ofSend,
	}
}

// route is one line of the site's own table of routes.
type route struct {
	method, pattern string
	rule            rule
}

func (r route) String() string { return r.method + " " + r.pattern }

// routes walks the site's table. Every route must have a rule.
func (s *site) routes(t *testing.T) []route {
	t.Helper()
	e, ok := s.Handler.(*echo.Echo)
	if !ok {
		t.Fatalf("the site is a %T", s.Handler)
	}
	all, unused := rules(), rules()
	var out []route
	for _, r := range e.Routes() {
		name := r.Method + " " + r.Path
		if r.Path == "/practice/*" {
			name = "ANY " + r.Path
		}
		if all[name] == 0 {
			t.Errorf("%s has no rule", name)
		}
		delete(unused, name)
		out = append(out, route{r.Method, r.Path, all[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("there is no route %s", name)
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// guarded is a site with everything switched on, and the real sender in it: who may ask something
// of a send is decided there.
type guarded struct {
	*sendSite
	priya *rep
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	s := newSendSite(t)
	s.must(jobs.Migrate(t.Context(), s.Store))
	sends, err := jobs.New(jobs.Config{Store: s.Store, Now: s.clock.Now, Log: s.deps.Log})
	s.must(err)
	s.deps.Sender, s.deps.Changes, s.deps.Practice = sends, sends, http.NotFoundHandler()
	s.Handler = handlers.New(s.deps)
	return &guarded{sendSite: s, priya: s.rep("Priya Raman", false)}
}

// belongings are what the routes are about, of one person.
type belongings struct {
	owner                 *rep
	draft, send, referral string
	// change is one of referral that met another at Microsoft.
	change string
}

func (g *guarded) belongings() belongings {
	_, r := g.priya.sent(contoso())
	out := belongings{owner: g.priya, draft: g.priya.draft(contoso()),
		send: g.priya.queue(contoso()).ID, referral: r}
	out.change = g.inConflict(r)
	g.clock.move(time.Minute) // the page of a send that is new waits for an answer
	return out
}

// endingLast are the routes with those at the end that delete a draft or end the session: all
// before them meet a person who is signed in, and what is his.
func (g *guarded) endingLast(t *testing.T) []route {
	t.Helper()
	all := g.routes(t)
	ends := func(r route) int {
		return slices.Index([]string{"/drafts/:d/delete", "/auth/sign-out"}, r.pattern)
	}
	slices.SortStableFunc(all, func(a, b route) int { return ends(a) - ends(b) })
	return all
}

// paths are the addresses of the route, for these belongings.
func (b belongings) paths(r route) []string {
	path := strings.NewReplacer(":d", b.draft, ":s/", b.send+"/", ":r", b.referral,
		":c", b.change, ":section", "deal",
		"*", "some.css", ":kind", "partner-roles", ":id", "role-1", ":p", b.owner.user.ID,
	).Replace(r.pattern)
	if r.pattern == "/sends/:s" {
		path = "/sends/" + b.send
	}
	if !strings.Contains(path, ":step") {
		return []string{path}
	}
	var out []string
	for _, step := range referral.Steps() {
		if step.Valid() {
			out = append(out, strings.Replace(path, ":step", string(step), 1))
		}
	}
	return out
}

// stored is what the belongings are like now.
type stored struct {
	Draft    referral.Draft
	Send     referral.Send
	Referral referral.Referral
	Counts   referral.Counts
}

func (b belongings) stored() (out stored) {
	s, ctx, c := b.owner.site, b.owner.site.Context(), b.owner.caller()
	s.Helper()
	var err error
	out.Draft, err = s.Draft(ctx, c, b.draft)
	s.must(err)
	out.Send, err = s.Send(ctx, c, b.send)
	s.must(err)
	out.Referral, err = s.Referral(ctx, c, b.referral)
	s.must(err)
	out.Counts, err = s.Counts(ctx, c)
	s.must(err)
	return out
}

// untouched fails the test when something happened to the belongings.
func (b belongings) untouched(t *testing.T, before stored) {
	t.Helper()
	if diff := cmp.Diff(before, b.stored()); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
}
