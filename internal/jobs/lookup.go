package jobs

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// The bounds of a look-up: for how long one that fails is repeated, and how long the pause is at
// least, unless Microsoft says. The pause grows to a quarter of the time since the first failure,
// so that many waiting sends do not overload a service that recovers.
const (
	lookUpFor   = 2 * time.Minute
	lookUpEvery = 3 * time.Second
)

// lookUp asks Microsoft whether the send arrived. It returns how long to wait before the next try,
// or zero when the state is settled.
func (s *sender) lookUp(ctx context.Context, send referral.Send) (time.Duration, error) {
	late, look := s.late(ctx, send), s.find
	if late < 0 {
		look = s.glance
	}
	token, err := s.tokens.AccessToken(ctx, send.OwnerID)
	var found *partnercenter.Referral
	if err == nil {
		found, err = look(ctx, send, token)
	}
	switch {
	case found != nil:
		return 0, s.settled(ctx, send, foundResult(found, send))
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil:
		return s.lookUpFailed(ctx, send, late, err)
	case late < 0:
		return min(-late, lookUpEvery), nil
	}
	return 0, s.settled(ctx, send, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}})
}

// late returns for how long Microsoft has shown the referral by now, negative when that is to come.
// When it is to come later than it can, the clock was set back: then nobody knows how long ago the
// attempt was, and late waits for as long as one can take to show.
func (s *sender) late(ctx context.Context, send referral.Send) time.Duration {
	late, longest := s.now().Sub(s.shownBy(send)), s.callTimeout+s.settle
	if -late <= longest {
		return late
	}
	select {
	case <-ctx.Done():
	case <-time.After(longest):
	}
	return lookUpFor
}

// shownBy returns from when on Microsoft shows the referral that the last attempt created, if it
// did. An attempt whose end is not known may have run for as long as a call can, or until its
// process was certainly dead. Without an attempt, it is about referrals that sends before this one
// may have created.
func (s *sender) shownBy(send referral.Send) time.Time {
	last := send.LastAttempt()
	if over := overAt(send); !over.IsZero() {
		return over.Add(s.settle)
	}
	ended := last.StartedAt.Add(s.callTimeout)
	if last.LostAt.After(last.StartedAt) && last.LostAt.Before(ended) {
		ended = last.LostAt
	}
	return ended.Add(s.settle)
}

// overAt is when the last attempt ended, or when the send was created if there was none; zero when
// the end is not known.
func overAt(send referral.Send) time.Time {
	if len(send.Attempts) == 0 {
		return send.CreatedAt
	}
	return send.LastAttempt().EndedAt
}

// foundResult is the result of a look-up that found the send's referral.
func foundResult(found *partnercenter.Referral, send referral.Send) store.Result {
	r := fromWire(found, send.Body)
	return store.Result{State: referral.Accepted, Referral: &r, Unclaimed: true,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted},
		Detail:  "found at Microsoft by a look-up"}
}

// lookUpFailed returns how long to wait for the next try. After the last one it records that the
// look-up failed.
func (s *sender) lookUpFailed(
	ctx context.Context, send referral.Send, late time.Duration, err error,
) (time.Duration, error) {
	o, signIn := failure(err)
	wait := max(retryAfter(err), lookUpEvery, late/4)
	if !signIn && late < lookUpFor-wait {
		return wait, nil
	}
	if o.Kind = referral.OutcomeLookupError; signIn {
		o.Status = http.StatusUnauthorized
	}
	return 0, s.settled(ctx, send, store.Result{State: referral.Unknown, Outcome: o})
}

// failure interprets why a look-up failed, and tells whether only a new sign-in helps.
func failure(err error) (o referral.Outcome, signIn bool) {
	var refused *SignInError
	if errors.As(err, &refused) {
		return referral.Outcome{Kind: referral.OutcomeSignIn, Claims: refused.Claims}, true
	}
	var failed *partnercenter.Error
	if !errors.As(err, &failed) {
		return referral.Outcome{Kind: referral.OutcomeLookupError}, false
	}
	v := judge(failed)
	return describe(v.outcome, failed), v.state == referral.NeedsSignIn
}

// retryAfter is how long Microsoft asks to wait, zero when it does not say.
func retryAfter(err error) time.Duration {
	var failed *partnercenter.Error
	if errors.As(err, &failed) {
		return failed.RetryAfter
	}
	return 0
}

// lookFirst looks for a referral that an earlier attempt may have created. It reports whether that
// settled the send, so that it must not be posted.
func (s *sender) lookFirst(
	ctx context.Context, send referral.Send, token string,
) (bool, error) {
	suspects, err := s.suspects(ctx, send)
	if err != nil {
		return true, err
	}
	for _, one := range suspects {
		found, err := s.find(ctx, one, token)
		switch {
		case found != nil:
			return true, s.settled(ctx, send, foundResult(found, send))
		case ctx.Err() != nil:
			return true, ctx.Err()
		case err != nil:
			return true, s.settled(ctx, send, s.cannotLook(send, err))
		}
	}
	return false, nil
}

// suspects returns the sends, this one and those before it, that may have created the deal's
// referral already. This one counts as well if it is a connected referral that Tandem has seen
// somebody create. In a database that was brought back from a copy, there may also have been a send
// that the copy lacks; this one then stands for it, with the time of the copy.
func (s *sender) suspects(ctx context.Context, send referral.Send) ([]referral.Send, error) {
	all, err := s.store.Earlier(ctx, send)
	if err != nil {
		return nil, err
	}
	connected := false
	if send.Kind == referral.Microsoft {
		if connected, err = s.store.Connected(ctx, send.EngagementID); err != nil {
			return nil, err
		}
	}
	all = slices.DeleteFunc(append(all, send), func(one referral.Send) bool {
		return !one.InDoubt() && !(connected && one.ID == send.ID)
	})
	copied, err := s.store.Restored(ctx, send.DraftID)
	if !copied.IsZero() {
		lost := send
		lost.CreatedAt = copied
		all = append(all, lost)
	}
	return all, err
}

// cannotLook is the result for a send whose look-up failed and that must not be posted before one
// succeeds. It waits for a sign-in or, if it was waiting anyway, for Microsoft's service, but not
// for ever.
func (s *sender) cannotLook(send referral.Send, err error) store.Result {
	o, signIn := failure(err)
	wait := cmp.Or(retryAfter(err), defaultWait)
	late := s.now().Sub(overAt(send))
	switch {
	case signIn:
		return store.Result{State: referral.NeedsSignIn, Outcome: o}
	case send.State == referral.Waiting && late < lookUpFor-wait:
		o.Kind = referral.OutcomeUnavailable
		return store.Result{State: referral.Waiting, Outcome: o, WaitUntil: s.now().Add(wait),
			Detail: "the look-up before sending again failed"}
	}
	o.Kind = referral.OutcomeLookupError
	return store.Result{State: referral.Unknown, Outcome: o}
}
