package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"tandem/internal/referral"
)

// lookEvery is how often the sends that people wait for are looked at from behind.
const lookEvery = 2 * time.Millisecond

// watch looks for the ends of all sends together: would each be looked at by itself, those who look
// would need as much of the machine as those who send.
type watch struct {
	db *sql.DB

	mu      sync.Mutex // of what follows
	waiting map[string]chan ending
	looking bool
}

// ending is the state in which a send rests, or why that is not known.
type ending struct {
	state referral.State
	err   error
}

func newWatch(db *sql.DB) *watch {
	return &watch{db: db, waiting: map[string]chan ending{}}
}

// await returns the state in which the send has come to rest.
func (w *watch) await(ctx context.Context, send string) (referral.State, error) {
	end := make(chan ending, 1)
	w.mu.Lock()
	w.waiting[send] = end
	if !w.looking {
		w.looking = true
		go w.look(ctx)
	}
	w.mu.Unlock()
	e := <-end
	return e.state, e.err
}

// look looks until nobody waits.
func (w *watch) look(ctx context.Context) {
	for {
		all := w.sends()
		if len(all) == 0 {
			return
		}
		if err := w.settle(ctx, all); err != nil {
			w.fail(err)
			return
		}
		time.Sleep(lookEvery)
	}
}

// sends are the ids of those that somebody waits for; when there are none the looking ends.
func (w *watch) sends() (ids []any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looking = len(w.waiting) > 0
	for id := range w.waiting {
		ids = append(ids, id)
	}
	return ids
}

// settle tells of those that have come to rest.
func (w *watch) settle(ctx context.Context, ids []any) error {
	marks := make([]string, len(ids))
	for i := range ids {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	rows, err := w.db.QueryContext(ctx, `SELECT id, state FROM sends
		WHERE state NOT IN ('queued', 'sending', 'waiting') AND id IN (`+
		strings.Join(marks, ", ")+`)`, ids...)
	if err != nil {
		return fmt.Errorf("looking at sends: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var e ending
		if err := rows.Scan(&id, &e.state); err != nil {
			return fmt.Errorf("looking at sends: %w", err)
		}
		w.tell(id, e)
	}
	return rows.Err()
}

func (w *watch) tell(id string, e ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[id] <- e
	delete(w.waiting, id)
}

func (w *watch) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looking = false
	for id, end := range w.waiting {
		end <- ending{err: err}
		delete(w.waiting, id)
	}
}
