package handlers_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tandem/handlers"
	"tandem/internal/auth"
	"tandem/internal/htmlcheck"
	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/internal/sqlitetest"
	"tandem/internal/store"
)

// site is the whole of the pages over a real store. Only the provider and the way to Microsoft are
// stand-ins.
type site struct {
	*store.Store
	http.Handler
	sender   *sender
	provider *provider
	sessions *session.Sessions
	clock    *clock
	log      *bytes.Buffer
	deps     handlers.Deps
}

// newSite is an empty site at 14:32 UTC on 22 November 2026.
func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{clock: &clock{now: time.Date(2026, 11, 22, 14, 32, 0, 0, time.UTC)},
		provider: &provider{}, log: &bytes.Buffer{}}
	s.Store = openStore(t, store.Options{Now: s.clock.Now})
	s.sessions = must(session.New(secrets(), false))(t)
	s.sender = &sender{db: s.Store}
	s.deps = handlers.Deps{
		Store:    s.Store,
		Sender:   s.sender,
		Changes:  noChanges{},
		Provider: s.provider,
		Sessions: s.sessions,
		Tokens:   &tokens{},
		Static:   http.NotFoundHandler(),
		Now:      s.clock.Now,
		Log:      slog.New(slog.NewTextHandler(s.log, nil)),
	}
	s.Handler = handlers.New(s.deps)
	return s
}

func secrets() [][]byte { return [][]byte{bytes.Repeat([]byte{7}, 32)} }

// newFile makes a database that was migrated once for all tests.
var newFile = sqlitetest.Template(func(path string) error {
	keys, err := store.NewKeys(secrets())
	if err != nil {
		return err
	}
	db, err := store.Open(context.Background(), store.Options{Path: path, Keys: keys})
	if err != nil {
		return err
	}
	return db.Close()
})

// openStore opens an empty store with the options.
func openStore(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	o.Path, o.Keys = newFile(t), must(store.NewKeys(secrets()))(t)
	db := must(store.Open(t.Context(), o))(t)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sender stores sends as the real one does and starts nothing. What it was asked is kept; err, when
// set, answers everything.
type sender struct {
	db                     *store.Store
	submitted              []referral.Send
	lookedUp, again, signs []string
	demands                []string
	claims                 string
	fresh                  bool
	err                    error
}

func (s *sender) Submit(
	ctx context.Context, c referral.Caller, x referral.Send,
) (referral.Send, error) {
	if s.err != nil {
		return referral.Send{}, s.err
	}
	s.submitted = append(s.submitted, x)
	nothing := func(context.Context, *sql.Tx, string) error { return nil }
	out, _, err := s.db.Queue(ctx, c, x, nothing)
	return out, err
}

func (s *sender) LookUp(_ context.Context, _ referral.Caller, id string) error {
	s.lookedUp = append(s.lookedUp, id)
	return s.err
}

func (s *sender) Again(_ context.Context, _ referral.Caller, id string) error {
	s.again = append(s.again, id)
	return s.err
}

func (s *sender) SignedIn(_ context.Context, c referral.Caller) error {
	s.signs = append(s.signs, c.UserID)
	return s.err
}

func (s *sender) SignInDemand(_ context.Context, c referral.Caller) (string, bool, error) {
	if c.UserID != "" {
		s.demands = append(s.demands, c.UserID)
	}
	return s.claims, s.fresh, s.err
}

// provider signs in whoever identity says, without asking.
type provider struct {
	down     bool
	identity auth.Identity
	err      error
	// asked is what the last Begin was for.
	asked auth.Request
}

func (p *provider) Ready(context.Context) error {
	if p.down {
		return errors.New("the provider does not answer")
	}
	return nil
}

func (p *provider) Begin(_ context.Context, r auth.Request) (string, auth.Flow, error) {
	p.asked = r
	return "https://login.example/authorize", auth.Flow{State: "state", ReturnTo: r.ReturnTo,
		Started: time.Now()}, p.err
}

func (p *provider) Finish(
	context.Context, auth.Flow, url.Values,
) (auth.Identity, auth.Token, error) {
	return p.identity, auth.Token{Access: "access", IDToken: "id-token"}, p.err
}

func (p *provider) SignOutURL(context.Context, string, string) string { return "" }

func (p *provider) Origins() []string { return []string{"https://login.example"} }

// tokens keeps nothing.
type tokens struct{}

func (*tokens) SaveToken(context.Context, string, auth.Token) error { return nil }
func (*tokens) DeleteToken(context.Context, string) error           { return nil }

// browser is one signed-in person.
type browser struct {
	t      testing.TB
	site   *site
	user   referral.User
	cookie *http.Cookie
	// lang is the language that the person chose, empty for none.
	lang string
	// jar holds what the site has set, by name; nil for a browser that has only cookie.
	jar map[string]*http.Cookie
}

// priya is a rep.
func priya() referral.User {
	return referral.User{Key: "tid:priya", Name: "Priya Raman", GivenName: "Priya",
		FamilyName: "Raman", Email: "priya.raman@northbridge.example"}
}

// signIn gives a person a session.
func (s *site) signIn(t testing.TB, u referral.User) *browser {
	t.Helper()
	u = must(s.SignIn(t.Context(), u))(t)
	id := must(s.sessions.NewID())(t)
	if err := s.CreateSession(t.Context(), session.Hash(id), u.ID, "", 0); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.sessions.SetID(w, httptest.NewRequest("GET", "/", nil), id); err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, site: s, user: u, cookie: w.Result().Cookies()[0]}
}

