package practice

import (
	"bytes"
	"net/http"
	"slices"
	"time"
)

// keptRequests is how many calls are remembered, bodies and all.
const keptRequests = 200

// Request is one call the simulator got.
type Request struct {
	// At is when its first byte arrived.
	At                  time.Time
	Method, Path, Query string
	// Header has no Authorization; Person is the e-mail address it stood for,
	// empty when the token was not accepted.
	Header http.Header
	Person string
	Body   []byte
	// Status is the answer's, 0 while there is none or when the connection was
	// closed without one (HungUp).
	Status int
	HungUp bool
	Took   time.Duration
	// Note is for the page of practice controls and not told to the caller, such as the reason of a
	// 400.
	Note string
}

// Requests returns the last calls, oldest first.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Request, 0, len(s.log))
	for _, entry := range s.log {
		list = append(list, *entry)
	}
	return list
}

func (s *Simulator) begin(r *http.Request, c call, arrived time.Time) *Request {
	header := r.Header.Clone()
	header.Del("Authorization")
	entry := &Request{
		At: arrived, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: header, Body: bytes.Clone(c.body),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, entry)
	if extra := len(s.log) - keptRequests; extra > 0 {
		s.log = slices.Delete(s.log, 0, extra)
	}
	return entry
}

func (s *Simulator) end(entry *Request, out outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Took = s.now().Sub(entry.At)
	entry.HungUp = out.hangUp
	if !out.hangUp {
		entry.Status = out.status
	}
}
