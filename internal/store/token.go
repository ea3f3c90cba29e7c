package store

import "context"

const sealToken = "token"

// SaveToken keeps the person's token document, sealed, in place of any other.
func (s *Store) SaveToken(ctx context.Context, userID string, doc []byte) error {
	_, err := s.writer.ExecContext(ctx, `
		INSERT INTO tokens (user_id, sealed, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE
		SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
		userID, s.keys.seal(sealToken, userID, doc), micros(s.clock()))
	return wrap(err, "saving the token of user %s", userID)
}

// Token returns the person's token document. It is referral.ErrNotFound when there is none, or
// none that the present keys open.
func (s *Store) Token(ctx context.Context, userID string) ([]byte, error) {
	var sealed, doc []byte
	err := s.byKey(ctx, `SELECT sealed FROM tokens WHERE user_id = $1`, userID).Scan(&sealed)
	if err == nil {
		doc, err = s.keys.open(sealToken, userID, sealed)
	}
	return doc, wrap(err, "loading the token of user %s", userID)
}

// DeleteToken removes the person's token; one that is gone already is fine.
func (s *Store) DeleteToken(ctx context.Context, userID string) error {
	_, err := s.writer.ExecContext(ctx, `DELETE FROM tokens WHERE user_id = $1`, userID)
	return wrap(err, "deleting the token of user %s", userID)
}
