package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Backup writes a complete copy of the SQLite file from to the new file to, while others go on
// working with it, checks the copy and makes sure that it is on the disk. The error matches
// fs.ErrExist when to is there already, and fs.ErrNotExist when from is not. The file from is
// neither changed nor migrated.
//
// The copy knows that it is one: see Store.Restored.
func Backup(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return wrap(err, "backing up")
	}
	if err := createPrivate(to); err != nil {
		return wrap(err, "backing up")
	}
	// The copy gets its name only when it is complete. Until then an empty file reserves the name.
	partial := to + ".partial"
	err := copyTo(ctx, from, partial)
	if err == nil {
		err = os.Rename(partial, to)
	}
	if err == nil {
		return wrap(syncPath(filepath.Dir(to)), "backing up to %s", to)
	}
	for _, path := range []string{partial, to} {
		if removed := os.Remove(path); !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}
	return wrap(err, "backing up to %s", to)
}

func copyTo(ctx context.Context, from, to string) error {
	if err := createPrivate(to); err != nil {
		return err
	}
	source, err := openFile(from, busy, 1)
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO $1", to)
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	db, err := openFile(to, busy+"&_txlock=immediate", 1)
	if err != nil {
		return err
	}
	if err := errors.Join(finish(ctx, db), db.Close()); err != nil {
		return err
	}
	return syncPath(to)
}

// finish marks a copy as one that was brought back, and checks it.
func finish(ctx context.Context, db *sql.DB) error {
	err := within(ctx, db, nil, func(tx *sql.Tx) error { return markRestored(ctx, tx) })
	if err != nil {
		return err
	}
	var verdict string
	err = db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = fmt.Errorf("the copy is damaged: %s", verdict)
	}
	return err
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// MarkRestored marks the database as brought back from a copy that Backup did not make. Call it
// before anybody works with the database.
func (s *Store) MarkRestored(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return markRestored(ctx, tx) })
	if err == nil {
		err = s.noteRestored(ctx)
	}
	return wrap(err, "marking the database as restored")
}

// markRestored makes sure that nothing in the database is sent without a look at Microsoft first,
// because it may have been sent after the copy was made. The time of the copy is that of the last
// event. Whatever is due is recorded as an attempt that began and whose end is not known.
func markRestored(ctx context.Context, tx *sql.Tx) error {
	const (
		due  = `superseded = 0 AND state IN ('queued', 'waiting', 'needs-sign-in')`
		last = `(SELECT COALESCE(MAX(at), 0) FROM events)`
	)
	for _, statement := range []string{
		`CREATE TABLE IF NOT EXISTS restored (at BIGINT NOT NULL)`,
		`INSERT INTO restored (at) VALUES (` + last + `)`,
		`INSERT INTO attempts (send_id, number, request_id, correlation_id, started_at)
			SELECT s.id, 1 + (SELECT COUNT(*) FROM attempts a WHERE a.send_id = s.id), '', '',
				` + last + `
			FROM sends s WHERE ` + due,
		`UPDATE sends SET state = 'sending', wait_until = 0, updated_at = ` + last + `
			WHERE ` + due,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// noteRestored reads whether the database was ever brought back from a copy.
func (s *Store) noteRestored(ctx context.Context) error {
	var at int64
	err := s.reader.QueryRowContext(ctx, `SELECT COALESCE(MAX(at), 0) FROM restored`).Scan(&at)
	s.restored = fromMicros(at)
	return wrap(err, "finding out whether the database was restored")
}

// Restored returns when the copy was made that the database was brought back from, if the draft is
// older than it: then it may have been sent after the copy was made. Otherwise the time is zero.
func (s *Store) Restored(ctx context.Context, draftID string) (time.Time, error) {
	if s.restored.IsZero() {
		return time.Time{}, nil
	}
	var n int
	err := s.reader.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM drafts WHERE id = $1 AND created_at <= $2`,
		draftID, micros(s.restored)).Scan(&n)
	if err != nil || n == 0 {
		return time.Time{}, wrap(err, "asking whether draft %s was restored", draftID)
	}
	return s.restored, nil
}
