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
	err = s.write(ctx, func(tx *sql.Tx) error {
		out, err = s.startAttempt(ctx, tx, sendID, a)
		return err
	})
	return out, s.tell(out, err, "starting an attempt of send %s", sendID)
}

func (s *Store) startAttempt(
	ctx context.Context, tx *sql.Tx, sendID string, a referral.Attempt,
) (referral.Send, error) {
	send, err := s.lockWhole(ctx, tx, sendID)
	if err != nil {
		return send.Send, err
	}
	next := len(send.Attempts) + 1
	if !send.may(referral.Queued, referral.Waiting) || a.Number != 0 && a.Number != next {
		return send.Send, referral.ErrConflict
	}
	a.Number = next
	if a, err = s.insertAttempt(ctx, tx, attemptsOfSends, sendID, a); err != nil {
		return send.Send, err
	}
	send.Attempts = append(send.Attempts, a)
	send.move(ctx, s.clock(), change{to: referral.Sending})
	if err := saveSend(ctx, tx, send.Send); err != nil {
		return send.Send, err
	}
	return send.Send, s.settle(ctx, tx, send.Send, referral.Event{Kind: referral.EventSendStarted})
}

// The tables of attempts: of sends, and of changes. They look the same.
const (
	attemptsOfSends   = "attempts"
	attemptsOfChanges = "change_attempts"
)

