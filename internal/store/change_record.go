package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem/internal/referral"
)

// StartChangeAttempt moves a queued or waiting change to Sending and adds the attempt, committed
// when it returns: the PATCH comes after. In any other state, or when a.Number is not the next one,
// it is referral.ErrConflict, and the caller must not send.
func (s *Store) StartChangeAttempt(
	ctx context.Context, id string, a referral.Attempt,
) (out referral.Change, err error) {
	due := []referral.State{referral.Queued, referral.Waiting}
	err = s.write(ctx, func(tx *sql.Tx) error {
		moved, err := s.moveChange(ctx, tx, id, due, referral.Sending)
		if err != nil {
			return err
		}
		if a.Number != len(moved.Attempts)+1 {
			return referral.ErrConflict
		}
		if _, err := s.insertAttempt(ctx, tx, attemptsOfChanges, id, a); err != nil {
			return err
		}
		out, err = loadChange(ctx, tx, worker(), id)
		return err
	})
	return out, s.tellChange("", referral.Sending, err, "starting an attempt of change %s", id)
}

// ChangeResult is the result of an attempt or a look-up of a change.
type ChangeResult struct {
	// From are the states in which the change may be now, Attempts how many it must have.
	From     []referral.State
	Attempts int
	// State is the next state, Outcome the reason.
	State     referral.State
	Outcome   referral.Outcome
	WaitUntil time.Time
	// Attempt ends the attempt of its Number; nil when none ended.
	Attempt *referral.Attempt
	// Referral is what Microsoft has now; nil when that is not known.
	Referral *referral.Referral
	// Enqueue adds the job that follows; nil when none does.
	Enqueue Enqueue
}

// RecordChange stores a result with everything that follows from it. It is referral.ErrConflict
// when the change is in none of r.From or has another number of attempts.
func (s *Store) RecordChange(ctx context.Context, id string, r ChangeResult) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		ch, err := s.moveChange(ctx, tx, id, r.From, r.State)
		if err != nil {
			return err
		}
		if r.Attempts != len(ch.Attempts) {
			return referral.ErrConflict
		}
		if r.Attempt != nil {
			err := s.endAttempt(ctx, tx, ending{attemptsOfChanges, id, *r.Attempt, 0})
			if err != nil {
				return err
			}
		}
		if err := s.takeOver(ctx, tx, ch, r); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE changes SET wait_until = $2 WHERE id = $1`,
			id, micros(r.WaitUntil))
		if err = errors.Join(err, saveChangeOutcome(ctx, tx, id, r.Outcome)); err != nil {
			return err
		}
		if err := s.changeEvent(ctx, tx, ch, r); err != nil || r.Enqueue == nil {
			return err
		}
		return r.Enqueue(ctx, tx, id)
	})
	var was referral.State
	if len(r.From) == 1 {
		was = r.From[0]
	}
	return s.tellChange(was, r.State, err, "recording the result of change %s", id)
}

// KindChange is what Options.Moved is told as the kind of a change.
const KindChange referral.Kind = "change"

// tellChange calls Options.Moved for a change that came to another state, unless err says that it
// did not, and wraps err.
func (s *Store) tellChange(was, is referral.State, err error, format string, args ...any) error {
	if err == nil && was != is {
		s.moved(KindChange, is)
	}
	return wrap(err, format, args...)
}

// takeOver stores what Microsoft has now, and what the change makes of the deal.
func (s *Store) takeOver(
	ctx context.Context, tx *sql.Tx, ch referral.Change, r ChangeResult,
) error {
	if r.Referral != nil {
		store := s.shown
		if r.Referral.ETag == "" { // it has to be fetched before the next change
			store = s.replace
		}
		if err := store(ctx, tx, ch.ReferralID, *r.Referral); err != nil {
			return err
		}
		if r.Outcome.Kind == referral.OutcomeConflict {
			_, err := tx.ExecContext(ctx, `UPDATE changes SET their_etag = $2 WHERE id = $1`,
				ch.ID, r.Referral.ETag)
			if err != nil {
				return err
			}
		}
	}
	if r.State != referral.Accepted || ch.Deal == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE referrals SET deal = $2 WHERE id = $1`,
		ch.ReferralID, ch.Deal)
	return err
}

// changeEvent adds an event to the history for a result. Steps on the way have none.
func (s *Store) changeEvent(
	ctx context.Context, tx *sql.Tx, ch referral.Change, r ChangeResult,
) error {
	switch {
	case r.State == referral.Accepted:
		return s.addChangeEvent(ctx, tx, ch, "", referral.EventChangeAccepted)
	case r.State == referral.Rejected && r.Outcome.Kind == referral.OutcomeConflict:
		return s.addChangeEvent(ctx, tx, ch, "", referral.EventChangeConflict)
	case r.State == referral.Rejected:
		return s.addChangeEvent(ctx, tx, ch, "", referral.EventChangeRejected)
	}
	return nil
}

// moveChange sets a change's state if the transition is allowed, and returns the change as it is
// then. When a page asked for it, its request becomes the change's Origin.
func (s *Store) moveChange(
	ctx context.Context, tx *sql.Tx, id string, from []referral.State, to referral.State,
) (referral.Change, error) {
	asked := referral.OriginOf(ctx)
	a := args{id, to, micros(s.clock()), asked.RequestID, asked.Trace}
	res, err := tx.ExecContext(ctx, `
		UPDATE changes SET state = $2, wait_until = 0, updated_at = $3,
			request_id = CASE WHEN $4 = '' THEN request_id ELSE $4 END,
			trace = CASE WHEN $4 = '' THEN trace ELSE $5 END
		WHERE id = $1 AND state IN (`+a.states(from)+`)`, a...)
	if err = found(res, err); errors.Is(err, referral.ErrNotFound) {
		err = referral.ErrConflict
	}
	if err != nil {
		return referral.Change{}, err
	}
	return loadChange(ctx, tx, worker(), id)
}

func saveChangeOutcome(
	ctx context.Context, tx *sql.Tx, id string, o referral.Outcome,
) error {
	doc, err := document(o)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE changes SET outcome = $2 WHERE id = $1`, id, doc)
	return err
}

// replace stores Microsoft's present version of a referral. What only Tandem knows stays.
func (s *Store) replace(
	ctx context.Context, tx *sql.Tx, id string, now referral.Referral,
) error {
	known, err := loadReferral(ctx, tx, worker(), id)
	if err != nil {
		return err
	}
	now.OwnerID, now.Kind, now.Deal = known.OwnerID, known.Kind, known.Deal
	now.RemoteID, now.DraftID, now.SendID = known.RemoteID, known.DraftID, known.SendID
	now.SenderID, now.FetchedAt = known.SenderID, s.clock()
	now.EngagementID = cmp.Or(known.EngagementID, now.EngagementID)
	if _, _, err = s.upsertReferral(ctx, tx, now); err != nil {
		return err
	}
	return describeConnected(ctx, tx, known.OwnerID, []string{known.EngagementID})
}
