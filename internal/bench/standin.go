package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"tandem/internal/practice"
)

// standIn is Microsoft: the identity provider of practice mode, and an API that stores nothing,
// so that it costs next to nothing.
type standIn struct {
	server   *http.Server
	url      string
	identity *practice.Practice
	// delay is how long the API takes for each referral, created how many it answered.
	delay   atomic.Int64
	created atomic.Int64
	// held, while it is not nil, delays answers until it is closed.
	held atomic.Pointer[chan struct{}]
}

const referralsPath = "/v1.0/engagements/referrals"

// newStandIn starts a stand-in for a program that listens at the address tandem.
func newStandIn(tandem string) (*standIn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the stand-in: %w", err)
	}
	s := &standIn{url: "http://" + l.Addr().String()}
	s.identity, err = practice.New(practice.Options{BaseURL: s.url,
		RedirectURL: "http://" + tandem + "/auth/callback"})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("/practice/", s.identity.Handler())
	mux.HandleFunc("POST "+referralsPath, s.create)
	mux.HandleFunc("GET "+referralsPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

// create answers as Microsoft does: what was posted, with ids in front.
func (s *standIn) create(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) == 0 || body[0] != '{' {
		http.Error(w, "no referral", http.StatusBadRequest)
		return
	}
	s.wait(r)
	n := s.created.Add(1)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = fmt.Fprintf(w, `{"id":"%08x-0000-4000-8000-000000000000",`+
		`"engagementId":"%08x-e000-4000-8000-000000000000","eTag":"\"%x\"","direction":"Outgoing",`+
		`"createdDateTime":"2026-01-02T03:04:05Z","updatedDateTime":"2026-01-02T03:04:05Z",%s`,
		n, n, n, strings.TrimPrefix(string(body), "{"))
}

func (s *standIn) wait(r *http.Request) {
	if held := s.held.Load(); held != nil {
		select {
		case <-*held:
		case <-r.Context().Done():
		}
	}
	if d := time.Duration(s.delay.Load()); d > 0 {
		time.Sleep(d)
	}
}

// hold delays all answers until release is called.
func (s *standIn) hold() (release func()) {
	held := make(chan struct{})
	s.held.Store(&held)
	return func() { s.held.Store(nil); close(held) }
}
