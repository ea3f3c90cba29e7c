package sqlitetest_test

import (
	"os"
	"testing"

	"tandem/internal/sqlitetest"
)

// TestTemplate prepares once, and no test sees what another writes.
func TestTemplate(t *testing.T) {
	prepared := 0
	place := sqlitetest.Template(func(path string) error {
		prepared++
		return os.WriteFile(path, []byte("prepared"), 0o600)
	})
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			path := place(t)
			got, err := os.ReadFile(path)
			if err != nil || string(got) != "prepared" {
				t.Errorf("%q %v", got, err)
			}
			if err := os.WriteFile(path, []byte("changed"), 0o600); err != nil {
				t.Error(err)
			}
		})
	}
	if prepared != 1 {
		t.Errorf("prepared %d times", prepared)
	}
}
