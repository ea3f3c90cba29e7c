package form_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
)

func query(t *testing.T, s string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestMerge puts versions side by side; d.x and d.y are one answer.
func TestMerge(t *testing.T) {
	unit := func(name string) string { return strings.Split(name, ".")[0] }
	for name, tt := range map[string]struct {
		base, mine, theirs string
		both, own, others  string
		// resolved is what comes of choosing mine everywhere, kept of choosing theirs.
		resolved, kept string
	}{
		"nothing":       {"a=1", "a=1", "a=1", "", "", "", "a=1", "a=1"},
		"mine alone":    {"a=1&b=1", "a=2&b=1", "a=1&b=1", "", "a", "", "a=2&b=1", "a=2&b=1"},
		"theirs alone":  {"a=1", "a=1", "a=2", "", "", "a", "a=2", "a=2"},
		"both":          {"a=1", "a=2", "a=3", "a", "", "", "a=2", "a=3"},
		"both the same": {"a=1", "a=2", "a=2", "", "", "", "a=2", "a=2"},
		"emptied":       {"a=1&b=1", "b=1", "a=1&b=1", "", "a", "", "b=1", "b=1"},
		"empty text":    {"a=", "", "a=2", "", "", "a", "a=2", "a=2"},
		"one answer":    {"d.x=1&d.y=1", "d.x=2&d.y=1", "d.x=1&d.y=2", "d", "", "", "d.x=2&d.y=1", "d.x=1&d.y=2"},
		"several":       {"a=1&a=2", "a=1", "a=1&a=2&a=3", "a", "", "", "a=1", "a=1&a=2&a=3"},
		"each his own":  {"a=1&b=1", "a=2&b=1", "a=1&b=2", "", "a", "b", "a=2&b=2", "a=2&b=2"},
		"no base":       {"", "a=1&b=1", "a=2&b=1", "a", "", "", "a=1&b=1", "a=2&b=1"},
	} {
		t.Run(name, func(t *testing.T) {
			base := query(t, tt.base)
			if name == "no base" {
				base = nil
			}
			m := form.Merge(base, query(t, tt.mine), query(t, tt.theirs), unit)
			names := func(all []form.Clash) string {
				var out []string
				for _, c := range all {
					out = append(out, c.Name)
				}
				return strings.Join(out, " ")
			}
			got := []string{names(m.Both), names(m.Mine), names(m.Theirs),
				m.Resolve(func(form.Clash) bool { return true }).Encode(),
				m.Resolve(func(form.Clash) bool { return false }).Encode()}
			want := []string{tt.both, tt.own, tt.others, tt.resolved, tt.kept}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("both, mine, theirs, resolved, kept (-want +got):\n%s", diff)
			}
		})
	}
}
