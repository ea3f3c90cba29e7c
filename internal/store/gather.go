package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// later carries out a statement whose result nobody needs. PostgreSQL gets it together with the
// next statement of the transaction, or with its commit, which is where its error then is: as with
// any other error, nothing of the transaction stays. SQLite is at hand and carries it out at once.
func later(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(context.WithValue(ctx, gathered{}, true), query, args...)
	return err
}

// gathered marks the context of what later carries out.
type gathered struct{}

// gathering is a way to PostgreSQL whose connections send what need not be awaited together with
// what must be: the beginning of a transaction and what later carries out. The way there and back
// takes longer than most statements. What uses the database need not know.
type gathering struct{ driver.Connector }

// Connect implements driver.Connector.
func (g gathering) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := g.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(errors.New("not a connection of pgx"), c.Close())
	}
	return &gatherer{Conn: inner}, nil
}

// gatherer is a connection with what goes out before its next statement. database/sql lets one
// goroutine at a time use it.
type gatherer struct {
	*stdlib.Conn
	ahead pgx.Batch
	// open says that there is a transaction; lost why nothing of it can be committed, once what was
	// gathered has failed.
	open bool
	lost error
}

// BeginTx implements driver.ConnBeginTx.
func (g *gatherer) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if g.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	begin := "BEGIN"
	switch sql.IsolationLevel(opts.Isolation) {
	case sql.LevelDefault:
	case sql.LevelRepeatableRead:
		begin += " ISOLATION LEVEL REPEATABLE READ"
	default:
		return nil, fmt.Errorf("no isolation level %d", opts.Isolation)
	}
	if opts.ReadOnly {
		begin += " READ ONLY"
	}
	g.open = true
	g.ahead.Queue(begin)
	return transaction{g, ctx}, nil
}

// ExecContext implements driver.ExecerContext.
func (g *gatherer) ExecContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	if g.open && ctx.Value(gathered{}) != nil {
		g.ahead.Queue(query, values(args)...)
		return driver.ResultNoRows, g.lost
	}
	direct, err := g.direct(ctx, args)
	if err != nil {
		return nil, err
	}
	if direct {
		return g.Conn.ExecContext(ctx, query, args)
	}
	tag, err := g.exec(ctx, query, values(args)...)
	return driver.RowsAffected(tag.RowsAffected()), err
}

// QueryContext implements driver.QueryerContext.
func (g *gatherer) QueryContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	direct, err := g.direct(ctx, args)
	if err != nil {
		return nil, err
	}
	if direct {
		return g.Conn.QueryContext(ctx, query, args)
	}
	var out fetched
	err = g.send(ctx, func(results pgx.BatchResults) error {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		out.rows, err = pgx.CollectRows(rows,
			func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
		out.fields = rows.FieldDescriptions()
		return err
	}, query, values(args)...)
	return &out, err
}

// PrepareContext implements driver.ConnPrepareContext.
func (g *gatherer) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := g.flush(ctx); err != nil {
		return nil, err
	}
	return g.Conn.PrepareContext(ctx, query)
}

// direct tells whether a statement goes to pgx as it is: when nothing was gathered, or when it
// cannot be sent together with others, which then have been. Without arguments it may be several
// statements; one that is to be rewritten may be for looking at the connection.
func (g *gatherer) direct(ctx context.Context, args []driver.NamedValue) (bool, error) {
	if g.lost != nil || g.ahead.Len() == 0 {
		return true, g.lost
	}
	if len(args) > 0 {
		if _, rewrites := args[0].Value.(pgx.QueryRewriter); !rewrites {
			return false, nil
		}
	}
	return true, g.flush(ctx)
}

// flush sends what was gathered.
func (g *gatherer) flush(ctx context.Context) error {
	if g.lost != nil || g.ahead.Len() == 0 {
		return g.lost
	}
	last := g.ahead.QueuedQueries[g.ahead.Len()-1]
	g.ahead.QueuedQueries = g.ahead.QueuedQueries[:g.ahead.Len()-1]
	_, err := g.exec(ctx, last.SQL, last.Arguments...)
	return err
}

// exec sends a statement with what was gathered before it.
func (g *gatherer) exec(
	ctx context.Context, query string, args ...any,
) (tag pgconn.CommandTag, err error) {
	err = g.send(ctx, func(results pgx.BatchResults) (err error) {
		tag, err = results.Exec()
		return err
	}, query, args...)
	return tag, err
}

// send sends a statement with what was gathered before it, and has its result read. The first error
// is that of all; the server carries nothing out that comes after it.
func (g *gatherer) send(
	ctx context.Context, read func(pgx.BatchResults) error, query string, args ...any,
) (err error) {
	batch := g.ahead
	before := batch.Len()
	batch.Queue(query, args...)
	g.ahead = pgx.Batch{}
	results := g.Conn.Conn().SendBatch(ctx, &batch)
	for range before {
		if err == nil {
			_, err = results.Exec()
		}
	}
	if err == nil {
		err = read(results)
	}
	if closed := results.Close(); err == nil {
		err = closed
	}
	if g.open {
		g.lost = err
	}
	return err
}

// transaction is one that begins with its first statement.
type transaction struct {
	*gatherer
	ctx context.Context
}

// Commit implements driver.Tx.
func (t transaction) Commit() error {
	defer t.end()
	if err := t.lost; err != nil {
		return errors.Join(err, t.Rollback())
	}
	if t.idle() && t.ahead.Len() == 1 { // nothing but the beginning
		return nil
	}
	tag, err := t.exec(t.ctx, "COMMIT")
	if err != nil {
		return errors.Join(err, t.Rollback())
	}
	if tag.String() != "COMMIT" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// Rollback implements driver.Tx. If it fails, the pool sees what state the connection is in and
// closes it.
func (t transaction) Rollback() error {
	t.end()
	if t.idle() || t.Conn.Conn().IsClosed() {
		return nil
	}
	_, err := t.Conn.Conn().Exec(t.ctx, "ROLLBACK")
	return err
}

func (t transaction) end() { t.ahead, t.open, t.lost = pgx.Batch{}, false, nil }

// idle tells whether the server knows of no transaction.
func (t transaction) idle() bool { return t.Conn.Conn().PgConn().TxStatus() == 'I' }

// fetched are the rows of a query that was sent with others.
type fetched struct {
	fields []pgconn.FieldDescription
	rows   [][]any
}

// Columns implements driver.Rows.
func (f *fetched) Columns() []string {
	names := make([]string, len(f.fields))
	for i, field := range f.fields {
		names[i] = field.Name
	}
	return names
}

// Close implements driver.Rows.
func (f *fetched) Close() error { return nil }

// Next implements driver.Rows.
func (f *fetched) Next(dest []driver.Value) error {
	if len(f.rows) == 0 {
		return io.EOF
	}
	for i, v := range f.rows[0] {
		value, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return fmt.Errorf("column %s: %w", f.fields[i].Name, err)
		}
		dest[i] = value
	}
	f.rows = f.rows[1:]
	return nil
}

func values(args []driver.NamedValue) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}
