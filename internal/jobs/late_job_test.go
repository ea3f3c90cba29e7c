package jobs_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"tandem/internal/referral"
	"tandem/internal/store"
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

// TestLateJobOfAChange is TestLateJob for a change: nobody but a job that waits for another's attempt
// is left to look the change up, after the process of that attempt died, and the next one too.
func TestLateJobOfAChange(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	ch, _, err := k.store.QueueChange(t.Context(), k.rep.Caller(), k.worth(k.sent(), "65000"), none)
	k.must(err)
	_, err = k.store.StartChangeAttempt(t.Context(), ch.ID, referral.Attempt{Number: 1,
		RequestID: "r", CorrelationID: "c"})
	k.must(err)
	k.must(k.jobs.EnqueueChange(t.Context(), ch.ID))
	const waits = `SELECT COUNT(*) FROM river_job
		WHERE kind = 'change' AND attempted_at IS NOT NULL AND state IN ('available', 'scheduled')`
	for end := time.Now().Add(10 * time.Second); k.count(waits) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no job waits for the attempt")
		}
	}
	k.must(k.store.RecordChange(t.Context(), ch.ID, store.ChangeResult{
		From: []referral.State{referral.Sending}, State: referral.Unknown, Attempts: 1,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown}}))
	if ch = k.rests(ch.ID); ch.State != referral.Accepted {
		t.Errorf("%s %+v", ch.State, ch.Outcome)
	}
}

// snoozed tells whether a job has run and wants to run again.
func snoozed(row *rivertype.JobRow) bool {
	return row.AttemptedAt != nil && (row.State == rivertype.JobStateScheduled ||
		row.State == rivertype.JobStateAvailable)
}
