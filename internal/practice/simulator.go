package practice

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	referralsPath  = "/v1.0/engagements/referrals"
	maxRequestBody = 1 << 20
)

// Simulator behaves like the Partner Center Referrals API: it checks tokens and
// roles, keeps what is created, and refuses what the service refuses. Fail makes
// it misbehave. It must be served over HTTP/1, because some faults close the
// connection in the middle of a call.
type Simulator struct {
	now      func() time.Time
	newID    func() string
	holder   func(token string) (grant, bool)
	capacity int

	mu       sync.Mutex
	shelf    shelf
	faults   []Fault
	barriers map[string]barrier
	log      []*Request
	// nextBase is what next links begin with.
	nextBase string
}

func newSimulator(o Options, reg *register) *Simulator {
	return &Simulator{
		now: o.Now, newID: uuid.NewString, holder: reg.holder, capacity: o.Capacity,
		barriers: map[string]barrier{}, nextBase: printedNext,
	}
}

// call is one request after its body was read.
type call struct {
	method, id string
	known      bool
	header     http.Header
	query      string
	body       []byte
	tooLarge   bool
	// gone tells whether the caller no longer waits for the answer.
	gone func() bool
}

// outcome is what happens to a call: an answer, perhaps late, or none.
type outcome struct {
	answer
	delay  time.Duration
	hangUp bool
}

// ServeHTTP answers one call of the API.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := s.now()
	c := readCall(r)
	entry := s.begin(r, c, arrived)
	out := s.respond(c, entry)
	if out.delay > 0 {
		wait(r, out.delay)
	}
	s.end(entry, out)
	if out.hangUp {
		hangUp(w)
		return
	}
	s.write(w, r, out.answer)
}

func readCall(r *http.Request) call {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBody+1))
	id, known := strings.CutPrefix(r.URL.Path, referralsPath)
	id, slash := strings.CutPrefix(id, "/")
	return call{
		method: r.Method, id: id, known: known && slash == (id != ""),
		header: r.Header, query: r.URL.RawQuery, body: body,
		tooLarge: err != nil || len(body) > maxRequestBody,
		gone:     func() bool { return r.Context().Err() != nil },
	}
}

// respond decides what becomes of the call, in the order of the real service: the token, the role,
// any queued fault, and then the call itself.
func (s *Simulator) respond(c call, entry *Request) outcome {
	token, _ := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
	g, ok := s.holder(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.method == http.MethodGet && c.gone() {
		return outcome{hangUp: true}
	}
	if !ok {
		return outcome{answer: unauthenticated()}
	}
	entry.Person = g.person.Email
	if b, ok := s.blocked(g); ok {
		return outcome{answer: b.refusal()}
	}
	if g.person.Access == NoAccess {
		return outcome{answer: noPrivilege()}
	}
	if f, ok := s.takeFault(c.method); ok {
		entry.Note = "fault: " + string(f.Kind)
		return s.misbehave(f, c, g)
	}
	out := outcome{answer: s.route(c, g)}
	entry.Note = out.note
	return out
}

func (s *Simulator) route(c call, g grant) answer {
	switch {
	case !c.known:
		return refusal(http.StatusNotFound, "itemNotFound", "Resource not found.")
	case c.tooLarge:
		return refusal(http.StatusRequestEntityTooLarge, "invalidRequest",
			"The request is too large.")
	case c.method == http.MethodPost && c.id == "":
		return s.create(c, g)
	case c.method == http.MethodGet && c.id == "":
		return s.list(c, g)
	case c.method == http.MethodGet:
		return s.read(c, g)
	case c.method == http.MethodPatch && c.id != "":
		return s.change(c, g)
	}
	return refusal(http.StatusMethodNotAllowed, "invalidRequest", "The method is not supported.")
}

func (s *Simulator) write(w http.ResponseWriter, r *http.Request, a answer) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Request-ID", s.newID())
	h.Set("x-ms-ags-diagnostic", `{"ServerInfo":{"DataCenter":"Practice","Slice":"SliceP"}}`)
	h.Set("timestamp", stamp(s.now()))
	for _, name := range []string{"client-request-id", "MS-RequestId", "MS-CorrelationId"} {
		if v := r.Header.Get(name); v != "" {
			h.Set(name, v)
		}
	}
	for name, values := range a.header {
		h[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// wait ends early when the caller gives up.
func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_ = conn.Close()
}
