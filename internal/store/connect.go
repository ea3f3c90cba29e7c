package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tandem/internal/referral"
)

// Connect returns the wizard's answers for an own referral, zero when none were saved.
func (s *Store) Connect(
	ctx context.Context, c referral.Caller, referralID string,
) (w referral.Connect, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		if _, err := loadReferral(ctx, tx, c, referralID); err != nil {
			return err
		}
		w, err = loadConnect(ctx, tx, referralID)
		return err
	})
	return w, wrap(err, "loading the connection of referral %s", referralID)
}

func loadConnect(ctx context.Context, q querier, id string) (referral.Connect, error) {
	var w referral.Connect
	var doc string
	var revision int
	var updated int64
	err := q.QueryRowContext(ctx,
		`SELECT doc, revision, updated_at FROM connects WHERE referral_id = $1`, id,
	).Scan(&doc, &revision, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return w, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(doc), &w)
	}
	w.Revision, w.UpdatedAt = revision, fromMicros(updated)
	return w, err
}

// SaveConnect stores the wizard's answers for the caller's own referral and returns them with
// their new Revision. It is referral.ErrConflict when w.Revision is not the present one, and
// referral.ErrLocked when a send of kind Microsoft has them.
func (s *Store) SaveConnect(
	ctx context.Context, c referral.Caller, referralID string, w referral.Connect,
) (out referral.Connect, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := connectable(ctx, tx, c, referralID); err != nil {
			return err
		}
		if err := s.putConnect(ctx, tx, referralID, w); err != nil {
			return err
		}
		out, err = loadConnect(ctx, tx, referralID)
		return err
	})
	return out, wrap(err, "saving the connection of referral %s", referralID)
}

// putConnect inserts the first answers and updates later ones; either statement hits no row when
// someone saved in between.
func (s *Store) putConnect(
	ctx context.Context, tx *sql.Tx, id string, w referral.Connect,
) error {
	doc, err := document(w)
	if err != nil {
		return err
	}
	query := `UPDATE connects SET doc = $2, updated_at = $3, revision = revision + 1
		WHERE referral_id = $1 AND revision = $4`
	if w.Revision == 0 {
		query = `INSERT INTO connects (referral_id, doc, updated_at, revision)
			VALUES ($1, $2, $3, $4 + 1) ON CONFLICT (referral_id) DO NOTHING`
	}
	res, err := tx.ExecContext(ctx, query, id, doc, micros(s.clock()), w.Revision)
	if err = found(res, err); errors.Is(err, referral.ErrNotFound) {
		return referral.ErrConflict
	}
	return err
}

// connectable makes sure that the caller may write the wizard's answers for an own referral, and
// that no send takes them before the transaction ends: the update that changes nothing takes the
// row's lock, which a send that is made due needs too.
func connectable(ctx context.Context, tx *sql.Tx, c referral.Caller, id string) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE referrals SET conn_state = conn_state WHERE id = $1`, id)
	if err != nil {
		return err
	}
	r, err := loadReferral(ctx, tx, c, id)
	switch {
	case err != nil:
		return err
	case r.Kind != referral.Own, r.DraftID == "":
		return referral.ErrNotFound
	case r.OwnerID != c.UserID:
		return referral.ErrForbidden
	case r.Connection.State.Locks():
		return referral.ErrLocked
	}
	return nil
}
