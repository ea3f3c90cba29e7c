package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/referral"
)

// QueueChange makes a change of the caller's own referral due, once: the same change of the same
// version is returned with created false, and so is one that is under way. Another change under way
// is referral.ErrLocked; a version that is not known, or a conflict that was settled meanwhile,
// referral.ErrConflict.
//
// The caller sets ReferralID, Section, Deal, BaseETag, Edits, Body and Replaces.
func (s *Store) QueueChange(
	ctx context.Context, c referral.Caller, ch referral.Change, enqueue Enqueue,
) (out referral.Change, created bool, err error) {
	if ch.ID, err = s.newID(); err != nil {
		return out, false, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		id, err := s.queueChange(ctx, tx, c, ch)
		if err != nil {
			return err
		}
		if created = id == ch.ID; created {
			err = enqueue(ctx, tx, id)
		}
		if err != nil {
			return err
		}
		out, err = loadChange(ctx, tx, c, id)
		return err
	})
	if err != nil {
		return referral.Change{}, false, wrap(err, "queueing a change of %s", ch.ReferralID)
	}
	if created {
		s.moved(KindChange, out.State)
	}
	return out, created, nil
}

// queueChange returns the id of the change that counts now: the new one or an earlier one.
func (s *Store) queueChange(
	ctx context.Context, tx *sql.Tx, c referral.Caller, ch referral.Change,
) (string, error) {
	if err := lockReferral(ctx, tx, c, ch.ReferralID); err != nil {
		return "", err
	}
	if _, err := loadVersion(ctx, tx, ch.ReferralID, ch.BaseETag); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = referral.ErrConflict
		}
		return "", err
	}
	id, err := sameChange(ctx, tx, ch)
	if err != nil || id != "" {
		return id, err
	}
	if err := s.settleConflict(ctx, tx, c, ch); err != nil {
		return "", err
	}
	return ch.ID, s.insertChange(ctx, tx, c, ch)
}

// lockReferral makes sure that the referral is the caller's own, and that nobody else changes it
// before the transaction ends: the update that changes nothing takes the row's lock.
func lockReferral(ctx context.Context, tx *sql.Tx, c referral.Caller, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE referrals SET etag = etag WHERE id = $1`, id)
	if err != nil {
		return err
	}
	r, err := loadReferral(ctx, tx, c, id)
	switch {
	case err != nil:
		return err
	case r.Kind != referral.Own:
		return referral.ErrNotFound
	case r.OwnerID != c.UserID:
		return referral.ErrForbidden
	}
	return nil
}

// sameChange returns the id of the same change, empty when there is none. Another one under way is
// referral.ErrLocked.
func sameChange(ctx context.Context, q querier, ch referral.Change) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, `
		SELECT id FROM changes WHERE referral_id = $1 AND base_etag = $2 AND digest = $3
			AND state NOT IN ('rejected', 'cancelled')`,
		ch.ReferralID, ch.BaseETag, ch.Digest()).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	err = q.QueryRowContext(ctx, `
		SELECT id FROM changes WHERE referral_id = $1
			AND state IN ('queued', 'sending', 'waiting', 'needs-sign-in', 'unknown')`,
		ch.ReferralID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err == nil {
		err = referral.ErrLocked
	}
	return "", err
}

// settleConflict ends the change that this one replaces.
func (s *Store) settleConflict(
	ctx context.Context, tx *sql.Tx, c referral.Caller, ch referral.Change,
) error {
	if ch.Replaces == "" {
		return nil
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE changes SET state = 'cancelled', updated_at = $3
		WHERE id = $1 AND referral_id = $2 AND owner_id = $4 AND state = 'rejected'`,
		ch.Replaces, ch.ReferralID, micros(s.clock()), c.UserID)
	if err = found(res, err); errors.Is(err, referral.ErrNotFound) {
		return referral.ErrConflict
	}
	return err
}

func (s *Store) insertChange(
	ctx context.Context, tx *sql.Tx, c referral.Caller, ch referral.Change,
) error {
	edits, err := document(ch.Edits)
	if err != nil {
		return err
	}
	from := referral.OriginOf(ctx)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO changes (id, referral_id, owner_id, section, deal, base_etag, digest, edits,
			body, replaces, state, created_at, updated_at, request_id, trace)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $11, $11, $12, $13)`,
		ch.ID, ch.ReferralID, c.UserID, ch.Section, ch.Deal, ch.BaseETag, ch.Digest(), edits,
		blob(ch.Body), ch.Replaces, micros(s.clock()), from.RequestID, from.Trace)
	if err != nil {
		return err
	}
	return s.addChangeEvent(ctx, tx, ch, c.UserID, referral.EventChangeQueued)
}

func (s *Store) addChangeEvent(
	ctx context.Context, tx *sql.Tx, ch referral.Change, userID, kind string,
) error {
	return s.addEvent(ctx, tx, referral.Event{Kind: kind, UserID: userID,
		ReferralID: ch.ReferralID, Detail: ch.ID})
}

// RequeueChange makes a change of the caller due again if may allows it as it is at that moment,
// else it is referral.ErrConflict. Another change under way is referral.ErrLocked.
func (s *Store) RequeueChange(
	ctx context.Context, c referral.Caller, id string, to referral.State,
	change ChangeMove,
) (out referral.Change, err error) {
	var was referral.State
	err = s.write(ctx, func(tx *sql.Tx) error {
		ch, err := loadChange(ctx, tx, c, id)
		if err != nil {
			return err
		}
		if err := lockReferral(ctx, tx, c, ch.ReferralID); err != nil {
			return err
		}
		if ch, err = loadChange(ctx, tx, c, id); err != nil {
			return err
		}
		if was = ch.State; !change.May(ch) {
			return referral.ErrConflict
		}
		if out, err = s.moveChange(ctx, tx, id, []referral.State{ch.State}, to); err != nil {
			return err
		}
		if err := s.saveMove(ctx, tx, ch, c, change); err != nil {
			return err
		}
		out, err = loadChange(ctx, tx, c, id)
		return err
	})
	return out, s.tellChange(was, to, err, "moving change %s", id)
}

// ChangeMove is what a person does to a change.
type ChangeMove struct {
	// May allows it for the change as it is.
	May func(referral.Change) bool
	// Outcome is what the change has from then on.
	Outcome referral.Outcome
	// Event is the line of the history; empty for none.
	Event string
	// Enqueue adds the job that follows; nil when none does.
	Enqueue Enqueue
}

func (s *Store) saveMove(
	ctx context.Context, tx *sql.Tx, ch referral.Change, c referral.Caller, m ChangeMove,
) error {
	if err := saveChangeOutcome(ctx, tx, ch.ID, m.Outcome); err != nil {
		return err
	}
	if m.Event != "" {
		if err := s.addChangeEvent(ctx, tx, ch, c.UserID, m.Event); err != nil {
			return err
		}
	}
	if m.Enqueue == nil {
		return nil
	}
	return m.Enqueue(ctx, tx, ch.ID)
}
