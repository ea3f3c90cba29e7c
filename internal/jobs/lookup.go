package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// The bounds of a look-up: how far Microsoft's clock may be off, how many pages are read, how long
// a look-up that fails is tried again, and how long between two tries.
const (
	clockSkew   = 10 * time.Minute
	lookUpPages = 5
	lookUpFor   = 2 * time.Minute
	lookUpEvery = 3 * time.Second
)

// lookUp asks Microsoft whether the send arrived. It returns how long to wait before the next try;
// when it returns zero the state is settled.
func (s *sender) lookUp(ctx context.Context, send referral.Send) (time.Duration, error) {
	found, err := s.find(ctx, send)
	age := s.now().Sub(send.LastAttempt().StartedAt)
	switch {
	case err != nil && age < lookUpFor && !isSignIn(err):
		return lookUpEvery, nil
	case err != nil:
		return 0, s.settled(ctx, send, lookUpFailed(err))
	case found != nil:
		r := fromWire(found, send.Body)
		return 0, s.settled(ctx, send, store.Result{State: referral.Accepted, Referral: &r,
			Outcome: referral.Outcome{Kind: referral.OutcomeAccepted},
			Detail:  "found at Microsoft by a look-up"})
	case age < s.settle:
		return min(s.settle-age, lookUpEvery), nil
	}
	return 0, s.settled(ctx, send, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}})
}

func (s *sender) settled(ctx context.Context, send referral.Send, r store.Result) error {
	r.From = []referral.State{referral.Unknown}
	return s.store.Record(ctx, send.ID, r)
}

func lookUpFailed(err error) store.Result {
	o := referral.Outcome{Kind: referral.OutcomeLookupError}
	var failed *partnercenter.Error
	if errors.As(err, &failed) {
		o.Status, o.Code, o.Numeric = failed.Status, failed.Code, failed.Numeric
		o.Message, o.Claims = failed.Message, failed.Claims
	}
	var signIn *SignInError
	if errors.As(err, &signIn) {
		o.Status, o.Claims = 401, signIn.Claims
	}
	return store.Result{State: referral.Unknown, Outcome: o}
}

func isSignIn(err error) bool {
	var signIn *SignInError
	return errors.As(err, &signIn)
}

// find reads the newest referrals until they are older than the first attempt.
func (s *sender) find(ctx context.Context, send referral.Send) (*partnercenter.Referral, error) {
	token, err := s.tokens.AccessToken(ctx, send.OwnerID)
	if err != nil {
		return nil, err
	}
	oldest := send.CreatedAt.Add(-clockSkew)
	q := query(send)
	for range lookUpPages {
		page, err := s.api.List(ctx, partnercenter.Call{Token: token,
			RequestID: uuid.NewString(), CorrelationID: uuid.NewString()}, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Value {
			ok, err := s.matches(ctx, send, &page.Value[i], oldest)
			if ok || err != nil {
				return &page.Value[i], err
			}
		}
		if q.Next = page.Next; q.Next == "" || past(page.Value, oldest) {
			break
		}
	}
	return nil, nil
}

func query(send referral.Send) partnercenter.Query {
	q := partnercenter.Query{OrderBy: "createdDateTime desc", Top: 100}
	if send.Kind == referral.Microsoft {
		q.Filter = partnercenter.Eq("engagementId", send.EngagementID)
	}
	return q
}

// past tells whether the page ends with a referral older than any attempt.
func past(page []partnercenter.Referral, oldest time.Time) bool {
	return len(page) == 0 || page[len(page)-1].Created.Before(oldest)
}

// matches tells whether r is what this send created: the same stamp or CRM id, name and customer,
// not older than the send, and not known already as another send's.
func (s *sender) matches(
	ctx context.Context, send referral.Send, r *partnercenter.Referral, oldest time.Time,
) (bool, error) {
	if !sameDeal(send, r) || r.Created.Before(oldest) {
		return false, nil
	}
	known, err := s.store.Known(ctx, r.ID)
	return !known, err
}

func sameDeal(send referral.Send, r *partnercenter.Referral) bool {
	same := r.ExternalReferenceID == send.ExternalReferenceID && r.Name == send.Name &&
		r.CustomerProfile.Name == send.Customer
	if send.Kind == referral.Microsoft {
		return same && r.EngagementID == send.EngagementID && forMicrosoft(r)
	}
	return same && !forMicrosoft(r)
}

// forMicrosoft tells whether the referral's target is Microsoft itself.
func forMicrosoft(r *partnercenter.Referral) bool {
	for _, t := range r.Target {
		if t.ID == "msft" {
			return true
		}
	}
	return false
}
