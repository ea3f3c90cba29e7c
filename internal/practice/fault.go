package practice

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Kind names a fault.
type Kind string

// The faults. Faults says what each does.
const (
	Invalid         Kind = "invalid"
	InvalidField    Kind = "invalid-field"
	InvalidNumeric  Kind = "invalid-numeric"
	Token           Kind = "token"
	NoMFA           Kind = "mfa"
	ClaimsChallenge Kind = "claims"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not-found"
	Conflict        Kind = "conflict"
	Stale           Kind = "stale"
	TooLarge        Kind = "too-large"
	Locked          Kind = "locked"
	RateLimit       Kind = "rate-limit"
	RateLimitDate   Kind = "rate-limit-date"
	ServerError     Kind = "server-error"
	BadGateway      Kind = "bad-gateway"
	Unavailable     Kind = "unavailable"
	GatewayTimeout  Kind = "gateway-timeout"
	LostRequest     Kind = "lost-request"
	LostAnswer      Kind = "lost-answer"
	Slow            Kind = "slow"
	NoAnswer        Kind = "no-answer"
	HTML            Kind = "html"
	Empty           Kind = "empty"
	BrokenJSON      Kind = "broken-json"
	Huge            Kind = "huge"
)

// Fault is a misbehaviour for the next calls.
type Fault struct {
	Kind Kind
	// Method limits it to POST, GET or PATCH; empty means any.
	Method string
	// Count is for how many calls, at least one. A demand for a new sign-in
	// (NoMFA, ClaimsChallenge) then holds for the person until it is met.
	Count int
	// RetryAfter goes with RateLimit and RateLimitDate (10 s if zero) and with
	// Unavailable (none if zero). It is sent in whole seconds.
	RetryAfter time.Duration
	// Delay is how long Slow takes; zero means 5 s.
	Delay time.Duration
	// Target is the field InvalidField names; empty means
	// customerProfile.address.country.
	Target string
}

// FaultInfo describes a fault to people.
type FaultInfo struct {
	Kind Kind
	// Name is short, Effect a sentence about what a rep meets.
	Name, Effect string
	// Stores says that the call is carried out all the same.
	Stores bool
}

// Fail queues a fault. It is an error if nothing can be done with it.
func (s *Simulator) Fail(f Fault) error {
	known := func(info FaultInfo) bool { return info.Kind == f.Kind }
	if !slices.ContainsFunc(Faults(), known) {
		return fmt.Errorf("practice fault: %q is not known", f.Kind)
	}
	methods := []string{"", http.MethodPost, http.MethodGet, http.MethodPatch}
	if !slices.Contains(methods, f.Method) {
		return fmt.Errorf("practice fault: %q is not a method of the api", f.Method)
	}
	f.Count = max(f.Count, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
	return nil
}

// Queued returns the faults that wait, the next first.
func (s *Simulator) Queued() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// ClearFaults removes what is queued, and every demand for a new sign-in.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	clear(s.barriers)
}

func (s *Simulator) takeFault(method string) (Fault, bool) {
	i := slices.IndexFunc(s.faults, func(f Fault) bool {
		return f.Method == "" || f.Method == method
	})
	if i < 0 {
		return Fault{}, false
	}
	f := s.faults[i]
	s.faults[i].Count--
	if s.faults[i].Count <= 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f, true
}
