package jobs

import (
	"net/http"
	"slices"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// verdict is what a failed attempt comes to.
type verdict struct {
	outcome referral.Outcome
	state   referral.State
	wait    time.Duration
}

// rule maps statuses to an outcome and the state the send goes to. The table follows Microsoft's
// list of error codes; it never looks at the message, which may change.
type rule struct {
	statuses []int
	kind     referral.OutcomeKind
	state    referral.State
}

func rules() []rule {
	return []rule{
		{[]int{400, 422}, referral.OutcomeInvalid, referral.Rejected},
		{[]int{401}, referral.OutcomeSignIn, referral.NeedsSignIn},
		{[]int{403}, referral.OutcomeForbidden, referral.Rejected},
		{[]int{404, 405, 406, 410, 411, 415, 501}, referral.OutcomeOurFault, referral.Rejected},
		{[]int{409, 412}, referral.OutcomeConflict, referral.Rejected},
		{[]int{413}, referral.OutcomeTooLarge, referral.Rejected},
		{[]int{423}, referral.OutcomeBusy, referral.Rejected},
		{[]int{429, bandwidthLimit}, referral.OutcomeLimited, referral.Waiting},
	}
}

// bandwidthLimit is the status by which Microsoft says that its limit of data was reached.
const bandwidthLimit = 509

// The numeric codes that say more than the status (Microsoft's authentication errors).
const (
	conditionalAccess = 900309
	appOnly           = 900329
	wrongAudience     = 900420
)

// The waits: Retry-After when given, else this, and how often we wait before giving up.
const (
	defaultWait    = 30 * time.Second
	maxUnavailable = 3
	maxLimited     = 20
)

// interpret says what a failed attempt means, by status, code and whether anything was sent.
func interpret(e *partnercenter.Error, send referral.Send) verdict {
	v := judge(e)
	v.outcome = describe(v.outcome, e)
	switch {
	case staleToken(e) && v.outcome.Kind == referral.OutcomeSignIn && firstRefusal(send):
		v.state = referral.Queued // a fresh token may do
	case v.state == referral.Waiting:
		v = patience(v, e, send)
	}
	return v
}

// describe adds what Microsoft said.
func describe(o referral.Outcome, e *partnercenter.Error) referral.Outcome {
	o.Status, o.Code, o.Numeric = e.Status, e.Code, e.Numeric
	o.Target, o.Message, o.Claims = e.Target, e.Message, e.Claims
	if f, _, ok := referral.FieldOf(e.Target); ok {
		o.Path = f.Path
	}
	return o
}

func judge(e *partnercenter.Error) verdict {
	switch {
	case e.Numeric == partnercenter.NumericNoMFA:
		return to(referral.OutcomeMFA, referral.NeedsSignIn)
	case e.Claims != "" || e.Numeric == conditionalAccess:
		return to(referral.OutcomeSignIn, referral.NeedsSignIn)
	case e.Numeric == appOnly || e.Numeric == wrongAudience:
		return to(referral.OutcomeOurFault, referral.Rejected)
	case e.Status == 0 && !e.Sent, nothingProcessed(e):
		return to(referral.OutcomeUnavailable, referral.Waiting)
	}
	for _, r := range rules() {
		if slices.Contains(r.statuses, e.Status) {
			return to(r.kind, r.state)
		}
	}
	if e.Status >= 300 && e.Status < 500 && e.Status != http.StatusRequestTimeout {
		return to(referral.OutcomeOurFault, referral.Rejected)
	}
	return to(referral.OutcomeUnknown, referral.Unknown)
}

func to(kind referral.OutcomeKind, state referral.State) verdict {
	return verdict{outcome: referral.Outcome{Kind: kind}, state: state}
}

// nothingProcessed tells whether a 503 comes from a service that refused to begin: it says so, or
// says when to come back. Any other 503 may hide a referral that was stored.
func nothingProcessed(e *partnercenter.Error) bool {
	return e.Status == http.StatusServiceUnavailable &&
		(e.RetryAfter > 0 || e.Code == "serviceNotAvailable")
}

// firstRefusal tells whether no earlier attempt of this send was answered 401.
func firstRefusal(send referral.Send) bool {
	return answered(send, http.StatusUnauthorized) == 0
}

// answered counts the ended attempts with this status; 0 counts those that got no answer.
func answered(send referral.Send, status int) int {
	n := 0
	for _, a := range send.Attempts {
		if !a.EndedAt.IsZero() && a.Answer.Status == status {
			n++
		}
	}
	return n
}

// doubtful tells whether the attempt may have created the referral though no answer said so: it did
// not end, its answer was lost or not readable, or a gateway or a service in trouble gave it.
func doubtful(a referral.Attempt) bool {
	status := a.Answer.Status
	switch {
	case a.EndedAt.IsZero(), status == http.StatusRequestTimeout, status/100 == 2:
		return true
	case status == 0:
		return !a.SentAt.IsZero()
	}
	return status >= 500 && status != http.StatusNotImplemented && status != bandwidthLimit
}

// inDoubt tells whether any attempt of the send was doubtful.
func inDoubt(send referral.Send) bool { return slices.ContainsFunc(send.Attempts, doubtful) }

// wantsFresh tells whether a sign-in that the provider remembers would be refused again: Microsoft
// missed a second factor, or a rule of the organisation, and did not say which claims it wants.
func wantsFresh(o referral.Outcome) bool {
	return o.Claims == "" && (o.Kind == referral.OutcomeMFA ||
		o.Numeric == partnercenter.NumericNoMFA || o.Numeric == conditionalAccess)
}

// patience sets how long a send waits, or gives it up after enough attempts.
func patience(v verdict, e *partnercenter.Error, send referral.Send) verdict {
	most := maxUnavailable
	if v.outcome.Kind == referral.OutcomeLimited {
		most = maxLimited
	}
	if answered(send, e.Status)+1 > most {
		return verdict{outcome: v.outcome, state: referral.Rejected}
	}
	if v.wait = e.RetryAfter; v.wait <= 0 {
		v.wait = defaultWait
	}
	return v
}
