package jobs_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDepth(t *testing.T) { testDepth(t) }

// testDepth counts the jobs that are not done.
func testDepth(t *testing.T) {
	k := newKit(t)
	for range 3 {
		k.submit(k.draft())
	}
	k.exec(`UPDATE river_job SET state = 'running' WHERE id = (SELECT min(id) FROM river_job)`)
	k.exec(`UPDATE river_job SET state = 'completed', finalized_at = CURRENT_TIMESTAMP
		WHERE id = (SELECT max(id) FROM river_job)`)
	got, err := k.store.QueueDepth(t.Context())
	k.must(err)
	want := map[string]int{"available": 1, "running": 1, "pending": 0, "retryable": 0,
		"scheduled": 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("depth (-want +got):\n%s", diff)
	}
}
