package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/referral"
)

// Enqueue adds the job that carries a send out, in the transaction that makes it due, so that
// neither exists without the other.
type Enqueue func(ctx context.Context, tx *sql.Tx, sendID string) error

// Queue makes a send of the caller due, once: when the draft has a send of this kind that Locks,
// that one is returned with created false and nothing is enqueued.
//
// The caller sets Kind, DraftID, Revision, Name, Customer, ExternalReferenceID, Body and Consent; for
// kind Microsoft ReferralID, the own referral, in place of DraftID and EngagementID, which are taken
// from it. The Revision of an own send must be the draft's, else referral.ErrConflict; that is also
// what comes of a second referral for Microsoft. A deleted draft is a *referral.DeletedError.
func (s *Store) Queue(
	ctx context.Context, c referral.Caller, send referral.Send, enqueue Enqueue,
) (out referral.Send, created bool, err error) {
	send.Attempts = nil
	return s.queueing(ctx, c, send, enqueue)
}

// Begin is Queue and StartAttempt in one commit: the send is Sending when it returns, with this
// attempt, and the POST comes after. Nothing is enqueued then: whoever finds an attempt without an
// end, in whatever process, looks up what came of it. When something has to be looked up before the
// attempt, as the draft was sent before, it is Queue and no more, and the send is Queued.
func (s *Store) Begin(
	ctx context.Context, c referral.Caller, send referral.Send, first referral.Attempt,
	enqueue Enqueue,
) (out referral.Send, created bool, err error) {
	send.Attempts = []referral.Attempt{first}
	return s.queueing(ctx, c, send, enqueue)
}

func (s *Store) queueing(
	ctx context.Context, c referral.Caller, send referral.Send, enqueue Enqueue,
) (out referral.Send, created bool, err error) {
	if send.ID, err = s.newID(); err != nil {
		return out, false, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		out, err = s.queue(ctx, tx, c, send)
		created = err == nil && out.ID == send.ID
		if !created || out.State == referral.Sending {
			return err
		}
		return enqueue(ctx, tx, send.ID)
	})
	if err != nil {
		return referral.Send{}, false, wrap(err, "queueing a send of kind %s", send.Kind)
	}
	if created {
		s.moved(out.Kind, referral.Queued)
	}
	if created && out.State != referral.Queued {
		s.moved(out.Kind, out.State)
	}
	return out, created, nil
}

// queue returns the send that has the draft now: the new one, begun if it may be, or an earlier
// one.
func (s *Store) queue(
	ctx context.Context, tx *sql.Tx, c referral.Caller, send referral.Send,
) (out referral.Send, err error) {
	if err := connects(ctx, tx, c, &send); err != nil {
		return out, err
	}
	draft, err := s.lockDraft(ctx, tx, c, send.DraftID)
	if err != nil {
		return out, err
	}
	if id := draft.sendID(send.Kind); id != "" {
		return loadSend(ctx, tx, c, id)
	}
	if err := s.upToDate(ctx, tx, draft, send); err != nil {
		return out, err
	}
	again, err := supersede(ctx, tx, send.Kind, draft.sends)
	if err != nil {
		return out, err
	}
	if again || !s.restored.IsZero() {
		send.Attempts = nil
	}
	send.OwnerID, send.OwnerName, send.CreatedAt = c.UserID, draft.ownerName, s.clock()
	send.UpdatedAt, send.Origin = send.CreatedAt, referral.OriginOf(ctx)
	if send, err = s.insertSend(ctx, tx, send); err != nil {
		return out, err
	}
	return send, keepConsent(ctx, tx, send)
}

// connects fills in what a send for Microsoft takes from the own referral, and nothing in another.
func connects(ctx context.Context, q querier, c referral.Caller, send *referral.Send) error {
	if send.Kind != referral.Microsoft {
		return nil
	}
	own, err := loadReferral(ctx, q, c, send.ReferralID)
	if err != nil {
		return err
	}
	if own.Kind != referral.Own {
		return referral.ErrNotFound
	}
	send.DraftID, send.EngagementID = own.DraftID, own.EngagementID
	return nil
}

// upToDate makes sure that nobody has saved the draft since the rep saw it; of a send for Microsoft,
// that the own referral belongs to an engagement, and that Microsoft has none in it already, whoever
// created that.
func (s *Store) upToDate(
	ctx context.Context, tx *sql.Tx, draft lockedDraft, send referral.Send,
) error {
	if send.Kind == referral.Own {
		if draft.revision != send.Revision {
			return referral.ErrConflict
		}
		return nil
	}
	var connected string
	err := tx.QueryRowContext(ctx, s.forUpdate("r",
		`SELECT r.conn_referral_id FROM referrals r WHERE r.id = $1`), send.ReferralID,
	).Scan(&connected)
	if err == nil && (send.EngagementID == "" || connected != "") {
		return referral.ErrConflict
	}
	return err
}

