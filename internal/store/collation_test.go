package store_test

import "testing"

// TestIDsCompareAlike sees that ids of drafts, sends, changes and referrals have one collation on
// PostgreSQL, wherever they stand: an index is of no use for a comparison with another's.
func TestIDsCompareAlike(t *testing.T) {
	w := newWorld(t, newDatabase(t))
	rows, err := w.Reader().QueryContext(t.Context(), `
		SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
			AND (column_name = 'subject' OR column_name ~ '(draft|send|referral)_id$'
				OR column_name = 'id' AND table_name IN ('drafts', 'sends', 'changes', 'referrals'))
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		others = append(others, column)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "columns of other collations", others, []string(nil))
}
