package store_test

import (
	"strings"
	"testing"

	"tandem/internal/store"
)

// TestOpenSendsAreFoundByAnIndex sees that looking for sends that may still move reads none of those
// that are done, however many there are, and that no index compares
// so many states that SQLite builds a table for each row that is written.
func TestOpenSendsAreFoundByAnIndex(t *testing.T) {
	w := newWorld(t, newFile(t))
	for _, state := range []string{"'sending'", "'queued'"} {
		plan := explain(t, w, `SELECT s.id FROM sends s WHERE `+store.OpenSends+
			` AND s.state IN (`+state+`, 'unknown') ORDER BY s.created_at, s.id`, nil)
		if !strings.Contains(plan, "INDEX sends_open") {
			t.Errorf("plan\n%s", plan)
		}
	}
	rows, err := w.Writer().QueryContext(t.Context(), `SELECT sql FROM sqlite_schema
		WHERE tbl_name = 'sends' AND type = 'index' AND sql LIKE '% IN (%,%,%)%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var index string
		if err := rows.Scan(&index); err != nil {
			t.Fatal(err)
		}
		t.Errorf("SQLite builds a table for %s", index)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
