package referral

import (
	"net/http"
	"slices"
	"time"
)

// Undone is a send or a change that is not done.
type Undone struct {
	ID, Name, Customer string
	// Change tells a change from a send.
	Change bool
	// Fate is what becomes of it when an admin ends it.
	Fate Fate
	// Since is when it came to its present state.
	Since time.Time
}

// Fate is what becomes of a send or change that an admin ends in its owner's place.
type Fate int

// The fates.
const (
	// FateStopped: it is cancelled, because certainly nothing of it is at Microsoft.
	FateStopped Fate = iota
	// FateUnknown: it may be at Microsoft, so it stays Unknown and is never sent again.
	FateUnknown
	// FateLater: it is under way and cannot be ended before it rests.
	FateLater
)

// Fate is what becomes of the send when an admin ends it.
func (s Send) Fate() Fate {
	switch {
	case s.State == Sending || s.LookingUp():
		return FateLater
	case s.State == Unknown && s.Outcome.Kind == OutcomeNotFound:
		return FateStopped
	case s.State == Unknown || s.InDoubt():
		return FateUnknown
	}
	return FateStopped
}

// Fate is what becomes of the change when an admin ends it.
func (c Change) Fate() Fate {
	return Send{State: c.State, Outcome: c.Outcome, Attempts: c.Attempts}.Fate()
}

// InDoubt tells whether any attempt of the send was Doubtful.
func (s Send) InDoubt() bool { return slices.ContainsFunc(s.Attempts, Attempt.Doubtful) }

// bandwidthLimit is the status by which Microsoft says that its limit of data was reached.
const bandwidthLimit = 509

// Doubtful tells whether the attempt may have been carried out though no answer said so: it did not
// end, its answer was lost or not readable, led elsewhere, or a gateway or a service in trouble
// gave it.
func (a Attempt) Doubtful() bool {
	status := a.Answer.Status
	switch {
	case a.EndedAt.IsZero(), status == http.StatusRequestTimeout, status/100 == 2,
		status >= http.StatusMultipleChoices && status <= http.StatusSeeOther:
		return true
	case status == 0:
		return !a.SentAt.IsZero()
	}
	return status >= 500 && status != http.StatusNotImplemented && status != bandwidthLimit
}
