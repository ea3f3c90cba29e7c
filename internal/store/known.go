package store

import "context"

// Known tells whether a referral with Microsoft's id is stored already, whoever owns it: then it
// came from an earlier send, and is not what a later one created.
func (s *Store) Known(ctx context.Context, remoteID string) (bool, error) {
	var n int
	err := s.reader.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM referrals WHERE remote_id = $1`, remoteID).Scan(&n)
	return n > 0, wrap(err, "looking for a known referral")
}
