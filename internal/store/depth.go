package store

import (
	"context"
)

// QueueDepth returns how many jobs the queue holds in each state that is not final, also the states
// in which there are none. It reads the index by state alone, however many jobs are done.
func (s *Store) QueueDepth(ctx context.Context) (map[string]int, error) {
	depth := map[string]int{"available": 0, "pending": 0, "retryable": 0, "running": 0,
		"scheduled": 0}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT CAST(state AS TEXT), count(*) FROM river_job
		WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled')
		GROUP BY state`)
	_, err = collect(rows, err, func(r row) (string, error) {
		var state string
		var n int
		err := r.Scan(&state, &n)
		depth[state] = n
		return state, err
	})
	return depth, wrap(err, "reading the queue's depth")
}
