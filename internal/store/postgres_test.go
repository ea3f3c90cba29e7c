package store_test

import "testing"

// TestServerSettings sees that the URL overrides the settings that connections begin with.
func TestServerSettings(t *testing.T) {
	names := []string{"lock_timeout", "max_parallel_workers_per_gather", "random_page_cost"}
	for more, want := range map[string][3]string{
		"": {"10s", "0", "1.1"},
		"&lock_timeout=3s&max_parallel_workers_per_gather=4&random_page_cost=3": {"3s", "4", "3"},
	} {
		w := newWorld(t, newDatabase(t)+more)
		for i, name := range names {
			var got string
			err := w.Reader().QueryRowContext(t.Context(), `SHOW `+name).Scan(&got)
			if err != nil || got != want[i] {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
	}
}
