package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestListUsesIndex sees that the rows of a page and the numbers of a list are found in an index
// alone. The rows of one page are put in order once more when they are read whole; of the newest of
// all none is put in order, and no more are read than are shown.
func TestListUsesIndex(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "tandem.db"))
	for name, test := range map[string]struct {
		caller referral.Caller
		filter referral.Filter
		index  string
		sorts  int
	}{
		"rep":       {w.ana, referral.Filter{}, "referrals_owner", 0},
		"ascending": {w.ana, referral.Filter{Ascending: true}, "referrals_owner", 0},
		"filtered": {w.ana, referral.Filter{Status: "open", Country: "DE", Mine: true,
			Microsoft: "none", ClosesFrom: "2027-01-01"}, "referrals_owner", 1},
		"by value":   {w.ana, referral.Filter{Sort: "value"}, "referrals_owner", 2},
		"by closing": {w.admin, referral.Filter{Sort: "closing"}, "referrals_all", 2},
		"admin":      {w.admin, referral.Filter{}, "referrals_all", 0},
	} {
		covering := "SEARCH r USING COVERING INDEX " + test.index
		used := covering
		if test.sorts == 0 {
			used = "SEARCH r USING INDEX " + test.index
		}
		query, args := store.ListQuery(test.caller, test.filter)
		plan := explain(t, w, query, args)
		if !strings.Contains(plan, used) || strings.Count(plan, "TEMP B-TREE") != test.sorts {
			t.Errorf("%s: plan\n%s", name, plan)
		}
		query, args = store.NumbersQuery(test.caller, test.filter)
		if plan := explain(t, w, query, args); strings.Count(plan, covering) !=
			strings.Count(plan, " r USING")+strings.Count(plan, "SCAN r") {
			t.Errorf("%s: plan of the numbers\n%s", name, plan)
		}
	}
}

func explain(t *testing.T, w *world, query string, args []any) string {
	t.Helper()
	rows, err := w.Writer().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}

// crowded returns a world with 10,000 referrals of ana, their drafts, sends and sessions, written
// directly, as going the whole way 10,000 times takes too long.
func crowded(b *testing.B) *world {
	b.Helper()
	w := newWorld(b, filepath.Join(b.TempDir(), "tandem.db"))
	d := w.draft(b, w.ana, "Contoso Azure migration")
	w.accepted(b, w.ana, d)
	if err := w.CreateSession(b.Context(), []byte("hash"), w.ana.UserID, "", 0); err != nil {
		b.Fatal(err)
	}
	for _, table := range []string{"drafts", "sends", "referrals", "referral_answers", "sessions"} {
		w.multiply(b, table, 10_000)
	}
	return w
}

// multiply copies the one row of a table with other ids, each a minute older.
func (w *world) multiply(b *testing.B, table string, n int) {
	b.Helper()
	var columns, values []string
	for _, c := range w.columns(b, table) {
		v := "t." + c
		switch c {
		case "id", "remote_id", "draft_id", "referral_id":
			v += " || '-' || n.i"
		case "hash":
			v = "CAST(t.hash || '-' || n.i AS BLOB)"
		case "updated_at":
			v += " - n.i * 60000000"
		}
		columns, values = append(columns, c), append(values, v)
	}
	_, err := w.Writer().Exec(fmt.Sprintf(`
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO %s (%s) SELECT %s FROM (SELECT * FROM %s) t, n`,
		n, table, strings.Join(columns, ", "), strings.Join(values, ", "), table))
	if err != nil {
		b.Fatal(table, err)
	}
}

func (w *world) columns(b *testing.B, table string) []string {
	b.Helper()
	rows, err := w.Writer().Query(`SELECT name FROM pragma_table_info($1)`, table)
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			b.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func BenchmarkSession(b *testing.B) {
	w := crowded(b)
	for b.Loop() {
		must(w.Session(b.Context(), []byte("hash-5000")))(b)
	}
}

func BenchmarkKnown(b *testing.B) {
	w := crowded(b)
	for b.Loop() {
		must(w.Known(b.Context(), "nothing"))(b)
	}
}

func BenchmarkDraft(b *testing.B) {
	w := crowded(b)
	all := must(w.Referrals(b.Context(), w.ana, referral.Filter{}))(b)
	for b.Loop() {
		must(w.Draft(b.Context(), w.ana, all.Referrals[0].DraftID))(b)
	}
}

func BenchmarkSaveDraft(b *testing.B) {
	w := newWorld(b, filepath.Join(b.TempDir(), "tandem.db"))
	d := w.draft(b, w.ana, "Contoso Azure migration")
	for b.Loop() {
		d = must(w.SaveDraft(b.Context(), w.ana, d))(b)
	}
}

func BenchmarkFirstPage(b *testing.B) {
	w := crowded(b)
	for b.Loop() {
		must(w.Referrals(b.Context(), w.ana, referral.Filter{}))(b)
	}
}
