package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem/internal/referral"
)

// StartAttempt moves a queued or waiting send to Sending and adds the attempt with the next
// number, committed when it returns: the POST comes after. A zero StartedAt means now. In any
// other state, or when a.Number is given and not the next one, because another attempt was made
// since the caller read the send, it is referral.ErrConflict, and the caller must not POST.
func (s *Store) StartAttempt(
	ctx context.Context, sendID string, a referral.Attempt,
) (out referral.Send, err error) {
	due := []referral.State{referral.Queued, referral.Waiting}
	err = s.write(ctx, func(tx *sql.Tx) error {
		moved, err := s.move(ctx, tx, sendID, change{from: due, to: referral.Sending})
		if err != nil {
			return err
		}
		if a.Number != 0 && a.Number != len(moved.Attempts)+1 {
			return referral.ErrConflict
		}
		if err := s.insertAttempt(ctx, tx, attemptsOfSends, sendID, a); err != nil {
			return err
		}
		err = s.settle(ctx, tx, moved, referral.Event{Kind: referral.EventSendStarted})
		if err != nil {
			return err
		}
		out = moved
		out.Attempts, err = loadAttempts(ctx, tx, attemptsOfSends, sendID)
		return err
	})
	return out, s.tell(out, err, "starting an attempt of send %s", sendID)
}

// The tables of attempts: of sends, and of changes. They look the same.
const (
	attemptsOfSends   = "attempts"
	attemptsOfChanges = "change_attempts"
)

func (s *Store) insertAttempt(
	ctx context.Context, tx *sql.Tx, table, id string, a referral.Attempt,
) error {
	if a.StartedAt.IsZero() {
		a.StartedAt = s.clock()
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO `+table+` (send_id, number, request_id, correlation_id, started_at, replica)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5 FROM `+table+` WHERE send_id = $1`,
		id, a.RequestID, a.CorrelationID, micros(a.StartedAt), a.Replica)
	return err
}

// Result is what an attempt or a look-up came to.
type Result struct {
	// From are the states in which the send may be now; in any other nothing is recorded.
	From []referral.State
	// Attempts is how many attempts the send must have, so that what was found out about one is
	// never taken for news of the next; 0 means any number.
	Attempts int
	// State is the next state, Outcome the reason.
	State   referral.State
	Outcome referral.Outcome
	// WaitUntil is when a waiting send goes on.
	WaitUntil time.Time
	// Attempt carries EndedAt (zero means now), SentAt and Answer of the attempt with this
	// Number, of the newest when Number is 0. Nil when no attempt ended.
	Attempt *referral.Attempt
	// LostAt is the LostAt of the newest attempt; zero when it is not known to be over.
	LostAt time.Time
	// Referral is what now exists at Microsoft; nil when nothing does. It is stored under its
	// RemoteID. Kind, OwnerID, DraftID and SendID are those of the send, Deal is the draft's.
	Referral *referral.Referral
	// Unclaimed says that Referral was found by its looks, so that it must not be Known by now:
	// of two sends that look alike only one may have it.
	Unclaimed bool
	// Detail is one short sentence for the history, without customer data; may be empty.
	Detail string
	// Enqueue adds the job that follows, in the same transaction; nil when none does.
	Enqueue Enqueue
}

// Record stores a result with everything that follows from it. It is referral.ErrConflict when the
// send is in none of r.From, has another number of attempts, or came too late for the referral.
func (s *Store) Record(ctx context.Context, sendID string, r Result) error {
	var send referral.Send
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		send, err = s.record(ctx, tx, sendID, r)
		if err != nil || r.Enqueue == nil {
			return err
		}
		return r.Enqueue(ctx, tx, sendID)
	})
	if len(r.From) == 1 && r.From[0] == r.State {
		return wrap(err, "recording what was learned of send %s", sendID)
	}
	return s.tell(send, err, "recording the result of send %s", sendID)
}

// record stores a result and returns the send as it is then.
func (s *Store) record(
	ctx context.Context, tx *sql.Tx, sendID string, r Result,
) (referral.Send, error) {
	send, err := s.move(ctx, tx, sendID, change{from: r.From, to: r.State, until: r.WaitUntil})
	if err != nil {
		return send, err
	}
	if r.Attempts != 0 && r.Attempts != len(send.Attempts) {
		return send, referral.ErrConflict
	}
	if err := s.endAttempt(ctx, tx, attemptsOfSends, sendID, r.Attempt); err != nil {
		return send, err
	}
	if err := lost(ctx, tx, sendID, r.LostAt); err != nil {
		return send, err
	}
	if err := s.unclaimed(ctx, tx, r); err != nil {
		return send, err
	}
	if err := s.accept(ctx, tx, &send, r.Referral); err != nil {
		return send, err
	}
	if err := saveOutcome(ctx, tx, send, r.Outcome); err != nil {
		return send, err
	}
	return send, s.settle(ctx, tx, send, referral.Event{Kind: eventOf(r), Detail: r.Detail})
}

func (s *Store) endAttempt(
	ctx context.Context, tx *sql.Tx, table, id string, a *referral.Attempt,
) error {
	if a == nil {
		return nil
	}
	headers, err := document(a.Answer.Headers)
	if err != nil {
		return err
	}
	ended := a.EndedAt
	if ended.IsZero() {
		ended = s.clock()
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE `+table+` SET sent_at = $2, ended_at = $3, status = $4, headers = $5,
			body = $6
		WHERE send_id = $1 AND number = CASE WHEN $7 = 0
			THEN (SELECT MAX(number) FROM `+table+` WHERE send_id = $1) ELSE $7 END`,
		id, micros(a.SentAt), micros(ended), a.Answer.Status, headers, blob(a.Answer.Body),
		a.Number)
	return wrap(found(res, err), "ending attempt %d", a.Number)
}

