package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"tandem/internal/referral"
)

// sendColumns are the columns of a send s and its owner u without the body.
const sendColumns = `s.id, s.kind, s.draft_id, s.revision, s.owner_id, u.name, s.state, s.name,
	s.customer, s.external_reference_id, s.engagement_id, s.referral_id, s.outcome, s.wait_until,
	s.created_at, s.updated_at, s.request_id, s.trace`

// scanSend reads sendColumns and then what more was asked for.
func scanSend(r row, more ...any) (referral.Send, error) {
	var s referral.Send
	var outcome string
	var wait, created, updated int64
	err := r.Scan(append([]any{&s.ID, &s.Kind, &s.DraftID, &s.Revision, &s.OwnerID, &s.OwnerName,
		&s.State, &s.Name, &s.Customer, &s.ExternalReferenceID, &s.EngagementID, &s.ReferralID,
		&outcome, &wait, &created, &updated, &s.Origin.RequestID, &s.Origin.Trace}, more...)...)
	if err != nil {
		return referral.Send{}, err
	}
	s.WaitUntil, s.CreatedAt, s.UpdatedAt = fromMicros(wait), fromMicros(created), fromMicros(updated)
	return s, json.Unmarshal([]byte(outcome), &s.Outcome)
}

// Send returns a send with its body and attempts.
func (s *Store) Send(
	ctx context.Context, c referral.Caller, id string,
) (out referral.Send, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		out, err = loadSend(ctx, tx, c, id)
		return err
	})
	return out, wrap(err, "loading send %s", id)
}

// Earlier returns the sends of the same draft and kind in whose place this one came, oldest first,
// with their attempts.
func (s *Store) Earlier(ctx context.Context, send referral.Send) (all []referral.Send, err error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.id FROM sends s
		WHERE s.draft_id = $1 AND s.kind = $2 AND s.superseded = 1 AND s.id <> $3
		ORDER BY s.created_at, s.id`, send.DraftID, send.Kind, send.ID)
	ids, err := collect(rows, err, scanString)
	for _, id := range ids {
		one, err := s.Job(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, wrap(err, "loading the sends before %s", send.ID)
}

// Job returns a send with its body and attempts for a worker, who acts for nobody but the send's
// owner.
func (s *Store) Job(ctx context.Context, id string) (referral.Send, error) {
	return s.Send(ctx, worker(), id)
}

// worker is the caller on whose behalf jobs read.
func worker() referral.Caller { return referral.Caller{Admin: true} }

func loadSend(
	ctx context.Context, q querier, c referral.Caller, id string,
) (referral.Send, error) {
	var body []byte
	out, err := scanSend(q.QueryRowContext(ctx, `
		SELECT `+sendColumns+`, s.body FROM sends s JOIN users u ON u.id = s.owner_id
		WHERE s.id = $1 AND (s.owner_id = $2 OR $3 = 1)`, id, c.UserID, flag(c.Admin)), &body)
	if err != nil {
		return referral.Send{}, err
	}
	out.Body = body
	out.Attempts, err = loadAttempts(ctx, q, attemptsOfSends, id)
	return out, err
}

// lockedSend is a send that nobody else changes before the transaction ends, without its attempts.
type lockedSend struct {
	referral.Send
	superseded bool
	deal       referral.Deal // of the draft; only from lockMoving
}

func (s *Store) lockSend(ctx context.Context, tx *sql.Tx, id string) (out lockedSend, err error) {
	var body []byte
	out.Send, err = scanSend(tx.QueryRowContext(ctx, s.forUpdate("s", `
		SELECT `+sendColumns+`, s.body, s.superseded = 1
		FROM sends s JOIN users u ON u.id = s.owner_id WHERE s.id = $1`), id),
		&body, &out.superseded)
	out.Body = body
	return out, err
}

// lockMoving is lockSend with no more than a result needs or changes.
func (s *Store) lockMoving(
	ctx context.Context, tx *sql.Tx, id string,
) (out lockedSend, err error) {
	out.ID = id
	err = tx.QueryRowContext(ctx, s.forUpdate("s", `
		SELECT s.kind, s.draft_id, s.owner_id, s.state, s.engagement_id, s.referral_id,
			s.request_id, s.trace, s.superseded = 1, d.deal
		FROM sends s JOIN drafts d ON d.id = s.draft_id WHERE s.id = $1`), id,
	).Scan(&out.Kind, &out.DraftID, &out.OwnerID, &out.State, &out.EngagementID, &out.ReferralID,
		&out.Origin.RequestID, &out.Origin.Trace, &out.superseded, &out.deal)
	return out, err
}

// lockWhole is lockSend with the attempts.
func (s *Store) lockWhole(ctx context.Context, tx *sql.Tx, id string) (lockedSend, error) {
	send, err := s.lockSend(ctx, tx, id)
	if err == nil {
		send.Attempts, err = loadAttempts(ctx, tx, attemptsOfSends, id)
	}
	return send, err
}

// may tells whether the send may move on from one of the states.
func (l *lockedSend) may(from ...referral.State) bool {
	return !l.superseded && slices.Contains(from, l.State)
}

// move changes the state. When a page asked for it, the send keeps which request did.
func (l *lockedSend) move(ctx context.Context, at time.Time, ch change) {
	l.State, l.WaitUntil, l.UpdatedAt = ch.to, ch.until, at
	if from := referral.OriginOf(ctx); from.RequestID != "" {
		l.Origin = from
	}
}

// saveSend stores what moves of a send.
func saveSend(ctx context.Context, tx *sql.Tx, send referral.Send) error {
	outcome, err := document(send.Outcome)
	if err != nil {
		return err
	}
	return later(ctx, tx, `
		UPDATE sends SET state = $2, wait_until = $3, updated_at = $4, request_id = $5, trace = $6,
			outcome = $7, referral_id = $8, engagement_id = $9
		WHERE id = $1`, send.ID, send.State, micros(send.WaitUntil), micros(send.UpdatedAt),
		send.Origin.RequestID, send.Origin.Trace, outcome, send.ReferralID, send.EngagementID)
}

func loadAttempts(
	ctx context.Context, q querier, table, id string,
) ([]referral.Attempt, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT number, request_id, correlation_id, started_at, sent_at, ended_at, status, headers,
			body, replica, lost_at
		FROM `+table+` WHERE send_id = $1 ORDER BY number`, id)
	return collect(rows, err, scanAttempt)
}

