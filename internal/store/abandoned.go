package store

import (
	"context"
	"time"

	"tandem/internal/referral"
)

// Abandoned returns the ids of the sends whose attempt started before the given time and has not
// ended. The caller chooses a time so early that no such attempt can still run.
func (s *Store) Abandoned(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.id FROM sends s WHERE `+openSends+` AND s.state = 'sending' AND NOT EXISTS (
			SELECT 1 FROM attempts a WHERE a.send_id = s.id AND a.started_at >= $1)
		ORDER BY s.created_at, s.id`, micros(before))
	ids, err := collect(rows, err, scanString)
	return ids, wrap(err, "listing abandoned sends")
}

// Overdue returns the ids of the sends that should have moved on by themselves before the given
// time: they are due, have waited long enough, or are to be looked up.
func (s *Store) Overdue(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+sendColumns+` FROM sends s JOIN users u ON u.id = s.owner_id
		WHERE `+openSends+` AND s.state IN ('queued', 'waiting', 'unknown')
			AND s.updated_at < $1 AND s.wait_until < $1
		ORDER BY s.created_at, s.id`, micros(before))
	all, err := collect(rows, err, func(r row) (referral.Send, error) { return scanSend(r) })
	var ids []string
	for _, one := range all {
		if one.State != referral.Unknown || one.LookingUp() {
			ids = append(ids, one.ID)
		}
	}
	return ids, wrap(err, "listing overdue sends")
}
