package store

import (
	"context"
	"database/sql"
	"time"
)

// Join adds a replica, under an id that was never used before, to those that watch each other.
func (s *Store) Join(ctx context.Context, id string) error {
	_, err := s.writer.ExecContext(ctx, `INSERT INTO replicas (id, beats) VALUES ($1, 0)`, id)
	return wrap(err, "joining as replica %s", id)
}

// Beat tells the others that the replica is alive. It is referral.ErrNotFound when they took it for
// dead and called Bury.
func (s *Store) Beat(ctx context.Context, id string) error {
	res, err := s.writer.ExecContext(ctx,
		`UPDATE replicas SET beats = beats + 1 WHERE id = $1`, id)
	return wrap(found(res, err), "telling that replica %s lives", id)
}

// Beats returns the number of heartbeats of each replica.
func (s *Store) Beats(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	rows, err := s.reader.QueryContext(ctx, `SELECT id, beats FROM replicas`)
	_, err = collect(rows, err, func(r row) (id string, err error) {
		var beats int64
		err = r.Scan(&id, &beats)
		all[id] = beats
		return id, err
	})
	return all, wrap(err, "listing the replicas")
}

// Bury removes a replica that ended or died; it may be gone already.
func (s *Store) Bury(ctx context.Context, id string) error {
	_, err := s.writer.ExecContext(ctx, `DELETE FROM replicas WHERE id = $1`, id)
	return wrap(err, "burying replica %s", id)
}

// LeftBy returns the ids of the sends and changes whose unfinished attempt is a replica's.
func (s *Store) LeftBy(ctx context.Context, replica string) (sends, changes []string, err error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.id FROM sends s WHERE `+openSends+` AND s.state = 'sending' AND EXISTS (
			SELECT 1 FROM attempts a
			WHERE a.send_id = s.id AND a.ended_at = 0 AND a.replica = $1)
		ORDER BY s.created_at, s.id`, replica)
	if sends, err = collect(rows, err, scanString); err != nil {
		return nil, nil, wrap(err, "listing the sends of replica %s", replica)
	}
	rows, err = s.reader.QueryContext(ctx, `
		SELECT o.id FROM changes o WHERE o.state = 'sending' AND EXISTS (
			SELECT 1 FROM change_attempts a
			WHERE a.send_id = o.id AND a.ended_at = 0 AND a.replica = $1)
		ORDER BY o.id`, replica)
	changes, err = collect(rows, err, scanString)
	return sends, changes, wrap(err, "listing the changes of replica %s", replica)
}

// HeldBy returns the ids of the sends that have to go on and whose attempts a replica made.
func (s *Store) HeldBy(ctx context.Context, replica string) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.id FROM sends s
		WHERE `+openSends+` AND s.state IN ('queued', 'waiting', 'unknown')
			AND EXISTS (SELECT 1 FROM attempts a WHERE a.send_id = s.id AND a.replica = $1)
		ORDER BY s.created_at, s.id`, replica)
	ids, err := collect(rows, err, scanString)
	return ids, wrap(err, "listing what replica %s was to take on", replica)
}

// lost stores a time at which the newest attempt of a send had certainly ended, because its process
// had.
func lost(ctx context.Context, tx *sql.Tx, sendID string, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE attempts SET lost_at = $2 WHERE send_id = $1 AND ended_at = 0
			AND number = (SELECT MAX(number) FROM attempts WHERE send_id = $1)`, sendID, micros(at))
	return err
}
