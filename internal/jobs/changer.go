package jobs

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// changer makes attempts to change a referral, and looks up their results. A PATCH carries the eTag
// of the version it was made on, and Microsoft refuses it when the referral has another version. So
// repeating it is safe, but a look-up precedes each repetition all the same.
type changer struct{ *sender }

// maxPatches is how often a change is sent at most.
const maxPatches = 5

// step does what the change's state requires. It returns how long to wait before the next step, and
// whether the change rests.
func (s changer) step(
	ctx context.Context, ch referral.Change,
) (wait time.Duration, rests bool, err error) {
	switch ch.State {
	case referral.Waiting:
		if left := ch.WaitUntil.Sub(s.now()); left > 0 {
			return left, false, nil
		}
		return 0, false, s.attempt(ctx, ch)
	case referral.Queued:
		return 0, false, s.attempt(ctx, ch)
	case referral.Sending:
		if left := s.grace(asSend(ch)); left > 0 {
			return min(left, lookUpEvery), false, nil
		}
		return 0, false, s.interrupted(ctx, ch.ID, nil)
	case referral.Unknown:
		if ch.LookingUp() {
			wait, err := s.lookUp(ctx, ch)
			return wait, false, err
		}
	}
	return 0, true, nil
}

// asSend returns the change as a send, for the rules about attempts, which are the same.
func asSend(ch referral.Change) referral.Send {
	return referral.Send{ID: ch.ID, Kind: store.KindChange, OwnerID: ch.OwnerID, State: ch.State,
		Outcome: ch.Outcome, WaitUntil: ch.WaitUntil, Attempts: ch.Attempts, Origin: ch.Origin}
}

// interrupted records that the result of the newest attempt is not known.
func (s changer) interrupted(ctx context.Context, id string, enqueue store.Enqueue) error {
	ch, err := s.store.ChangeJob(ctx, id)
	if err != nil {
		return err
	}
	return s.store.RecordChange(ctx, id, store.ChangeResult{
		From: []referral.State{referral.Sending}, State: referral.Unknown,
		Attempts: len(ch.Attempts), Enqueue: enqueue,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown},
	})
}

// giveUp ends a change that its job failed to advance.
func (s changer) giveUp(ctx context.Context, id string) error {
	ch, err := s.store.ChangeJob(ctx, id)
	if err != nil || !ch.State.Running() && !ch.LookingUp() {
		return err
	}
	r := store.ChangeResult{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeOurFault}}
	if asSend(ch).InDoubt() {
		r.State, r.Outcome.Kind = referral.Unknown, referral.OutcomeLookupError
	}
	return s.settled(ctx, ch, r)
}

// settled records a result, provided that the change is still as it was read.
func (s changer) settled(ctx context.Context, ch referral.Change, r store.ChangeResult) error {
	r.From, r.Attempts = []referral.State{ch.State}, len(ch.Attempts)
	err := s.store.RecordChange(ctx, ch.ID, r)
	if err == nil {
		s.logSettled(asSend(ch), r.Outcome, r.State)
	}
	return err
}

// attempt sends the change once, or twice when the first token is refused. If an earlier attempt
// may have been carried out, it looks that up first.
func (s changer) attempt(ctx context.Context, ch referral.Change) error {
	token, err := s.tokens.AccessToken(ctx, ch.OwnerID)
	if err != nil {
		return s.withoutToken(ctx, ch, err)
	}
	if asSend(ch).InDoubt() {
		found, err := s.look(ctx, ch, token)
		if err != nil {
			return s.cannotLook(ctx, ch, err)
		}
		if found.State != "" {
			return s.settled(ctx, ch, found)
		}
	}
	refused, err := s.patch(ctx, ch, token)
	if err != nil || !refused {
		return err
	}
	if ch, err = s.store.ChangeJob(ctx, ch.ID); err != nil {
		return err
	}
	fresh, err := s.tokens.Renew(ctx, ch.OwnerID, token)
	if err != nil {
		return s.withoutToken(ctx, ch, err)
	}
	_, err = s.patch(ctx, ch, fresh)
	return err
}

