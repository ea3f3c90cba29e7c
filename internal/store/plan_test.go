package store_test

import (
	"regexp"
	"strings"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
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

// TestSearchReadsIndexAlone sees that PostgreSQL counts what a search finds in an index alone.
func TestSearchReadsIndexAlone(t *testing.T) {
	w := newWorld(t, newDatabase(t))
	w.grow(t, 2_000)
	w.exec(t, `CHECKPOINT`) // what is not on the disk is not visible to everybody
	w.exec(t, `VACUUM ANALYZE referrals`)
	f := referral.Filter{Status: "open", Query: "contoso", Mine: true, Country: "DE",
		Microsoft: "none", ClosesFrom: "2027-01-01"}
	for index, c := range map[string]referral.Caller{
		"referrals_owner": w.ana, "referrals_all": w.admin,
	} {
		query, args := store.NumbersQuery(c, f)
		var plan string
		err := w.Reader().QueryRowContext(t.Context(), `EXPLAIN (FORMAT JSON) `+query, args...).
			Scan(&plan)
		alone := `"Node Type": "Index Only Scan",[^{}]+"Index Name": "` + index + `"`
		if err != nil || !regexp.MustCompile(alone).MatchString(plan) {
			t.Errorf("%v\n%s", err, plan)
		}
	}
}
