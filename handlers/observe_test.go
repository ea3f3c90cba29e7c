package handlers_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/handlers"
	"tandem/internal/metrics"
	"tandem/internal/referral"
)

var _ handlers.Observer = (*metrics.Metrics)(nil)

type observed struct {
	Route, Method string
	Status        int
	Took          time.Duration
}

// observer keeps what it is told.
type observer struct{ all []observed }

func (o *observer) Request(route, method string, status int, took time.Duration) {
	o.all = append(o.all, observed{route, method, status, took})
}

// slowSender takes a second to look something up.
type slowSender struct {
	*sender
	clock *clock
}

func (s slowSender) LookUp(context.Context, referral.Caller, string) error {
	s.clock.move(time.Second)
	return nil
}

// leavingSender is asked by somebody who goes away meanwhile. What it answers is what a database
// says of a transaction that ended under its hands.
type leavingSender struct {
	*sender
	leave func()
}

func (s leavingSender) LookUp(context.Context, referral.Caller, string) error {
	s.leave()
	return sql.ErrTxDone
}

// Who goes away is counted as such. It is no fault, whatever the database makes of it, unless he is
// there to see it.
func TestGoneAway(t *testing.T) {
	site, seen := newSite(t), &observer{}
	ctx, leave := context.WithCancel(t.Context())
	sender := &leavingSender{sender: site.sender, leave: func() {}}
	site.deps.Observe, site.deps.Sender = seen, sender
	site.Handler = handlers.New(site.deps)
	b := site.signIn(t, priya())
	ask := func() *answer {
		return b.send(httptest.NewRequestWithContext(ctx, http.MethodPost, "/sends/some/check", nil))
	}
	ask().want(http.StatusInternalServerError)
	site.log.Reset()
	sender.leave = leave
	if a := ask(); a.body != "" {
		t.Errorf("answered %q", a.body)
	}
	if got := seen.all[len(seen.all)-1].Status; got != 499 {
		t.Errorf("counted as %d, want 499", got)
	}
	if site.log.Len() > 0 {
		t.Errorf("logged %s", site.log)
	}
}

// silentSender waits for a database that does not answer.
type silentSender struct{ *sender }

func (silentSender) LookUp(ctx context.Context, _ referral.Caller, _ string) error {
	<-ctx.Done()
	return sql.ErrTxDone
}

// Who waits for what does not answer is told so in the end.
func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	site.deps.Sender, site.deps.Patience = silentSender{site.sender}, 500*time.Millisecond
	site.Handler = handlers.New(site.deps)
	b := site.signIn(t, priya())
	page := sound(b.post("/sends/some/check", nil), http.StatusServiceUnavailable)
	if got := page.Text("main p:not(.dim)"); !strings.Contains(got, "may not be saved") {
		t.Errorf("the page says %q", got)
	}
}

func TestObserve(t *testing.T) {
	site, seen := newSite(t), &observer{}
	site.deps.Observe, site.deps.Sender = seen, slowSender{site.sender, site.clock}
	site.Handler = handlers.New(site.deps)
	b := site.signIn(t, priya())
	b.get("/drafts?secret=1")
	b.get("/drafts/none")
	b.get("/nowhere")
	b.post("/sends/some/check", nil)
	b.send(httptest.NewRequest("BREW", "/drafts", nil))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	b.send(httptest.NewRequestWithContext(gone, http.MethodGet, "/drafts", nil))
	want := []observed{
		{"/drafts", "GET", 200, 0},
		{"/drafts/:d", "GET", 404, 0},
		{"", "GET", 404, 0},
		{"/sends/:s/check", "POST", 303, time.Second},
		{"/drafts", "BREW", 405, 0},
		{"/drafts", "GET", 499, 0},
	}
	if diff := cmp.Diff(want, seen.all); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

// lines are those of the log with the message.
func (s *site) lines(t *testing.T, message string) (out []map[string]any) {
	t.Helper()
	for line := range strings.Lines(s.log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if fields["msg"] == message {
			out = append(out, fields)
		}
	}
	return out
}

func newLoggedSite(t *testing.T) *sendSite {
	site := newSendSite(t)
	site.deps.Log = slog.New(slog.NewJSONHandler(site.log,
		&slog.HandlerOptions{Level: slog.LevelDebug})).With("program", "tandem")
	site.Handler = handlers.New(site.deps)
	return site
}

// The id on the page finds the lines of the request, and the send that it asked for.
func TestRequestID(t *testing.T) {
	site := newLoggedSite(t)
	priya := site.rep("Priya Raman", false)
	draft := priya.draft(contoso())
	site.log.Reset()
	a := priya.post("/drafts/"+draft+"/send", nil).want(http.StatusSeeOther)
	sendID := strings.TrimPrefix(a.header.Get("Location"), "/sends/")
	priya.post("/sends/"+sendID+"/check", nil)
	priya.post("/sends/"+sendID+"/again", nil)
	asked := site.lines(t, "send asked for")
	if len(asked) != 3 {
		t.Fatalf("logged %v", asked)
	}
	for i, action := range []string{"submit", "look up", "again"} {
		if asked[i]["action"] != action || asked[i]["send"] != sendID {
			t.Errorf("logged %v, want %s of send %s", asked[i], action, sendID)
		}
	}
	id := a.header.Get("X-Request-Id")
	if id == "" || asked[0]["request_id"] != id || site.lines(t, "request")[0]["request_id"] != id {
		t.Errorf("request %q is logged as %v", id, asked[0])
	}
	if asked[0]["program"] != "tandem" {
		t.Errorf("the line lost what the log says everywhere: %v", asked[0])
	}
	if asked[1]["request_id"] == id {
		t.Error("two requests have the same id")
	}
}

func TestRequestIDOfARefusal(t *testing.T) {
	site := newLoggedSite(t)
	r := httptest.NewRequest(http.MethodGet, "/drafts/none", nil)
	r.Header.Set("X-Request-Id", "planted")
	a := site.rep("Priya Raman", false).send(r).want(http.StatusNotFound)
	id, refused := a.header.Get("X-Request-Id"), site.lines(t, "request refused")
	if id == "planted" || len(refused) != 1 || refused[0]["request_id"] != id ||
		refused[0]["route"] != "/drafts/:d" {
		t.Errorf("request %q is logged as %v", id, refused)
	}
}

// brokenSender panics when it is asked to look something up.
type brokenSender struct{ handlers.Sender }

func (brokenSender) LookUp(context.Context, referral.Caller, string) error { panic("broken") }

// TestPanicIsLogged leads from the page to where in the program it broke.
func TestPanicIsLogged(t *testing.T) {
	site := newLoggedSite(t)
	site.deps.Sender = brokenSender{site.sender}
	site.Handler = handlers.New(site.deps)
	a := site.rep("Priya Raman", false).post("/sends/some/check", nil)
	page, lines := sound(a, http.StatusInternalServerError), site.lines(t, "panic")
	if len(lines) != 1 || lines[0]["request_id"] != page.Text("main code") ||
		lines[0]["route"] != "/sends/:s/check" || lines[0]["value"] != "broken" ||
		!strings.Contains(lines[0]["stack"].(string), "brokenSender.LookUp") {
		t.Errorf("logged %v", lines)
	}
}

func TestRequestIDOutsideOfARequest(t *testing.T) {
	if id := handlers.RequestID(t.Context()); id != "" {
		t.Errorf("id %q", id)
	}
}