func (s changer) withoutToken(ctx context.Context, ch referral.Change, err error) error {
	s.logNoToken(asSend(ch), err)
	var signIn *SignInError
	if errors.As(err, &signIn) {
		return s.settled(ctx, ch, store.ChangeResult{State: referral.NeedsSignIn,
			Outcome: referral.Outcome{Kind: referral.OutcomeSignIn, Claims: signIn.Claims}})
	}
	return s.settled(ctx, ch, store.ChangeResult{State: referral.Waiting,
		WaitUntil: s.now().Add(tokenWait),
		Outcome:   referral.Outcome{Kind: referral.OutcomeUnavailable}})
}

// cannotLook handles a failed look-up before an attempt: the change becomes Unknown, so that a
// look-up of its own is tried for a while. It must not be sent before the result is known.
func (s changer) cannotLook(ctx context.Context, ch referral.Change, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	o, signIn := failure(err)
	if signIn {
		return s.settled(ctx, ch, store.ChangeResult{State: referral.NeedsSignIn, Outcome: o})
	}
	return s.settled(ctx, ch, store.ChangeResult{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown}})
}

// patch commits the attempt, sends the body and stores what came of it. It reports whether the
// token was refused for the first time, in which case the change is queued again.
func (s changer) patch(ctx context.Context, ch referral.Change, token string) (bool, error) {
	life := s.lease.current()
	started, err := s.store.StartChangeAttempt(ctx, ch.ID, referral.Attempt{
		Number:    len(ch.Attempts) + 1, // the store refuses it if there are more by now
		RequestID: requestID(asSend(ch)), CorrelationID: uuid.NewString(), Replica: life.id,
	})
	if err != nil {
		return false, err
	}
	ch.Attempts = started.Attempts
	attempt := ch.LastAttempt()
	call, end := life.bound(ctx)
	defer end()
	answer, err := s.api.Patch(call, partnercenter.Call{Token: token,
		RequestID: attempt.RequestID, CorrelationID: attempt.CorrelationID},
		ch.RemoteID, ch.BaseETag, ch.Body)
	r, err := s.changeResult(ch, answer, err)
	if err != nil {
		return false, err
	}
	s.logAttempt(asSend(ch), store.Result{State: r.State, Outcome: r.Outcome, Attempt: r.Attempt})
	return r.State == referral.Queued, persist(ctx, func(ctx context.Context) error {
		return s.store.RecordChange(ctx, ch.ID, r)
	})
}

// changeResult turns Microsoft's answer into what is stored. When Microsoft refuses the version, a
// look-up finds out why: an earlier attempt may itself have made the newer version.
func (s changer) changeResult(
	ch referral.Change, answer *partnercenter.Answer, err error,
) (store.ChangeResult, error) {
	r := store.ChangeResult{From: []referral.State{referral.Sending, referral.Unknown},
		Attempts: len(ch.Attempts)}
	if err == nil {
		ended := s.ended(asSend(ch), answer.Exchange)
		found, err := s.changed(ch, answer)
		r.From = append(r.From, referral.Queued, referral.Waiting, referral.NeedsSignIn)
		r.State, r.Attempt, r.Referral = referral.Accepted, &ended, found
		r.Outcome = referral.Outcome{Kind: referral.OutcomeAccepted, Status: answer.Status}
		return r, err
	}
	failed := asError(err)
	ended := s.ended(asSend(ch), failed.Exchange)
	v := interpret(failed, asSend(ch))
	if v.outcome.Kind == referral.OutcomeConflict {
		v = to(referral.OutcomeUnknown, referral.Unknown)
	}
	r.State, r.Outcome, r.Attempt = v.state, v.outcome, &ended
	if v.state == referral.Waiting {
		r.WaitUntil = s.now().Add(v.wait)
	}
	return r, nil
}

