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
	// version tells whether anything was committed since it was asked last, for a fraction of what
	// looking costs; nil on PostgreSQL, which has nothing like it.
	version *sql.Stmt
	last    int64

	mu      sync.Mutex // of what follows
	waiting map[string]chan ending
	looking bool
	more    bool // somebody waits who did not at the last look
}

// ending is the state in which a send rests, or why that is not known.
type ending struct {
	state referral.State
	err   error
}

// newWatch returns a watch that looks through db, which has one connection.
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
	w := &watch{rested: rested, every: every, waiting: map[string]chan ending{}}
	if !postgres {
		w.version, err = db.PrepareContext(ctx, `PRAGMA data_version`)
	}
	if err != nil {
		return nil, fmt.Errorf("preparing to look at sends: %w", err)
	}
	return w, nil
}

// await returns the state in which the send has come to rest.
func (w *watch) await(ctx context.Context, send string) (referral.State, error) {
	end := make(chan ending, 1)
	w.mu.Lock()
	w.waiting[send], w.more = end, true
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
		all, more := w.sends()
		if len(all) == 0 {
			return
		}
		changed, err := w.changed(ctx)
		if err == nil && (changed || more) {
			err = w.settle(ctx, all)
		}
		if err != nil {
			w.fail(err)
			return
		}
		time.Sleep(w.every)
	}
}

// changed tells whether anything may have been committed since it was asked last.
func (w *watch) changed(ctx context.Context) (bool, error) {
	if w.version == nil {
		return true, nil
	}
	before := w.last
	err := w.version.QueryRowContext(ctx).Scan(&w.last)
	return w.last != before, err
}

// sends are the ids of those that somebody waits for, and whether there are more since they were
// asked for last; when there are none the looking ends.
func (w *watch) sends() (ids []string, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	more, w.more = w.more, false
	w.looking = len(w.waiting) > 0
	for id := range w.waiting {
		ids = append(ids, id)
	}
	return ids, more
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
