package store_test

import (
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestFirstPageIsPlannedOnce sees that PostgreSQL keeps the plans of a list's first page: to make
// them takes longer than to carry them out.
func TestFirstPageIsPlannedOnce(t *testing.T) {
	w := newWorld(t, newDatabase(t)+"&pool_max_conns=1")
	w.grow(t, 2_000)
	const often = 10
	for range often {
		must(w.Referrals(t.Context(), w.ana, referral.Filter{}))(t)
	}
	rows, err := w.Reader().QueryContext(t.Context(), `
		SELECT statement, custom_plans FROM pg_prepared_statements
		WHERE generic_plans + custom_plans >= $1`, often)
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for rows.Next() {
		var statement string
		var plans int
		if err := rows.Scan(&statement, &plans); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(statement, "FROM referrals r") {
			pages++
		}
		if plans == often {
			t.Errorf("planned each time: %s", statement)
		}
	}
	if err := rows.Err(); err != nil || pages == 0 {
		t.Errorf("%d statements for a page, %v", pages, err)
	}
}
