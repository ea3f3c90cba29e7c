package jobs

import (
	"net/http"
	"slices"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// verdict is the consequence of a failed attempt.
type verdict struct {
	outcome referral.Outcome
	state   referral.State
	wait    time.Duration
}

// rule is the meaning of answers that have one of the numeric codes or statuses, or pass the test.
type rule struct {
	codes, statuses []int
	test            func(*partnercenter.Error) bool
	kind            referral.OutcomeKind
	state           referral.State
}

// rules returns the table of outcomes. The first rule that applies counts. A request to whose
// answer none applies may have been carried out. No rule looks at the message, which may change.
//
// Statuses: learn.microsoft.com/partner-center/developer/referrals-api-response-codes; those that
// it leaves out, RFC 9110 §15. Numeric codes:
// learn.microsoft.com/partner-center/developer/error-codes.
func rules() []rule {
	return []rule{
		{codes: []int{partnercenter.NumericNoMFA},
			kind: referral.OutcomeMFA, state: referral.NeedsSignIn},
		{codes: []int{conditionalAccess}, test: challenged,
			kind: referral.OutcomeSignIn, state: referral.NeedsSignIn},
		{codes: []int{appOnly, wrongAudience},
			kind: referral.OutcomeOurFault, state: referral.Rejected},
		{test: nothingProcessed, kind: referral.OutcomeUnavailable, state: referral.Waiting},
		{statuses: []int{400, 422}, kind: referral.OutcomeInvalid, state: referral.Rejected},
		{statuses: []int{401}, kind: referral.OutcomeSignIn, state: referral.NeedsSignIn},
		{statuses: []int{403}, kind: referral.OutcomeForbidden, state: referral.Rejected},
		{statuses: []int{409, 412}, kind: referral.OutcomeConflict, state: referral.Rejected},
		{statuses: []int{413}, kind: referral.OutcomeTooLarge, state: referral.Rejected},
		{statuses: []int{423}, kind: referral.OutcomeBusy, state: referral.Rejected},
		{statuses: []int{429, bandwidthLimit},
			kind: referral.OutcomeLimited, state: referral.Waiting},
		{statuses: []int{408}, kind: referral.OutcomeUnknown, state: referral.Unknown},
		{statuses: []int{501}, test: refused,
			kind: referral.OutcomeOurFault, state: referral.Rejected},
	}
}

func (r rule) fits(e *partnercenter.Error) bool {
	return slices.Contains(r.codes, e.Numeric) || slices.Contains(r.statuses, e.Status) ||
		r.test != nil && r.test(e)
}

// challenged tells whether the answer has a claims challenge.
func challenged(e *partnercenter.Error) bool { return e.Claims != "" }

// refused tells whether the status says that the server did nothing. A redirect may lead to what it
// did, unless it asks for the same request elsewhere.
func refused(e *partnercenter.Error) bool {
	return e.Status > http.StatusSeeOther && e.Status < 500
}

// bandwidthLimit is the status for Microsoft's bandwidth limit, which is not in net/http.
const bandwidthLimit = 509

// The numeric codes that say more than the status (Microsoft's authentication errors).
const (
	conditionalAccess = 900309
	appOnly           = 900329
	wrongAudience     = 900420
)

// How long a send waits when the answer has no Retry-After, and how often before it is given up.
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
		v.state = referral.Queued // a fresh token may help
	case v.state == referral.Waiting:
		v = patience(v, e, send)
	}
	return v
}

// describe adds Microsoft's codes and message to an outcome.
func describe(o referral.Outcome, e *partnercenter.Error) referral.Outcome {
	o.Status, o.Code, o.Numeric = e.Status, e.Code, e.Numeric
	o.Target, o.Message, o.Claims = e.Target, e.Message, e.Claims
	if f, _, ok := referral.FieldOf(e.Target); ok {
		o.Path = f.Path
	}
	return o
}

func judge(e *partnercenter.Error) verdict {
	for _, r := range rules() {
		if r.fits(e) {
			return to(r.kind, r.state)
		}
	}
	return to(referral.OutcomeUnknown, referral.Unknown)
}

func to(kind referral.OutcomeKind, state referral.State) verdict {
	return verdict{outcome: referral.Outcome{Kind: kind}, state: state}
}

// nothingProcessed tells whether the request was never sent, or was refused by a 503 that says so
// by its code or a Retry-After. Any other 503 may come after a referral was stored.
func nothingProcessed(e *partnercenter.Error) bool {
	if e.Status == 0 {
		return !e.Sent
	}
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

// wantsFresh tells whether the person must authenticate anew, because Microsoft would refuse a
// sign-in from the provider's session again: it missed a second factor, or a policy of the
// organisation, and named no claims.
func wantsFresh(o referral.Outcome) bool {
	return o.Claims == "" && (o.Kind == referral.OutcomeMFA ||
		o.Numeric == partnercenter.NumericNoMFA || o.Numeric == conditionalAccess)
}

// patience sets how long a send waits, or gives it up after too many attempts.
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
