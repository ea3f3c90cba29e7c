package store_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestOpenRefusesANewer has an older program meet what a newer one has migrated.
func TestOpenRefusesANewer(t *testing.T) {
	for name, place := range map[string]string{"sqlite": newFile(t), "postgres": newDatabase(t)} {
		w := newWorld(t, place)
		w.exec(t, `INSERT INTO goose_db_version (version_id, is_applied)
			SELECT 9999, is_applied FROM goose_db_version WHERE version_id = 1`)
		o := at(place, nil)
		o.Keys = keys(t, 'a')
		_, err := store.Open(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), "a newer Tandem") {
			t.Errorf("%s: error %v", name, err)
		}
		w.draft(t, w.ana, "Contoso Azure migration") // who is at work goes on
	}
}

// TestOpenSaysWhyAFileCannotBeWritten names what SQLite has a number for.
func TestOpenSaysWhyAFileCannotBeWritten(t *testing.T) {
	path := t.TempDir()
	_, err := store.Open(t.Context(), store.Options{Path: path, Keys: keys(t, 'a')})
	if !errors.Is(err, syscall.EISDIR) || !errors.Is(err, referral.ErrUnavailable) ||
		!strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}
