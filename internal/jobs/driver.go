package jobs

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tandem/internal/store"
)

// driver returns the queue's driver for the store's database.
func driver(s *store.Store) riverdriver.Driver[*sql.Tx] {
	if pool := s.Pool(); pool != nil {
		return postgres{riverpgxv5.New(pool)}
	}
	return riversqlite.New(s.Writer())
}

// postgres is the queue's driver for pgx, but takes transactions of database/sql: the store begins
// them on connections of pgx.
type postgres struct{ *riverpgxv5.Driver }

// UnwrapExecutor returns what runs the queue's statements inside the transaction.
func (d postgres) UnwrapExecutor(tx *sql.Tx) riverdriver.ExecutorTx {
	return d.Driver.UnwrapExecutor(joined{tx: tx})
}

// UnwrapTx returns the transaction that UnwrapExecutor was given, nil for one of the queue's own.
func (d postgres) UnwrapTx(e riverdriver.ExecutorTx) *sql.Tx {
	ours, ok := d.Driver.UnwrapTx(e).(joined)
	if !ok {
		return nil
	}
	return ours.tx
}

// joined lets pgx run statements inside a transaction of database/sql. The transaction is begun and
// ended elsewhere, so those methods of the embedded interface, which is nil, are never called.
type joined struct {
	pgx.Tx
	tx *sql.Tx
}

// Exec runs a statement.
func (j joined) Exec(
	ctx context.Context, query string, args ...any,
) (pgconn.CommandTag, error) {
	conn, err := j.connection()
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return conn.Exec(ctx, query, args...)
}

// Query runs a query.
func (j joined) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	conn, err := j.connection()
	if err != nil {
		return nil, err
	}
	return conn.Query(ctx, query, args...)
}

// QueryRow runs a query of one row.
func (j joined) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	conn, err := j.connection()
	if err != nil {
		return failed{err}
	}
	return conn.QueryRow(ctx, query, args...)
}

// Conn returns the connection, nil when the transaction is over.
func (j joined) Conn() *pgx.Conn {
	conn, err := j.connection()
	if err != nil {
		return nil
	}
	return conn
}

// connection returns the connection of the transaction. database/sql has no method for that, but
// pgx passes it to a query's rewriter. Ours fails then, so that the query is never sent.
func (j joined) connection() (*pgx.Conn, error) {
	var s spy
	_, err := j.tx.ExecContext(context.Background(), "", &s)
	if s.conn == nil {
		return nil, errors.Join(errors.New("no connection of pgx"), err)
	}
	return s.conn, nil
}

var errSeen = errors.New("seen")

// spy is a query rewriter that remembers the connection and fails.
type spy struct{ conn *pgx.Conn }

// RewriteQuery implements pgx.QueryRewriter.
func (s *spy) RewriteQuery(
	_ context.Context, conn *pgx.Conn, _ string, _ []any,
) (string, []any, error) {
	s.conn = conn
	return "", nil, errSeen
}

// failed is the row of a query that could not be run.
type failed struct{ err error }

// Scan returns the error.
func (f failed) Scan(...any) error { return f.err }
