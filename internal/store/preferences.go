package store

import (
	"context"
	"encoding/json"

	"tandem/internal/referral"
)

// Preferences returns what the caller has chosen for himself, zero when he has chosen nothing.
func (s *Store) Preferences(
	ctx context.Context, c referral.Caller,
) (p referral.Preferences, err error) {
	rows, err := s.reader.QueryContext(ctx,
		`SELECT doc FROM preferences WHERE user_id = $1`, c.UserID)
	docs, err := collect(rows, err, scanString)
	if err == nil && len(docs) > 0 {
		err = json.Unmarshal([]byte(docs[0]), &p)
	}
	return p, wrap(err, "loading the preferences of user %s", c.UserID)
}

// SavePreferences keeps what the caller has chosen for himself.
func (s *Store) SavePreferences(
	ctx context.Context, c referral.Caller, p referral.Preferences,
) error {
	if err := mayRead(c); err != nil {
		return wrap(err, "saving preferences")
	}
	doc, err := document(p)
	if err != nil {
		return err
	}
	_, err = s.writer.ExecContext(ctx, `
		INSERT INTO preferences (user_id, doc, zone, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE SET doc = excluded.doc, zone = excluded.zone,
			updated_at = excluded.updated_at`, c.UserID, doc, p.Zone, micros(s.clock()))
	return wrap(err, "saving the preferences of user %s", c.UserID)
}