// changed returns the referral after the change. For an answer without a body that is the version
// it was made on with the edits applied.
func (s changer) changed(
	ch referral.Change, answer *partnercenter.Answer,
) (*referral.Referral, error) {
	w := answer.Referral
	if w == nil {
		raw, err := referral.ApplyEdits(ch.Base, ch.Edits)
		if err != nil {
			return nil, err
		}
		if w, err = partnercenter.ParseReferral(raw); err != nil {
			return nil, err
		}
		w.ETag = ""
	}
	r := fromWire(w, ch.Base)
	r.ETag = or(w.ETag, answer.ETag)
	return &r, nil
}

// lookUp asks Microsoft whether the change was carried out. It returns how long to wait before the
// next try, or zero when the state is settled.
func (s changer) lookUp(ctx context.Context, ch referral.Change) (time.Duration, error) {
	token, err := s.tokens.AccessToken(ctx, ch.OwnerID)
	var found store.ChangeResult
	if err == nil {
		found, err = s.look(ctx, ch, token)
	}
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil:
		return s.lookUpFailed(ctx, ch, err)
	case found.State == "":
		return 0, s.settled(ctx, ch, s.repeat(ch))
	}
	return 0, s.settled(ctx, ch, found)
}

// repeat returns what to do when Microsoft still has the version on which the change was made: send
// it again. If Microsoft refused that very version, it first waits until all of Microsoft's servers
// have the newest one.
func (s changer) repeat(ch referral.Change) store.ChangeResult {
	refused := []int{http.StatusPreconditionFailed, http.StatusConflict}
	switch {
	case len(ch.Attempts) >= maxPatches:
		return store.ChangeResult{State: referral.Rejected,
			Outcome: referral.Outcome{Kind: referral.OutcomeUnavailable}}
	case slices.Contains(refused, ch.LastAttempt().Answer.Status):
		return store.ChangeResult{State: referral.Waiting, WaitUntil: s.now().Add(lookUpEvery),
			Outcome: referral.Outcome{Kind: referral.OutcomeUnavailable}}
	}
	return store.ChangeResult{State: referral.Queued}
}

// look compares what Microsoft has with what the change wants. A result without a state means that
// Microsoft still has the version on which the change was made.
func (s changer) look(
	ctx context.Context, ch referral.Change, token string,
) (store.ChangeResult, error) {
	now, err := s.get(ctx, ch.OwnerID, token, ch.RemoteID, ch.Base)
	if err != nil {
		return store.ChangeResult{}, err
	}
	done, err := referral.Carried(now.Raw, ch.Edits)
	switch {
	case err != nil:
		return store.ChangeResult{}, err
	case done:
		return store.ChangeResult{State: referral.Accepted, Referral: now,
			Outcome: referral.Outcome{Kind: referral.OutcomeAccepted}}, nil
	case now.ETag == ch.BaseETag:
		return store.ChangeResult{}, nil
	}
	return store.ChangeResult{State: referral.Rejected, Referral: now,
		Outcome: referral.Outcome{Kind: referral.OutcomeConflict,
			Status: http.StatusPreconditionFailed}}, nil
}

// lookUpFailed returns how long to wait for the next try. After the last one it records that the
// look-up failed.
func (s changer) lookUpFailed(
	ctx context.Context, ch referral.Change, err error,
) (time.Duration, error) {
	o, signIn := failure(err)
	wait := max(retryAfter(err), lookUpEvery)
	if !signIn && s.now().Sub(ch.UpdatedAt)+wait < lookUpFor {
		return wait, nil
	}
	if o.Kind = referral.OutcomeLookupError; signIn {
		o.Status = http.StatusUnauthorized
	}
	return 0, s.settled(ctx, ch, store.ChangeResult{State: referral.Unknown, Outcome: o})
}