// insertSend adds a send, with its first attempt if it has one, and returns it.
func (s *Store) insertSend(
	ctx context.Context, tx *sql.Tx, send referral.Send,
) (referral.Send, error) {
	begins := len(send.Attempts) > 0
	if send.State = referral.Queued; begins {
		send.State = referral.Sending
	}
	err := later(ctx, tx, `
		INSERT INTO sends (id, kind, draft_id, revision, owner_id, state, name, customer,
			external_reference_id, engagement_id, referral_id, body, created_at, updated_at,
			request_id, trace)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)`,
		send.ID, send.Kind, send.DraftID, send.Revision, send.OwnerID, send.State, send.Name,
		send.Customer, send.ExternalReferenceID, send.EngagementID, send.ReferralID, blob(send.Body),
		micros(send.CreatedAt), send.Origin.RequestID, send.Origin.Trace)
	if err != nil {
		return send, err
	}
	events := []referral.Event{{Kind: referral.EventSendQueued, UserID: send.OwnerID}}
	if begins {
		first := send.Attempts[0]
		first.Number = 1
		if first, err = s.insertAttempt(ctx, tx, attemptsOfSends, send.ID, first); err != nil {
			return send, err
		}
		send.Attempts = []referral.Attempt{first} // its own: a collision tries again
		events = append(events, referral.Event{Kind: referral.EventSendStarted})
	}
	return send, s.settle(ctx, tx, send, events...)
}

// Requeue makes a send of the caller due again, with the same body, if may allows it as the send is
// at that moment. It is referral.ErrConflict when it does not, when a later send took its place, or
// when the draft was changed since.
func (s *Store) Requeue(
	ctx context.Context, c referral.Caller, sendID string, may func(referral.Send) bool,
	enqueue Enqueue,
) (out referral.Send, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := s.unchanged(ctx, tx, c, sendID); err != nil {
			return err
		}
		out, err = s.moveIf(ctx, tx, sendID, may, referral.Queued)
		if err != nil {
			return err
		}
		err := s.settle(ctx, tx, out, referral.Event{
			Kind: referral.EventSendQueued, UserID: c.UserID})
		if err != nil {
			return err
		}
		return enqueue(ctx, tx, sendID)
	})
	return out, s.tell(out, err, "queueing send %s again", sendID)
}

// moveIf changes a send's state if may allows it for the send as it is, which it stays until the
// transaction ends.
func (s *Store) moveIf(
	ctx context.Context, tx *sql.Tx, id string, may func(referral.Send) bool, to referral.State,
) (referral.Send, error) {
	send, err := s.lockWhole(ctx, tx, id)
	if err != nil {
		return send.Send, err
	}
	if send.superseded || !may(send.Send) {
		return send.Send, referral.ErrConflict
	}
	send.move(ctx, s.clock(), change{to: to})
	return send.Send, saveSend(ctx, tx, send.Send)
}

// unchanged makes sure that the caller may change the send and that its draft is still what the
// send was made from.
func (s *Store) unchanged(ctx context.Context, tx *sql.Tx, c referral.Caller, sendID string) error {
	send, err := loadSend(ctx, tx, c, sendID)
	if err != nil {
		return err
	}
	draft, err := s.lockDraft(ctx, tx, c, send.DraftID)
	if err != nil {
		return err
	}
	if send.Kind == referral.Own && draft.revision != send.Revision {
		return referral.ErrConflict
	}
	return nil
}

// Cancel ends a send of the caller that MayCancel; any other is referral.ErrConflict.
func (s *Store) Cancel(
	ctx context.Context, c referral.Caller, sendID string,
) (out referral.Send, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := owns(ctx, tx, c, sendID); err != nil {
			return err
		}
		out, err = s.moveIf(ctx, tx, sendID, referral.Send.MayCancel, referral.Cancelled)
		if err != nil {
			return err
		}
		return s.settle(ctx, tx, out, referral.Event{
			Kind: referral.EventSendCancelled, UserID: c.UserID})
	})
	return out, s.tell(out, err, "cancelling send %s", sendID)
}

// owns makes sure that the caller may change the send.
func owns(ctx context.Context, q querier, c referral.Caller, sendID string) error {
	var owner string
	err := q.QueryRowContext(ctx,
		`SELECT owner_id FROM sends WHERE id = $1 AND (owner_id = $2 OR $3 = 1)`,
		sendID, c.UserID, flag(c.Admin)).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return referral.ErrNotFound
	}
	if err == nil && owner != c.UserID {
		return referral.ErrForbidden
	}
	return err
}