// insertAttempt adds an attempt and returns it as it is stored.
func (s *Store) insertAttempt(
	ctx context.Context, tx *sql.Tx, table, id string, a referral.Attempt,
) (referral.Attempt, error) {
	a = referral.Attempt{Number: a.Number, RequestID: a.RequestID, CorrelationID: a.CorrelationID,
		StartedAt: fromMicros(micros(a.StartedAt)), Replica: a.Replica}
	if a.StartedAt.IsZero() {
		a.StartedAt = s.clock()
	}
	err := later(ctx, tx, `
		INSERT INTO `+table+` (send_id, number, request_id, correlation_id, started_at, replica)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		id, a.Number, a.RequestID, a.CorrelationID, micros(a.StartedAt), a.Replica)
	return a, err
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

// record stores a result and returns the send as it is then, without what no result changes.
func (s *Store) record(
	ctx context.Context, tx *sql.Tx, sendID string, r Result,
) (referral.Send, error) {
	send, err := s.lockMoving(ctx, tx, sendID)
	if err == nil && !send.may(r.From...) {
		err = referral.ErrConflict
	}
	if err != nil {
		return send.Send, err
	}
	if err := s.endAttemptOf(ctx, tx, sendID, r); err != nil {
		return send.Send, err
	}
	if err := lost(ctx, tx, sendID, r.LostAt); err != nil {
		return send.Send, err
	}
	if err := s.unclaimed(ctx, tx, r); err != nil {
		return send.Send, err
	}
	send.move(ctx, s.clock(), change{to: r.State, until: r.WaitUntil})
	send.Outcome = r.Outcome
	if err := s.accept(ctx, tx, &send, r.Referral); err != nil {
		return send.Send, err
	}
	if err := saveSend(ctx, tx, send.Send); err != nil {
		return send.Send, err
	}
	return send.Send, s.settle(ctx, tx, send.Send,
		referral.Event{Kind: eventOf(r), Detail: r.Detail})
}

// endAttemptOf ends the attempt of a result, if one ended, and makes sure that the send has as many
// attempts as the result says.
func (s *Store) endAttemptOf(ctx context.Context, tx *sql.Tx, sendID string, r Result) error {
	if r.Attempt != nil {
		return s.endAttempt(ctx, tx, ending{attemptsOfSends, sendID, *r.Attempt, r.Attempts})
	}
	if r.Attempts == 0 {
		return nil
	}
	var are int
	err := tx.QueryRowContext(ctx,
		`SELECT count(*) FROM attempts WHERE send_id = $1`, sendID).Scan(&are)
	if err == nil && are != r.Attempts {
		err = referral.ErrConflict
	}
	return err
}

// ending is the end of an attempt of the send or change with this id, one of as many as there must
// be; 0 stands for any number.
type ending struct {
	table, id string
	attempt   referral.Attempt
	of        int
}

// endAttempt is referral.ErrConflict when there are more or fewer attempts.
func (s *Store) endAttempt(ctx context.Context, tx *sql.Tx, e ending) error {
	a := e.attempt
	headers, err := document(a.Answer.Headers)
	if err != nil {
		return err
	}
	ended := a.EndedAt
	if ended.IsZero() {
		ended = s.clock()
	}
	// One text for each case: PostgreSQL would plan a statement that asks about its arguments anew
	// each time.
	set := args{e.id, micros(a.SentAt), micros(ended), a.Answer.Status, headers, blob(a.Answer.Body)}
	all := `FROM ` + e.table + ` WHERE send_id = $1`
	number, of := `(SELECT MAX(number) `+all+`)`, ``
	if a.Number != 0 {
		number = set.add(a.Number)
	}
	if e.of != 0 {
		of = ` AND (SELECT count(*) ` + all + `) = ` + set.add(e.of)
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE `+e.table+` SET sent_at = $2, ended_at = $3, status = $4, headers = $5, body = $6
		WHERE send_id = $1 AND number = `+number+of, set...)
	err = found(res, err)
	if e.of != 0 && errors.Is(err, referral.ErrNotFound) {
		return referral.ErrConflict
	}
	return wrap(err, "ending attempt %d", a.Number)
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

// accept stores the referral that an accepted send created and what the send learns from it. Its
// draft is sent once its own referral was accepted.
func (s *Store) accept(
	ctx context.Context, tx *sql.Tx, send *lockedSend, r *referral.Referral,
) error {
	if send.Kind == referral.Own && send.State == referral.Accepted {
		err := later(ctx, tx, `UPDATE drafts SET sent = 1 WHERE id = $1`, send.DraftID)
		if err != nil {
			return err
		}
	}
	if r == nil {
		return nil
	}
	stored := readable(*r)
	stored.Kind, stored.OwnerID, stored.Deal = send.Kind, send.OwnerID, send.deal
	stored.DraftID, stored.SendID, stored.SenderID = send.DraftID, send.ID, send.OwnerID
	id, alone, err := s.upsertReferral(ctx, tx, stored)
	if err == nil && !alone {
		err = represent(ctx, tx, []string{stored.RemoteID})
	}
	if err != nil {
		return err
	}
	if send.Kind == referral.Microsoft {
		err = later(ctx, tx,
			`UPDATE referrals SET conn_referral_id = $2 WHERE id = $1`, send.ReferralID, id)
		return errors.Join(err,
			describeConnected(ctx, tx, send.OwnerID, []string{stored.EngagementID}))
	}
	send.ReferralID, send.EngagementID = id, stored.EngagementID
	return nil
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

// change is a change of state.
type change struct {
	to    referral.State
	until time.Time
}

// settle makes the own referral and the history agree with a send whose state changed.
func (s *Store) settle(
	ctx context.Context, tx *sql.Tx, send referral.Send, events ...referral.Event,
) error {
	if send.Kind == referral.Microsoft {
		err := later(ctx, tx,
			`UPDATE referrals SET conn_state = $2, conn_send_id = $3 WHERE id = $1`,
			send.ReferralID, send.State, send.ID)
		if err != nil {
			return err
		}
	}
	for i := range events {
		e := &events[i]
		e.DraftID, e.SendID, e.ReferralID = send.DraftID, send.ID, send.ReferralID
	}
	return s.addEvent(ctx, tx, events...)
}

// tell tells of a send that came to its state, unless err says that it did not, and wraps err.
func (s *Store) tell(send referral.Send, err error, format string, args ...any) error {
	if err == nil {
		s.moved(send.Kind, send.State)
	}
	return wrap(err, format, args...)
}
