package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// flowAge is how long a person may take to sign in.
const flowAge = 10 * time.Minute

// ErrNoFlow is returned for a sign-in that this browser did not begin, that took over ten minutes,
// or whose cookie was tampered with.
var ErrNoFlow = errors.New("no sign-in is under way")

// Flow is a sign-in under way: what came with the browser when it left for the identity provider,
// and must match when it comes back.
type Flow struct {
	// State, Nonce and Verifier are the random values of the request.
	State, Nonce, Verifier string
	// ReturnTo is the local path to go to afterwards.
	ReturnTo string
	// Started is when the browser left.
	Started time.Time
}

// SaveFlow gives the flow to the browser, for ten minutes. A ReturnTo that is not local, or too
// long for a cookie, becomes "/".
func (s *Sessions) SaveFlow(w http.ResponseWriter, r *http.Request, f Flow) error {
	f.ReturnTo = LocalPath(f.ReturnTo)
	err := s.writeFlow(w, r, f)
	if err != nil && f.ReturnTo != "/" {
		f.ReturnTo = "/"
		err = s.writeFlow(w, r, f)
	}
	return err
}

func (s *Sessions) writeFlow(w http.ResponseWriter, r *http.Request, f Flow) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encoding a sign-in: %w", err)
	}
	return s.flow.write(w, r, string(text))
}

// TakeFlow returns the flow the browser holds and takes it away, whatever comes of it: a flow
// serves one answer only. The error is ErrNoFlow.
func (s *Sessions) TakeFlow(w http.ResponseWriter, r *http.Request) (Flow, error) {
	text, ok := s.flow.read(r)
	s.flow.remove(w)
	if !ok {
		return Flow{}, ErrNoFlow
	}
	var f Flow
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return Flow{}, fmt.Errorf("%w: %v", ErrNoFlow, err)
	}
	if s.Now().After(f.Started.Add(flowAge)) {
		return Flow{}, ErrNoFlow
	}
	return f, nil
}
