package jobs_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tandem/internal/pgtest"
)

// TestTenStartAtOnce has ten start on an empty database, with all tables, also those of the queue.
func TestTenStartAtOnce(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]struct{ path, url string }{
		"sqlite":   {path: filepath.Join(t.TempDir(), "tandem.db")},
		"postgres": {url: pgtest.URL(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					s, err := openStore(t.Context(), place.path, place.url, time.Now)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := s.QueueDepth(t.Context()); err != nil {
						t.Error(err)
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
	}
}
