package jobs_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/riverqueue/river/rivertype"

	"tandem/internal/referral"
)

// TestLateJob has a job of a send wait for the attempt of another, as one too many does. Then the
// process dies, and the next in the middle of its look-up, so that this job is the only one left:
// it must not keep waiting for an attempt that is over.
func TestLateJob(t *testing.T) {
	t.Parallel()
	f := newFaulty(t, rand.New(rand.NewPCG(1, 1)))
	p := f.newProcess()
	d := f.newDeal()
	d.fault, d.diesLooking = afterWrite, true
	f.submit(p, d)
	f.eventually("the attempt", func() bool { return p.reached.Load() == 1 })
	f.must(p.jobs.Enqueue(t.Context(), d.id))
	f.eventually("a job that waits for it", func() bool {
		rows, err := p.jobs.JobsOf(t.Context(), d.id)
		f.must(err)
		return slices.ContainsFunc(rows, snoozed)
	})
	p.kill()
	p = f.newProcess()
	f.eventually("the look-up", func() bool { return p.reached.Load() == 1 })
	p.kill()
	f.last = f.newProcess()
	t.Cleanup(func() { stop(f.last.jobs) })
	f.eventually("the referral", func() bool { return f.load(d.id).State == referral.Accepted })
}

// snoozed tells whether a job has run and wants to run again.
func snoozed(row *rivertype.JobRow) bool {
	return row.AttemptedAt != nil && (row.State == rivertype.JobStateScheduled ||
		row.State == rivertype.JobStateAvailable)
}