func scanAttempt(r row) (referral.Attempt, error) {
	var a referral.Attempt
	var started, sent, ended, lost int64
	var headers string
	err := r.Scan(&a.Number, &a.RequestID, &a.CorrelationID, &started, &sent, &ended,
		&a.Answer.Status, &headers, &a.Answer.Body, &a.Replica, &lost)
	if err != nil {
		return a, err
	}
	a.StartedAt, a.SentAt = fromMicros(started), fromMicros(sent)
	a.EndedAt, a.LostAt = fromMicros(ended), fromMicros(lost)
	return a, json.Unmarshal([]byte(headers), &a.Answer.Headers)
}

// openSends is the SQL of the sends, of a table named s, that may still move or ask for something:
// not those in whose place a later send came or whose draft was deleted. An index has these words;
// whoever looks for any of these sends says them too.
const openSends = `s.superseded = 0 AND s.state NOT IN ('accepted', 'cancelled')`

// needsAttention is the SQL of referral.State.NeedsAttention for a table of sends named s, less
// those that are not open or that an admin ended.
const needsAttention = openSends + `
	AND s.state IN ('rejected', 'unknown', 'needs-sign-in') AND s.outcome <> '{"kind":"ended"}'`

// Attention returns the sends that wait for a person, newest first, at most 200, without bodies
// and attempts.
func (s *Store) Attention(ctx context.Context, c referral.Caller) ([]referral.Send, error) {
	var a args
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+sendColumns+` FROM sends s JOIN users u ON u.id = s.owner_id
		WHERE `+needsAttention+` AND `+a.visible("s", c)+`
		ORDER BY s.updated_at DESC`+atMost(listLimit), a...)
	all, err := collect(rows, err, func(r row) (referral.Send, error) { return scanSend(r) })
	return all, wrap(err, "listing sends that need attention")
}

// NeedingSignIn returns the ids of the person's sends that AwaitsSignIn, oldest first.
func (s *Store) NeedingSignIn(ctx context.Context, userID string) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+sendColumns+` FROM sends s JOIN users u ON u.id = s.owner_id
		WHERE s.owner_id = $1 AND s.state IN ('needs-sign-in', 'unknown') AND `+needsAttention+`
		ORDER BY s.created_at, s.id`, userID)
	ids, err := idsOf(rows, err, referral.Send.AwaitsSignIn)
	return ids, wrap(err, "listing sends that need a sign-in")
}

// Unfinished returns the ids of all sends that move on by themselves or are being looked up: each
// of them must have a job.
func (s *Store) Unfinished(ctx context.Context) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+sendColumns+` FROM sends s JOIN users u ON u.id = s.owner_id
		WHERE `+openSends+` AND s.state IN ('queued', 'sending', 'waiting', 'unknown')
		ORDER BY s.created_at, s.id`)
	ids, err := idsOf(rows, err, func(one referral.Send) bool {
		return one.State.Running() || one.LookingUp()
	})
	return ids, wrap(err, "listing unfinished sends")
}

// idsOf returns the ids of the sends in a result that are wanted.
func idsOf(rows *sql.Rows, err error, want func(referral.Send) bool) ([]string, error) {
	all, err := collect(rows, err, func(r row) (referral.Send, error) { return scanSend(r) })
	var ids []string
	for _, one := range all {
		if want(one) {
			ids = append(ids, one.ID)
		}
	}
	return ids, err
}

// Interrupted returns the ids of the sends in the middle of an attempt.
func (s *Store) Interrupted(ctx context.Context) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.id FROM sends s WHERE `+openSends+` AND s.state = 'sending'
		ORDER BY s.created_at, s.id`)
	ids, err := collect(rows, err, scanString)
	return ids, wrap(err, "listing interrupted sends")
}
