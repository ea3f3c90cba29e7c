package program

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/htmlcheck"
	"tandem/internal/referral"
)

// page is what a rep meets after an answer: the heading and buttons of the send's page, where the
// send rests, and whether it needs his attention. His draft is open again exactly when it was
// rejected.
type page struct {
	title     string
	state     referral.State
	attention bool
	buttons   []string
}

// The pages of the table of outcomes.
func pages() map[string]page {
	const (
		check, again = "Check your answers", "Try again"
		signIn       = "Microsoft needs you to sign in again"
		fault        = "There is a problem with this service"
	)
	refused := func(title string, buttons ...string) page {
		return page{title, referral.Rejected, true, buttons}
	}
	stop := []string{"Stop waiting"}
	return map[string]page{
		"sent":        {"Referral sent", referral.Accepted, false, nil},
		"invalid":     refused("Microsoft did not accept this referral", check),
		"forbidden":   refused("Your account cannot create referrals", check, again),
		"our fault":   refused(fault, check),
		"conflict":    refused("Someone else changed this referral", check, again),
		"too large":   refused("This referral is too large", check),
		"busy":        refused("Someone else is changing this engagement", again, check),
		"sign in":     {signIn, referral.NeedsSignIn, true, []string{"Sign in and send", "Stop waiting"}},
		"limited":     {"Microsoft limits requests", referral.Waiting, false, stop},
		"unavailable": {"Microsoft’s service is not available", referral.Waiting, false, stop},
		"not there": {"Microsoft does not have it", referral.Unknown, true,
			[]string{"Send again", "Do not send it", "Decide later"}},
	}
}

// line is an answer of Microsoft's, and the page that it leads to.
type line struct {
	name   string
	status int    // 0 closes the connection
	header string // name: value
	body   string
	stored bool // Microsoft stores the referral all the same
	page   string
}

// answers are those of the specification's table, and the answers that are none.
func answers() []line {
	const (
		retry   = "Retry-After: 600"
		html    = "<!doctype html><title>Proxy</title>"
		lies    = `{"error":{"code":"invalidRequest","message":"429 Rate limit, 900421, try again"}}`
		country = `{"error":{"target":"customerProfile.address.country"}}`
	)
	date := "Retry-After: " + time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat)
	all := []line{
		{"a message that lies", 400, "", lies, false, "invalid"},
		{"a field", 400, "", country, false, "invalid"},
		{"", 422, "", "", false, "invalid"},
		{"", 401, "", "", false, "sign in"},
		{"no second factor", 401, "", `{"code":900421}`, false, "sign in"},
		{"", 403, "", "", false, "forbidden"},
		{"", 409, "", "", false, "conflict"},
		{"", 412, "", "", false, "conflict"},
		{"", 413, "", "", false, "too large"},
		{"", 423, "", "", false, "busy"},
		{"seconds", 429, retry, "", false, "limited"},
		{"a date", 429, date, "", false, "limited"},
		{"", 509, retry, "", false, "limited"},
		{"says when", 503, retry, "", false, "unavailable"},
		{"says nothing", 503, "", "", false, "not there"},
		{"no answer, nothing stored", 0, "", "", false, "not there"},
		{"no answer, stored", 0, "", "", true, "sent"},
		{"stored", 504, "", html, true, "sent"},
		{"HTML", 200, "Content-Type: text/html", html, true, "sent"},
		{"nothing", 200, "", "", true, "sent"},
		{"broken JSON", 201, "", `{"id":"4111`, true, "sent"},
		{"10 MB", 200, "", `{"id":"` + strings.Repeat("x", 10<<20) + `"}`, true, "sent"},
	}
	for _, status := range []int{404, 405, 406, 410, 411, 415, 501} {
		all = append(all, line{"", status, "", "", false, "our fault"})
	}
	for _, status := range []int{408, 500, 502, 504, 507} {
		all = append(all, line{"", status, "", html, false, "not there"})
	}
	for _, status := range []int{200, 201, 202} {
		all = append(all, line{"a referral", status, "Content-Type: text/plain", "=", true, "sent"})
	}
	return all
}

// table is the running program, and the answer that each deal meets.
type table struct {
	*replicas
	mu    sync.Mutex
	deals map[string]line // by the stamp
}

