package store

import (
	"context"
	"database/sql"

	"tandem/internal/referral"
)

// CreateDraft stores a new draft of the caller and returns it with its ID, Revision 1 and times.
func (s *Store) CreateDraft(
	ctx context.Context, c referral.Caller, d referral.Draft,
) (out referral.Draft, err error) {
	id, err := s.newID()
	if err != nil {
		return out, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := s.insertDraft(ctx, tx, id, c, d); err != nil {
			return err
		}
		err := s.addEvent(ctx, tx, referral.Event{
			Kind: referral.EventDraftCreated, UserID: c.UserID, DraftID: id})
		if err != nil {
			return err
		}
		out, err = loadDraft(ctx, tx, c, id)
		return err
	})
	return out, wrap(err, "creating a draft")
}

func (s *Store) insertDraft(
	ctx context.Context, tx *sql.Tx, id string, c referral.Caller, d referral.Draft,
) error {
	doc, err := encodeDraft(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO drafts (id, owner_id, name, customer, deal, reached, revision, doc,
			created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8)`,
		id, c.UserID, d.Answers.Name, d.Answers.CustomerProfile.Name, d.Deal(), d.Reached, doc,
		micros(s.clock()))
	return err
}

// SaveDraft stores the answers, steps, reached step and removed person of d and returns the draft
// with its new Revision. It is referral.ErrConflict when d.Revision is not the present one,
// referral.ErrLocked when a send has the draft, a *referral.DeletedError when it was deleted.
func (s *Store) SaveDraft(
	ctx context.Context, c referral.Caller, d referral.Draft,
) (out referral.Draft, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		present, err := s.lockDraft(ctx, tx, c, d.ID)
		switch {
		case err != nil:
			return err
		case present.sendID(referral.Own) != "":
			return referral.ErrLocked
		case present.revision != d.Revision:
			return referral.ErrConflict
		}
		if err := s.updateDraft(ctx, tx, d); err != nil {
			return err
		}
		out, err = loadDraft(ctx, tx, c, d.ID)
		return err
	})
	return out, wrap(err, "saving draft %s", d.ID)
}

func (s *Store) updateDraft(ctx context.Context, tx *sql.Tx, d referral.Draft) error {
	doc, err := encodeDraft(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE drafts SET name = $2, customer = $3, deal = $4, reached = $5, doc = $6,
			updated_at = $7, revision = revision + 1
		WHERE id = $1`,
		d.ID, d.Answers.Name, d.Answers.CustomerProfile.Name, d.Deal(), d.Reached, doc,
		micros(s.clock()))
	return err
}

// DeleteDraft erases the answers of a draft and remembers who deleted it and when. It is
// referral.ErrLocked when a send has the draft. What its rejected sends held of the customer goes
// too; that they happened, and how they ended, stays.
func (s *Store) DeleteDraft(ctx context.Context, c referral.Caller, id string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		present, err := s.lockDraft(ctx, tx, c, id)
		if err != nil {
			return err
		}
		if present.sendID(referral.Own) != "" {
			return referral.ErrLocked
		}
		return s.eraseDraft(ctx, tx, c, id, "")
	})
	return wrap(err, "deleting draft %s", id)
}

// eraseDraft deletes a draft for the caller; the zero Caller stands for Tandem itself. Why, if
// anything, is for the history.
func (s *Store) eraseDraft(
	ctx context.Context, tx *sql.Tx, c referral.Caller, id, why string,
) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE drafts SET name = '', customer = '', doc = '{}', deleted_by = $2, deleted_at = $3
		WHERE id = $1`, id, c.UserID, micros(s.clock()))
	if err != nil {
		return err
	}
	if err := eraseSends(ctx, tx, id); err != nil {
		return err
	}
	if err := eraseTyped(ctx, tx, id); err != nil {
		return err
	}
	return s.addEvent(ctx, tx, referral.Event{
		Kind: referral.EventDraftDeleted, UserID: c.UserID, DraftID: id, Detail: why})
}

// eraseSends marks the sends of a deleted draft as over and takes the customer out of them: the
// body, Microsoft's answers, and what Microsoft said in words.
func eraseSends(ctx context.Context, tx *sql.Tx, draftID string) error {
	for _, statement := range []string{
		`UPDATE sends SET superseded = 1, name = '', customer = '', external_reference_id = '',
			body = $2, outcome = '{}' WHERE draft_id = $1`,
		`UPDATE attempts SET body = $2, headers = '{}'
			WHERE send_id IN (SELECT id FROM sends WHERE draft_id = $1)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, draftID, []byte{}); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM consents
		WHERE send_id IN (SELECT id FROM sends WHERE draft_id = $1)`, draftID)
	return err
}

// supersede marks the sends of a kind as over: they ask for nobody's attention any more and cannot
// be queued again. It tells whether there were any.
func supersede(
	ctx context.Context, tx *sql.Tx, kind referral.Kind, sends []sendOfDraft,
) (any bool, err error) {
	for _, one := range sends {
		if one.kind != kind {
			continue
		}
		any = true
		_, err := tx.ExecContext(ctx, `UPDATE sends SET superseded = 1 WHERE id = $1`, one.id)
		if err != nil {
			return any, err
		}
	}
	return any, nil
}