// take puts cookies into the jar and removes those that were ended.
func (b *browser) take(cookies []*http.Cookie) {
	if b.jar == nil {
		return
	}
	for _, c := range cookies {
		if delete(b.jar, c.Name); c.MaxAge >= 0 {
			b.jar[c.Name] = c
		}
	}
}

// answer is what came back, parsed when it is a page.
type answer struct {
	*htmlcheck.Page
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) *answer {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, values url.Values) *answer {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

func (b *browser) send(r *http.Request) *answer {
	b.t.Helper()
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	if b.lang != "" {
		r.AddCookie(&http.Cookie{Name: "lang", Value: b.lang})
	}
	for _, c := range b.jar {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	b.take(w.Result().Cookies())
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return &answer{Page: htmlcheck.Parse(b.t, bytes.NewReader(body)), t: b.t, status: w.Code,
		header: w.Header(), body: string(body)}
}

// want fails the test unless the answer has the status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d; to %q: %s", a.status, status, a.header.Get("Location"),
			a.Texts("h1, .ds-validation-message"))
	}
	return a
}

// leadsTo fails the test unless the answer is a redirect after a POST to the path.
func (a *answer) leadsTo(path string) {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != path {
		a.t.Fatalf("leads to %q, want %q", got, path)
	}
}

// form returns what the page's form would post as it is, without any button.
func (a *answer) form() url.Values {
	a.t.Helper()
	return a.formAt("main form")
}

// formAt is the same of one form of the page.
func (a *answer) formAt(selector string) url.Values {
	a.t.Helper()
	values := url.Values{}
	controls := selector + " [name]:not(button)"
	a.All(controls).Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", ""), s.AttrOr("value", "")
		_, checked := s.Attr("checked")
		switch kind := s.AttrOr("type", ""); {
		case goquery.NodeName(s) == "textarea":
			values.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			values.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case kind == "radio" || kind == "checkbox":
			if checked {
				values.Add(name, value)
			}
		default:
			values.Add(name, value)
		}
	})
	return values
}

// fill returns the form's values with some replaced, pairs of name and value.
func (a *answer) fill(pairs ...string) url.Values {
	a.t.Helper()
	values := a.form()
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}
