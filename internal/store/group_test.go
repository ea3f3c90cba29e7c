package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/store"
)

// numbers is a table, with what writes a number into it or fails afterwards.
type numbers struct {
	*store.Store
	t *testing.T
}

func newNumbers(t *testing.T) numbers {
	w := newWorld(t, filepath.Join(t.TempDir(), "tandem.db"))
	_, err := w.Writer().ExecContext(t.Context(),
		`CREATE TABLE numbers (n INTEGER PRIMARY KEY CHECK (n >= 0))`)
	if err != nil {
		t.Fatal(err)
	}
	return numbers{w.Store, t}
}

func (n numbers) insert(ctx context.Context, i int, then func() error) error {
	return n.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO numbers (n) VALUES ($1)`, i); err != nil {
			return err
		}
		return then()
	})
}

func (n numbers) count() (count int) {
	n.t.Helper()
	err := n.Writer().QueryRowContext(n.t.Context(), `SELECT COUNT(*) FROM numbers`).Scan(&count)
	if err != nil {
		n.t.Fatal(err)
	}
	return count
}

var errRefused = errors.New("refused")

// together starts writes while the first, which it adds, has its turn, so that they join it, and
// waits for all.
func (n numbers) together(writes ...func() error) (errs []error, first error) {
	began, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var wait sync.WaitGroup
	wait.Go(func() {
		first = n.insert(context.Background(), 1000, func() error {
			once.Do(func() { close(began) })
			<-goOn
			return nil
		})
	})
	<-began
	errs = make([]error, len(writes))
	for i, write := range writes {
		wait.Go(func() { errs[i] = write() })
	}
	for n.Waiting() < len(writes) {
		time.Sleep(time.Millisecond)
	}
	close(goOn)
	wait.Wait()
	return errs, first
}

func fine() error { return nil }

// TestTogether sees that writes that share a commit stand or fall each by itself, and return after
// the commit, whichever of them fail.
func TestTogether(t *testing.T) {
	t.Parallel()
	n := newNumbers(t)
	gone, cancel := context.WithCancel(t.Context())
	var seen atomic.Int32
	writes := []func() error{
		func() error { return n.insert(t.Context(), -1, fine) },
		func() error { return n.insert(t.Context(), 1, func() error { return errRefused }) },
		func() error { return n.insert(gone, 2, fine) },
		func() error { return n.insert(t.Context(), 3, func() error { cancel(); return gone.Err() }) },
	}
	for i := range 20 {
		writes = append(writes, func() error {
			err := n.insert(t.Context(), 10+i, fine)
			var found int
			row := n.Reader().QueryRowContext(t.Context(), `SELECT n FROM numbers WHERE n = $1`, 10+i)
			if row.Scan(&found) == nil {
				seen.Add(1)
			}
			return err
		})
	}
	errs, first := n.together(writes...)
	if first != nil || errs[0] == nil || !errors.Is(errs[1], errRefused) || !errors.Is(errs[3], context.Canceled) {
		t.Errorf("first %v; what failed says %v", first, errs[:4])
	}
	if err := errors.Join(errs[4:]...); err != nil || seen.Load() != 20 {
		t.Errorf("%v, %d seen", err, seen.Load())
	}
	want := 21
	if errs[2] == nil {
		want++
	}
	if got := n.count(); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
}

// TestTogetherLost undoes the whole transaction from within, as SQLite does when the disk is full,
// and panics in another: the other writes are stored all the same.
func TestTogetherLost(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(tx *sql.Tx) error{
		"undone": func(tx *sql.Tx) error {
			_, err := tx.Exec(`INSERT OR ROLLBACK INTO numbers (n) VALUES (-1)`)
			return err
		},
		"panic": func(*sql.Tx) error { panic("at the disco") },
	} {
		n := newNumbers(t)
		writes := []func() error{func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = fmt.Errorf("panic: %v", r)
				}
			}()
			return n.Write(t.Context(), fail)
		}}
		for i := range 20 {
			writes = append(writes, func() error { return n.insert(t.Context(), i, fine) })
		}
		errs, first := n.together(writes...)
		err := errors.Join(append(errs[1:], first)...)
		if got := n.count(); err != nil || got != len(writes) || errs[0] == nil {
			t.Errorf("%s: %d rows of %d; %v; what failed says %v", name, got, len(writes), err,
				errs[0])
		}
		if err := n.insert(t.Context(), 2000, fine); err != nil {
			t.Errorf("%s: afterwards: %v", name, err)
		}
	}
}