// unclaimed makes sure that a referral found by its looks is nobody's. Whoever stores one of the
// same id at the same time waits until the transaction ends.
func (s *Store) unclaimed(ctx context.Context, tx *sql.Tx, r Result) error {
	if r.Referral == nil {
		return nil
	}
	err := s.queueUp(ctx, tx, "referral/"+plain(r.Referral.RemoteID))
	if err != nil || !r.Unclaimed {
		return err
	}
	known, err := isKnown(ctx, tx, r.Referral.RemoteID)
	if err == nil && known {
		return referral.ErrConflict
	}
	return err
}

// accept stores the referral that the send created and what the send learns from it.
func (s *Store) accept(
	ctx context.Context, tx *sql.Tx, send *referral.Send, r *referral.Referral,
) error {
	if r == nil {
		return nil
	}
	stored := readable(*r)
	stored.Kind, stored.OwnerID = send.Kind, send.OwnerID
	stored.DraftID, stored.SendID, stored.SenderID = send.DraftID, send.ID, send.OwnerID
	err := tx.QueryRowContext(ctx, `SELECT deal FROM drafts WHERE id = $1`, send.DraftID).
		Scan(&stored.Deal)
	if err != nil {
		return err
	}
	id, err := s.upsertReferral(ctx, tx, stored)
	if err != nil {
		return err
	}
	if err := represent(ctx, tx, []string{stored.RemoteID}); err != nil {
		return err
	}
	if send.Kind == referral.Microsoft {
		_, err = tx.ExecContext(ctx,
			`UPDATE referrals SET conn_referral_id = $2 WHERE id = $1`, send.ReferralID, id)
		return errors.Join(err, describeConnected(ctx, tx, send.OwnerID, []string{stored.EngagementID}))
	}
	send.ReferralID, send.EngagementID = id, stored.EngagementID
	return nil
}

func saveOutcome(
	ctx context.Context, tx *sql.Tx, send referral.Send, outcome referral.Outcome,
) error {
	doc, err := document(outcome)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`UPDATE sends SET outcome = $2, referral_id = $3, engagement_id = $4 WHERE id = $1`,
		send.ID, doc, send.ReferralID, send.EngagementID)
	return err
}

// eventOf names what a result is called in the history.
func eventOf(r Result) string {
	switch r.Outcome.Kind {
	case referral.OutcomeNotFound, referral.OutcomeLookupError:
		return referral.EventSendLookedUp
	}
	switch r.State {
	case referral.Accepted:
		return referral.EventSendAccepted
	case referral.Rejected:
		return referral.EventSendRejected
	case referral.Unknown:
		return referral.EventSendUnknown
	case referral.Waiting:
		return referral.EventSendWaiting
	case referral.NeedsSignIn:
		return referral.EventSendSignIn
	case referral.Cancelled:
		return referral.EventSendCancelled
	}
	return referral.EventSendQueued
}

// change is a change of state: from one of several to one.
type change struct {
	from  []referral.State
	to    referral.State
	until time.Time
}

// move changes a send's state if it may and returns the send as it is then. Two movers cannot both
// succeed from the same state. When a page asked for it, the send keeps which request did.
func (s *Store) move(
	ctx context.Context, tx *sql.Tx, id string, ch change,
) (referral.Send, error) {
	if len(ch.from) == 0 {
		return referral.Send{}, referral.ErrConflict
	}
	from := referral.OriginOf(ctx)
	a := args{id, ch.to, micros(ch.until), micros(s.clock()), from.RequestID, from.Trace}
	res, err := tx.ExecContext(ctx, `
		UPDATE sends SET state = $2, wait_until = $3, updated_at = $4,
			request_id = CASE WHEN $5 = '' THEN request_id ELSE $5 END,
			trace = CASE WHEN $5 = '' THEN trace ELSE $6 END
		WHERE id = $1 AND superseded = 0 AND state IN (`+a.states(ch.from)+`)`, a...)
	if err = found(res, err); errors.Is(err, referral.ErrNotFound) {
		err = missing(ctx, tx, id)
	}
	if err != nil {
		return referral.Send{}, err
	}
	return loadSend(ctx, tx, worker(), id)
}

// settle makes the rest agree with a send whose state changed: the draft, the own referral, and
// the history.
func (s *Store) settle(
	ctx context.Context, tx *sql.Tx, send referral.Send, e referral.Event,
) error {
	var err error
	switch {
	case send.Kind == referral.Microsoft:
		_, err = tx.ExecContext(ctx,
			`UPDATE referrals SET conn_state = $2, conn_send_id = $3 WHERE id = $1`,
			send.ReferralID, send.State, send.ID)
	case send.State == referral.Accepted:
		_, err = tx.ExecContext(ctx, `UPDATE drafts SET sent = 1 WHERE id = $1`, send.DraftID)
	}
	if err != nil {
		return err
	}
	e.DraftID, e.SendID, e.ReferralID = send.DraftID, send.ID, send.ReferralID
	return s.addEvent(ctx, tx, e)
}

// tell tells of a send that came to its state, unless err says that it did not, and wraps err.
func (s *Store) tell(send referral.Send, err error, format string, args ...any) error {
	if err == nil {
		s.moved(send.Kind, send.State)
	}
	return wrap(err, format, args...)
}
