// Package sqlitetest is a test kit: it gives each test an SQLite file that was prepared once, as
// bringing an empty one up to date takes longer than most tests.
package sqlitetest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Template returns a function that gives a test the path of a copy of what prepare made at the path
// it got. Prepare is called once, at the first use, and closes the database.
func Template(prepare func(path string) error) func(testing.TB) string {
	content := sync.OnceValues(func() ([]byte, error) {
		dir, err := os.MkdirTemp("", "tandem-test-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "tandem.db")
		if err := prepare(path); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
	return func(t testing.TB) string {
		t.Helper()
		file, err := content()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "tandem.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}
