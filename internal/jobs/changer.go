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

// changer makes attempts to change a referral, and looks up what came of them. A PATCH carries the
// eTag of the version it was made on, so that Microsoft refuses it once that version is gone:
// repeating one that was not carried out is safe. Whether it was is looked up first all the same.
type changer struct{ *sender }

// maxPatches is how often a change is sent that Microsoft never says it has carried out.
const maxPatches = 5

// step does the one thing that the state asks for. It returns how long to wait before the next
// step, and whether the change rests.
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

// asSend lends a change's attempts to the rules that judge those of a send.
func asSend(ch referral.Change) referral.Send {
	return referral.Send{ID: ch.ID, Kind: store.KindChange, OwnerID: ch.OwnerID, State: ch.State,
		Outcome: ch.Outcome, WaitUntil: ch.WaitUntil, Attempts: ch.Attempts, Origin: ch.Origin}
}

// interrupted records that nobody knows what came of the newest attempt.
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

// giveUp lets a change rest that no job could take on.
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

// settled records a result for the change as it was read.
func (s changer) settled(ctx context.Context, ch referral.Change, r store.ChangeResult) error {
	r.From, r.Attempts = []referral.State{ch.State}, len(ch.Attempts)
	err := s.store.RecordChange(ctx, ch.ID, r)
	if err == nil {
		s.logSettled(asSend(ch), r.Outcome, r.State)
	}
	return err
}

// attempt sends the change once, or twice when the first token is refused. If an earlier attempt
// may have been carried out, it looks first.
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

// cannotLook leaves it to a look-up of its own, which is tried again for a while, whether the change
// was carried out; it must not go out before that is known.
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
		Number:    len(ch.Attempts) + 1, // nothing happened since it was looked at
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

// changeResult turns Microsoft's answer into what is stored. What a refusal for the version means is
// looked up: an earlier attempt may have made the new version itself.
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

// changed is the referral as the answer shows it. An answer without a body says that the version it
// was sent for was changed as wanted, and nothing else.
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
// next try; when it returns zero the state is settled.
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

// repeat is what follows when Microsoft has the version on which the change was made. What it
// refused for the version all the same waits until all of Microsoft knows of the newest one.
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

// look compares what Microsoft has with what the change wants. A result without a state says that
// the version is still the one on which the change was made.
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

// lookUpFailed waits for the next try, or settles that it cannot be known now.
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
