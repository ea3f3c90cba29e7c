package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/referral"
)

// Undone returns a person's sends and changes that are not done, for an admin, oldest first. It is
// referral.ErrNotAdmin for reps.
func (s *Store) Undone(
	ctx context.Context, c referral.Caller, personID string,
) (all []referral.Undone, err error) {
	if err := mayChange(c); err != nil {
		return nil, wrap(err, "listing what is not done")
	}
	err = s.read(ctx, func(tx *sql.Tx) error {
		sends, changes, err := undone(ctx, tx, personID)
		all = nil
		for _, one := range sends {
			all = append(all, referral.Undone{ID: one.ID, Name: one.Name, Customer: one.Customer,
				Fate: one.Fate(), Since: one.UpdatedAt})
		}
		for _, one := range changes {
			all = append(all, referral.Undone{ID: one.ID, Name: one.Name, Customer: one.Customer,
				Change: true, Fate: one.Fate(), Since: one.UpdatedAt})
		}
		return err
	})
	return all, wrap(err, "listing what is not done")
}

// undone loads the sends and changes of a person that are not done.
func undone(
	ctx context.Context, q querier, personID string,
) (sends []referral.Send, changes []referral.Change, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM sends
		WHERE owner_id = $1 AND superseded = 0`+unfinished+` ORDER BY created_at, id`, personID)
	ids, err := collect(rows, err, scanString)
	for _, id := range ids {
		one, err := loadSend(ctx, q, worker(), id)
		if err != nil {
			return nil, nil, err
		}
		sends = append(sends, one)
	}
	if err != nil {
		return nil, nil, err
	}
	rows, err = q.QueryContext(ctx, `SELECT id FROM changes
		WHERE owner_id = $1`+unfinished+` ORDER BY created_at, id`, personID)
	ids, err = collect(rows, err, scanString)
	for _, id := range ids {
		one, err := loadChange(ctx, q, worker(), id)
		if err != nil {
			return nil, nil, err
		}
		changes = append(changes, one)
	}
	return sends, changes, err
}

// EndUndone ends what Undone lists, in the place of a person who cannot. What may be at Microsoft
// stays unknown and is never sent again; the rest is cancelled. What is under way is left alone.
// Only an admin may do it (referral.ErrNotAdmin), and not to himself (referral.ErrForbidden).
func (s *Store) EndUndone(ctx context.Context, c referral.Caller, personID string) error {
	all, err := s.Undone(ctx, c, personID)
	if err == nil && personID == c.UserID {
		err = referral.ErrForbidden
	}
	if err != nil {
		return wrap(err, "ending what %s has not done", personID)
	}
	for _, one := range all {
		end := s.endSend
		if one.Change {
			end = s.endChange
		}
		if err := end(ctx, c, one.ID); err != nil && !errors.Is(err, referral.ErrConflict) {
			return wrap(err, "ending %s", one.ID)
		}
	}
	return nil
}

// ended is the outcome of a send or change that an admin ended.
func ended() referral.Outcome { return referral.Outcome{Kind: referral.OutcomeEnded} }

// endedAs is the state of a send or change that an admin ended.
func endedAs(fate referral.Fate) referral.State {
	if fate == referral.FateUnknown {
		return referral.Unknown
	}
	return referral.Cancelled
}

func (s *Store) endSend(ctx context.Context, c referral.Caller, id string) error {
	var was, is referral.Send
	err := s.write(ctx, func(tx *sql.Tx) error {
		send, err := s.lockWhole(ctx, tx, id)
		if err != nil {
			return err
		}
		if was = send.Send; send.superseded || was.Fate() == referral.FateLater {
			return referral.ErrConflict
		}
		send.move(ctx, s.clock(), change{to: endedAs(was.Fate())})
		is = send.Send
		is.Outcome = ended()
		if err := saveSend(ctx, tx, is); err != nil {
			return err
		}
		return s.settle(ctx, tx, is, referral.Event{Kind: referral.EventSendEnded, UserID: c.UserID})
	})
	if err == nil && was.State != is.State {
		s.moved(is.Kind, is.State)
	}
	return err
}

func (s *Store) endChange(ctx context.Context, c referral.Caller, id string) error {
	var was, is referral.Change
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE changes SET state = state WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if was, err = loadChange(ctx, tx, worker(), id); err != nil {
			return err
		}
		if was.Fate() == referral.FateLater {
			return referral.ErrConflict
		}
		is, err = s.moveChange(ctx, tx, id, []referral.State{was.State}, endedAs(was.Fate()))
		if err != nil {
			return err
		}
		if err := saveChangeOutcome(ctx, tx, id, ended()); err != nil {
			return err
		}
		return s.addChangeEvent(ctx, tx, is, c.UserID, referral.EventChangeEnded)
	})
	return s.tellChange(was.State, is.State, err, "ending change %s", id)
}

// isEnded tells whether an admin ended a send that may be at Microsoft.
func isEnded(ctx context.Context, q querier, sendID string) (bool, error) {
	send, err := loadSend(ctx, q, worker(), sendID)
	return send.State == referral.Unknown && send.Outcome == ended(), err
}
