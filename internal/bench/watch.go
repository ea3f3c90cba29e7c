package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"tandem/internal/referral"
)

// How often the sends that people wait for are looked at from behind. A look costs PostgreSQL, which
// has the same processors, several times what it costs SQLite.
const (
	lookSQLite   = 500 * time.Microsecond
	lookPostgres = 2 * time.Millisecond
)

// watch looks for the ends of all sends together: would each be looked at by itself, those who look
// would need as much of the machine as those who send.
type watch struct {
	// rested finds those of a JSON list of ids that have come to rest.
	rested *sql.Stmt
	every  time.Duration

	mu      sync.Mutex // of what follows
	waiting map[string]chan ending
	looking bool
}

// ending is the state in which a send rests, or why that is not known.
type ending struct {
	state referral.State
	err   error
}

func newWatch(ctx context.Context, db *sql.DB, postgres bool) (*watch, error) {
	every, wanted := lookSQLite, `IN (SELECT value FROM json_each($1))`
	if postgres { // as an array they are looked for in the index, else in all sends
		wanted = `= ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json))))`
		every = lookPostgres
	}
	rested, err := db.PrepareContext(ctx, `SELECT id, state FROM sends
		WHERE state NOT IN ('queued', 'sending', 'waiting') AND id `+wanted)
	if err != nil {
		return nil, fmt.Errorf("preparing to look at sends: %w", err)
	}
	return &watch{rested: rested, every: every, waiting: map[string]chan ending{}}, nil
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
		time.Sleep(w.every)
	}
}

// sends are the ids of those that somebody waits for; when there are none the looking ends.
func (w *watch) sends() (ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looking = len(w.waiting) > 0
	for id := range w.waiting {
		ids = append(ids, id)
	}
	return ids
}

// settle tells of those that have come to rest.
func (w *watch) settle(ctx context.Context, ids []string) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("looking at sends: %w", err)
	}
	rows, err := w.rested.QueryContext(ctx, string(list))
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
