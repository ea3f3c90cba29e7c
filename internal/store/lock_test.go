package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestLockIsOneAtATime(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var inside, turns atomic.Int32
		together(8, func() {
			for range 3 {
				unlock, err := w.Lock(t.Context(), w.ana.UserID)
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two have the lock")
				}
				time.Sleep(time.Millisecond)
				turns.Add(1)
				inside.Add(-1)
				unlock()
			}
		})
		wantSame(t, "turns", int(turns.Load()), 24)
	})
}

func TestLockIsOfOnePerson(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		defer must(w.Lock(t.Context(), w.ana.UserID))(t)()
		must(w.Lock(t.Context(), w.bo.UserID))(t)()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := w.Lock(ctx, w.ana.UserID); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Lock: %v", err)
		}
	})
}

// TestLockOutlivesItsHolder holds a lock for whoever never gives it back, until its time is over.
func TestLockOutlivesItsHolder(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		late := must(w.Lock(t.Context(), w.ana.UserID))(t)
		w.clock.pass(11 * time.Second)
		next := must(w.Lock(t.Context(), w.ana.UserID))(t)
		late() // gives nothing back that is another's by now
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := w.Lock(ctx, w.ana.UserID); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Lock: %v", err)
		}
		next()
		must(w.Lock(t.Context(), w.ana.UserID))(t)()
	})
}

// TestLockAfterTheClockWasSetBack does not wait for the end of a lock whose holder, just before it
// died, took it by a clock that was an hour ahead, but for one by the clock of another machine.
func TestLockAfterTheClockWasSetBack(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		const lease = 10 * time.Second
		for ahead, want := range map[time.Duration]error{
			30 * time.Second: context.DeadlineExceeded, time.Hour: nil,
		} {
			name := ahead.String()
			must(w.Writer().ExecContext(t.Context(),
				`INSERT INTO locks (name, owner, expires_at) VALUES ($1, 'dead', $2)`, name,
				w.clock.Now().Add(ahead+lease).UnixMicro()))(t)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := w.Lock(ctx, name); !errors.Is(err, want) {
				t.Errorf("Lock by a clock that is %s ahead: %v", name, err)
			}
		}
	})
}
