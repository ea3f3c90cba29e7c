package store

import (
	"context"
	"database/sql"
	"errors"
)

// keyed is a row that is read, by its key, when it is scanned.
type keyed struct {
	ctx   context.Context
	db    *sql.DB
	query string
	args  []any
}

// byKey returns the row that a query finds by its key. On SQLite the query itself ignores ctx,
// which only limits the wait for a connection: reading one row is faster than starting the
// goroutines with which database/sql and the driver watch a context.
func (s *Store) byKey(ctx context.Context, query string, args ...any) row {
	if s.pool != nil {
		return s.reader.QueryRowContext(ctx, query, args...)
	}
	return keyed{ctx, s.reader, query, args}
}

// Scan reads the row as that of *sql.Row does.
func (k keyed) Scan(into ...any) error {
	conn, err := k.db.Conn(k.ctx)
	if err != nil {
		return err
	}
	err = conn.QueryRowContext(context.WithoutCancel(k.ctx), k.query, k.args...).Scan(into...)
	return errors.Join(err, conn.Close())
}
