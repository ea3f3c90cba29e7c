package store_test

import "testing"

// TestServerSettings sees that the URL overrides the settings that connections begin with.
func TestServerSettings(t *testing.T) {
	for more, want := range map[string][2]string{
		"": {"10s", "0"},
		"&lock_timeout=3s&max_parallel_workers_per_gather=4": {"3s", "4"},
	} {
		w := newWorld(t, newDatabase(t)+more)
		for i, name := range []string{"lock_timeout", "max_parallel_workers_per_gather"} {
			var got string
			err := w.Reader().QueryRowContext(t.Context(), `SHOW `+name).Scan(&got)
			if err != nil || got != want[i] {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
	}
}
