package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestPrepared sees that a connection that keeps its statements may run one while the rows of its
// last use are read, after the table changed, after it failed, and more than it keeps.
func TestPrepared(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "tandem.db"))
	ctx, db := t.Context(), w.Writer()
	exec := func(query string, args ...any) error {
		_, err := db.ExecContext(ctx, query, args...)
		return err
	}
	insert := `INSERT INTO numbers (n) VALUES ($1)`
	if exec(insert, 1) == nil {
		t.Error("a statement for no table succeeded")
	}
	if err := exec(`CREATE TABLE numbers (n INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	for n := range 300 {
		if err := exec(insert, n); err != nil {
			t.Fatal(err)
		}
		if exec(insert, n) == nil {
			t.Errorf("%d twice", n)
		}
	}
	if err := exec(`ALTER TABLE numbers ADD COLUMN more INTEGER NOT NULL DEFAULT 7`); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const all = `SELECT * FROM numbers WHERE n < $1 ORDER BY n`
	for range 2 {
		outer, err := tx.QueryContext(ctx, all, 300)
		if err != nil {
			t.Fatal(err)
		}
		var sum, seen, n, more int
		for outer.Next() {
			if err := outer.Scan(&n, &more); err != nil {
				t.Fatal(err)
			}
			seen++
			if err := tx.QueryRowContext(ctx, all, 1+n%10).Scan(&n, &more); err != nil {
				t.Fatal(err)
			}
			sum += more
			other := fmt.Sprintf("SELECT %d", seen)
			if err := tx.QueryRowContext(ctx, other).Scan(&n); err != nil || n != seen {
				t.Fatalf("%s: %d, %v", other, n, err)
			}
		}
		if err := outer.Err(); err != nil || seen != 300 || sum != 2100 {
			t.Fatalf("%d rows, sum %d: %v", seen, sum, err)
		}
	}
}
