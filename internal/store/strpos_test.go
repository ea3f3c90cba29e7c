package store_test

import "testing"

// TestStrpos sees that a text is found where it stands on both databases.
func TestStrpos(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		for _, test := range []struct {
			text, part string
			want       bool
		}{
			{"contoso azure", "contoso", true},
			{"contoso azure", "azure", true},
			{"contoso azure", "contoso azure", true},
			{"contoso azure", "contoso azure!", false},
			{"contoso azure", "Azure", false},
			{"contoso azure", "", true},
			{"", "a", false},
			{"", "", true},
			{"北京微软云迁移", "微软", true},
			{"北京微软云迁移", "微云", false},
			{"50 % of a_b", "% of a_", true},
			{"50 % of a_b", "5%", false},
		} {
			var found bool
			err := w.Reader().QueryRowContext(t.Context(),
				`SELECT strpos(CAST($1 AS TEXT), CAST($2 AS TEXT)) > 0`, test.text, test.part).
				Scan(&found)
			if err != nil || found != test.want {
				t.Errorf("%q in %q: %t, %v", test.part, test.text, found, err)
			}
		}
	})
}
