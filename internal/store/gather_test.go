package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"tandem/internal/pgtest"
	"tandem/internal/store"
)

// newGathered is newNumbers on PostgreSQL, by one connection alone.
func newGathered(t *testing.T) numbers {
	w := newWorld(t, pgtest.URL(t)+"&pool_max_conns=1")
	_, err := w.Writer().ExecContext(t.Context(),
		`CREATE TABLE numbers (n BIGINT PRIMARY KEY CHECK (n >= 0))`)
	if err != nil {
		t.Fatal(err)
	}
	return numbers{w.Store, t}
}

// later inserts a number that nobody waits for.
func (n numbers) later(ctx context.Context, tx *sql.Tx, i int) {
	n.t.Helper()
	err := store.Later(ctx, tx, `INSERT INTO numbers (n) VALUES ($1)`, i)
	if err != nil {
		n.t.Error("not gathered:", err)
	}
}

// refuses runs a transaction that must fail for the number -1 and leave nothing.
func (n numbers) refuses(what string, fn func(tx *sql.Tx) error) {
	n.t.Helper()
	err := n.Write(n.t.Context(), fn)
	if err == nil || !strings.Contains(err.Error(), "numbers_n_check") {
		n.t.Errorf("%s: %v", what, err)
	}
	wantSame(n.t, "numbers after "+what, n.count(), 0)
}

func TestGatheredFails(t *testing.T) {
	n, ctx := newGathered(t), t.Context()
	select1 := func(tx *sql.Tx, args ...any) (one int, err error) {
		err = tx.QueryRowContext(ctx, `SELECT 1`+strings.Repeat(` WHERE $1 = 1`, len(args)),
			args...).Scan(&one)
		return one, err
	}
	n.refuses("the commit", func(tx *sql.Tx) error {
		n.later(ctx, tx, 1)
		n.later(ctx, tx, -1)
		n.later(ctx, tx, 2)
		return nil
	})
	n.refuses("the next query", func(tx *sql.Tx) error {
		n.later(ctx, tx, -1)
		_, err := select1(tx, 1)
		return err
	})
	n.refuses("the next query without arguments", func(tx *sql.Tx) error {
		n.later(ctx, tx, -1)
		_, err := select1(tx)
		return err
	})
	n.refuses("an error that nobody looks at", func(tx *sql.Tx) error {
		n.later(ctx, tx, 1)
		n.later(ctx, tx, -1)
		_, _ = select1(tx, 1)
		_ = store.Later(ctx, tx, `INSERT INTO numbers (n) VALUES ($1)`, 2)
		_, _ = tx.ExecContext(ctx, `INSERT INTO numbers (n) VALUES ($1)`, 3)
		_, _ = tx.ExecContext(ctx, `INSERT INTO numbers (n) VALUES (4)`)
		return nil
	})
	err := n.Write(ctx, func(tx *sql.Tx) error {
		_, _ = tx.ExecContext(ctx, `INSERT INTO numbers (n) VALUES (-1)`)
		return nil
	})
	if err == nil {
		t.Error("a transaction that the server undid counts as committed")
	}
}

func TestGatheredCounts(t *testing.T) {
	n, ctx := newGathered(t), t.Context()
	err := n.Write(ctx, func(tx *sql.Tx) error {
		n.later(ctx, tx, 1)
		n.later(ctx, tx, 2)
		var sum int
		err := tx.QueryRowContext(ctx, `SELECT CAST(sum(n) AS BIGINT) FROM numbers WHERE n < $1`, 9).
			Scan(&sum)
		wantSame(t, "sum within", sum, 3)
		n.later(ctx, tx, 3)
		res, err2 := tx.ExecContext(ctx, `DELETE FROM numbers WHERE n > $1`, 1)
		wantSame(t, "removed", must(res.RowsAffected())(t), int64(2))
		n.later(ctx, tx, 4)
		if err == nil {
			err = err2
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "numbers", n.count(), 2)
}

// TestGatheredUndone sees that a transaction which is given up leaves nothing behind for the next
// one of the same connection, whether it had begun or not.
func TestGatheredUndone(t *testing.T) {
	n, ctx := newGathered(t), t.Context()
	conn := must(n.Writer().Conn(ctx))(t)
	for _, query := range []string{"", `SELECT 1`} {
		tx := must(conn.BeginTx(ctx, nil))(t)
		n.later(ctx, tx, 1)
		if query != "" {
			must(tx.ExecContext(ctx, query))(t)
		}
		n.later(ctx, tx, 2)
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		var left int
		err := conn.QueryRowContext(ctx, `SELECT count(*) FROM numbers WHERE n > $1`, 0).Scan(&left)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "numbers", left, 0)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	err := n.Write(ctx, func(*sql.Tx) error { return nil })
	if err != nil {
		t.Error("a transaction in which nothing happens:", err)
	}
}

// TestGatheredKeepsReadOnly sees that what a transaction is to be like is not lost with its
// beginning.
func TestGatheredKeepsReadOnly(t *testing.T) {
	n, ctx := newGathered(t), t.Context()
	tx := must(n.Writer().BeginTx(ctx, &sql.TxOptions{ReadOnly: true,
		Isolation: sql.LevelRepeatableRead}))(t)
	var isolation, readOnly string
	err := tx.QueryRowContext(ctx, `SELECT current_setting($1), current_setting($2)`,
		"transaction_isolation", "transaction_read_only").Scan(&isolation, &readOnly)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "isolation", isolation, "repeatable read")
	wantSame(t, "read only", readOnly, "on")
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