// TestOutcomePages sends a deal for each line of the table of outcomes through the running program,
// and looks at what the rep then sees.
func TestOutcomePages(t *testing.T) {
	t.Parallel()
	c := &table{deals: map[string]line{},
		replicas: newCluster(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), 1)}
	meddle := c.answer
	c.meddle.Store(&meddle)
	c.signIn()
	sends := map[string]line{}
	for _, l := range answers() {
		draft := c.draft()
		c.mu.Lock()
		c.deals[(referral.Draft{ID: draft}).Stamp()] = l
		c.mu.Unlock()
		sends[c.send(draft)] = l
		time.Sleep(time.Second / 10) // the site asks people to take their time
	}
	for id, l := range sends {
		if l.status == http.StatusInternalServerError {
			c.doubt(id)
		}
	}
	for id, l := range sends {
		t.Run(strings.TrimSpace(fmt.Sprint(l.status, " ", l.name)), func(t *testing.T) {
			c.see(t, id, pages()[l.page])
		})
	}
	if n := c.practice.Simulator().Count(); n != stored(answers()) {
		t.Errorf("%d referrals, want %d", n, stored(answers()))
	}
}

func stored(all []line) (n int) {
	for _, l := range all {
		if l.stored {
			n++
		}
	}
	return n
}

// answer is Microsoft's to a deal. A body of "=" is the referral's.
func (c *table) answer(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	l := c.lineOf(body)
	real := httptest.NewRecorder()
	if l.stored {
		c.practice.Simulator().ServeHTTP(real, r)
	}
	if l.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if name, value, ok := strings.Cut(l.header, ": "); ok {
		w.Header().Set(name, value)
	}
	if l.body == "=" {
		l.body = real.Body.String()
	}
	w.WriteHeader(l.status)
	_, _ = io.WriteString(w, l.body)
	return true
}

func (c *table) lineOf(body []byte) line {
	c.mu.Lock()
	defer c.mu.Unlock()
	for stamp, l := range c.deals {
		if bytes.Contains(body, []byte(stamp)) {
			return l
		}
	}
	return line{}
}

// doubt wants the page of a send that is being looked up.
func (c *table) doubt(id string) {
	c.Helper()
	c.eventually("the look-up", 10*time.Second, func() bool {
		s, err := c.store.Job(c.Context(), id)
		c.must(err)
		return s.LookingUp()
	})
	p := c.read(c.T, "/sends/"+id)
	got := append(p.Texts("h1"), p.Texts(".actions .ds-button")...)
	want := []string{"We do not know if Microsoft received this", "Check with Microsoft",
		"Decide later"}
	if diff := cmp.Diff(want, got); diff != "" {
		c.Errorf("page while looking (-want +got):\n%s", diff)
	}
}

// see wants the page of a send.
func (c *table) see(t *testing.T, id string, want page) {
	var s referral.Send
	c.eventually("the outcome", time.Minute, func() (ok bool) {
		var err error
		s, err = c.store.Job(t.Context(), id)
		c.must(err)
		return !s.LookingUp() && (!s.State.Running() || s.State == want.state)
	})
	p := c.read(t, "/sends/"+id)
	got := page{p.Text("h1"), s.State, false, p.Texts(".actions .ds-button")}
	if s.State == referral.Accepted {
		got.buttons = nil // they are about Microsoft's referral
	}
	tab := c.read(t, "/referrals?tab=attention")
	got.attention = tab.All(`a[href="/sends/`+id+`"]`).Length() > 0
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(page{})); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	draft := c.read(t, "/drafts/"+s.DraftID+"/check").Text("h1")
	if open := draft != want.title; open != (want.state == referral.Rejected) {
		t.Errorf("the draft leads to %q", draft)
	}
}

// read returns a page, and waits before it asks again when the site wants that.
func (c *table) read(t *testing.T, path string) *htmlcheck.Page {
	for {
		p := htmlcheck.Parse(t, strings.NewReader(c.fetch(path)))
		if p.Text("h1") != "Too many requests" || t.Context().Err() != nil {
			return p
		}
		time.Sleep(time.Second / 5)
	}
}
