package store_test

import (
	"strings"
	"testing"

	"tandem/internal/store"
)

// TestOpenSendsAreFoundByAnIndex sees that looking for sends that may still move reads none of
// those that are done, however many there are, and that SQLite compares states one by one.
func TestOpenSendsAreFoundByAnIndex(t *testing.T) {
	w := newWorld(t, newFile(t))
	for _, state := range []string{"'sending'", "'queued'"} {
		plan := explain(t, w, `SELECT s.id FROM sends s WHERE `+store.OpenSends+
			` AND s.state IN (`+state+`, 'unknown') ORDER BY s.created_at, s.id`, nil)
		if !strings.Contains(plan, "INDEX sends_open") {
			t.Errorf("plan\n%s", plan)
		}
	}
	if lists := must(schemaWith(t, w, "state IN ("))(t); len(lists) > 0 {
		t.Errorf("SQLite builds a table for each of %q", lists)
	}
}

// TestStatesAreChecked wants the database itself to know the states of a send.
func TestStatesAreChecked(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		for state, ok := range map[string]bool{"waiting": true, "needs-sign-in": true,
			"rejected": true, "sent": false, "": false} {
			_, err := w.Writer().ExecContext(t.Context(), `UPDATE sends SET state = $1`, state)
			wantSame(t, "state "+state, err == nil, ok)
		}
	})
}

// schemaWith names the table of sends and those of its indexes whose definition has the text.
func schemaWith(t *testing.T, w *world, text string) (names []string, err error) {
	rows, err := w.Writer().QueryContext(t.Context(), `SELECT name FROM sqlite_schema
		WHERE tbl_name = 'sends' AND strpos(sql, $1) > 0`, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
