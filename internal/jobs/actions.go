package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// Submit stores the send and, if possible, carries it out at once in this process. It is then
// stored together with its first attempt, otherwise together with its job. If the draft already has
// a send, nothing is stored and that one is returned, so that double clicks and second tabs get the
// same send. Errors are the store's: ErrNotFound, ErrForbidden, ErrConflict for a stale revision.
func (j *Jobs) Submit(
	ctx context.Context, c referral.Caller, s referral.Send,
) (referral.Send, error) {
	if !j.hands.take() {
		sent, _, err := j.store.Queue(ctx, c, s, j.enqueue)
		return sent, err
	}
	taken, created, err := j.begin(ctx, c, s)
	if err != nil || !created {
		j.hands.giveBack()
		return taken.send, err
	}
	j.hands.give(taken)
	return taken.send, nil
}

// begin stores a send that a hand will carry out. If a token is stored, the send is stored with its
// first attempt.
func (j *Jobs) begin(
	ctx context.Context, c referral.Caller, s referral.Send,
) (t inHand, created bool, err error) {
	reserve := func(ctx context.Context, tx *sql.Tx, sendID string) (err error) {
		t.job, err = j.hands.reserve(ctx, tx, sendID)
		return err
	}
	if t.token = j.sender.tokens.Ready(ctx, c.UserID); t.token == "" {
		t.send, created, err = j.store.Queue(ctx, c, s, reserve)
		return t, created, err
	}
	t.life = j.lease.current()
	t.send, created, err = j.store.Begin(ctx, c, s, newAttempt(s, t.life), reserve)
	return t, created, err
}

func (j *Jobs) enqueue(ctx context.Context, tx *sql.Tx, sendID string) error {
	_, err := j.client.InsertTx(ctx, tx, sendArgs{SendID: sendID}, nil)
	return err
}

// Again repeats a send that Microsoft refused or does not have. While the outcome is unknown it is
// ErrConflict. A send that is already under way is left alone.
func (j *Jobs) Again(ctx context.Context, c referral.Caller, sendID string) error {
	s, err := j.store.Send(ctx, c, sendID)
	if err != nil || s.State.Running() || s.State == referral.Accepted {
		return err
	}
	_, err = j.store.Requeue(ctx, c, sendID, referral.Send.MayRepeat, j.enqueue)
	return err
}

// LookUp asks Microsoft whether a send of unknown outcome arrived. The answer comes with the send's
// state. It is ErrConflict when the outcome is not unknown, or an admin ended it, and nothing when
// the send runs.
func (j *Jobs) LookUp(ctx context.Context, c referral.Caller, sendID string) error {
	s, err := j.store.Send(ctx, c, sendID)
	switch {
	case err != nil:
		return err
	case s.OwnerID != c.UserID:
		return fmt.Errorf("looking %s up: %w", sendID, referral.ErrForbidden)
	case s.State == referral.Accepted || s.State.Running():
		return nil
	case s.Outcome.Kind == referral.OutcomeEnded:
		return fmt.Errorf("looking %s up: %w", sendID, referral.ErrConflict)
	}
	return j.lookUp(ctx, sendID)
}

func (j *Jobs) lookUp(ctx context.Context, sendID string) error {
	return j.store.Record(ctx, sendID, store.Result{
		From: []referral.State{referral.Unknown}, State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown}, Enqueue: j.enqueue,
	})
}

// SignedIn resumes the sends, changes and look-ups that waited for this person's sign-in.
func (j *Jobs) SignedIn(ctx context.Context, c referral.Caller) error {
	ids, err := j.store.NeedingSignIn(ctx, c.UserID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := j.goOn(ctx, c, id); err != nil && !errors.Is(err, referral.ErrConflict) {
			return err
		}
	}
	return j.changesGoOn(ctx, c)
}

func (j *Jobs) goOn(ctx context.Context, c referral.Caller, sendID string) error {
	s, err := j.store.Send(ctx, c, sendID)
	if err != nil {
		return err
	}
	if s.State == referral.Unknown {
		return j.lookUp(ctx, sendID)
	}
	_, err = j.store.Requeue(ctx, c, sendID, func(s referral.Send) bool {
		return s.State == referral.NeedsSignIn
	}, j.enqueue)
	return err
}

// SignInDemand says what the next sign-in of this person must satisfy for the waiting sends to go
// on: the newest claims challenge that they met, or "", and whether the person must prove anew who
// they are, because a sign-in that the provider remembers would be refused again.
func (j *Jobs) SignInDemand(
	ctx context.Context, c referral.Caller,
) (claims string, fresh bool, err error) {
	ids, err := j.store.NeedingSignIn(ctx, c.UserID)
	if err != nil {
		return "", false, err
	}
	var outcomes []referral.Outcome
	for _, id := range ids {
		s, err := j.store.Send(ctx, c, id)
		if err != nil {
			return "", false, err
		}
		outcomes = append(outcomes, s.Outcome)
	}
	changes, err := j.store.ChangesNeedingSignIn(ctx, c.UserID)
	if err != nil {
		return "", false, err
	}
	for _, ch := range changes {
		outcomes = append(outcomes, ch.Outcome)
	}
	l, err := j.store.Listing(ctx, c.UserID)
	if err != nil {
		return "", false, err
	}
	if l.State == referral.ListingNeedsSignIn {
		outcomes = append(outcomes, l.Outcome)
	}
	claims, fresh = demand(outcomes)
	return claims, fresh, nil
}

// demand combines what the outcomes of all that wait require of a sign-in.
func demand(outcomes []referral.Outcome) (claims string, fresh bool) {
	for _, o := range outcomes {
		if o.Claims != "" {
			claims = o.Claims
		}
		fresh = fresh || wantsFresh(o)
	}
	return claims, fresh
}
