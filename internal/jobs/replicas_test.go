package jobs_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

// abandoned begins an attempt as another replica did so long ago, with a job that seems to run.
func (k *kit) abandoned(age time.Duration) referral.Send {
	k.t.Helper()
	s := k.submit(k.draft())
	k.exec(`UPDATE river_job SET state = 'running', attempted_at = clock_timestamp(), attempt = 1,
		attempted_by = array['another']`)
	if _, err := k.store.StartAttempt(k.t.Context(), s.ID, referral.Attempt{
		RequestID: "r", CorrelationID: "c", StartedAt: time.Now().Add(-age)}); err != nil {
		k.t.Fatal(err)
	}
	return s
}

// testReplicas leaves a running attempt of another replica alone until it must be dead, and has it
// looked up then, once, by whichever of two replicas sees it first.
func testReplicas(t *testing.T) {
	k := newKit(t)
	fresh := k.abandoned(0)
	nearly := k.abandoned(callTimeout + 4*time.Second)
	dead := k.abandoned(callTimeout + 6*time.Second)
	k.start()
	k.another()
	k.wait(dead.ID, outcome(referral.OutcomeNotFound))
	k.wait(nearly.ID, outcome(referral.OutcomeNotFound))
	if s := k.load(fresh.ID); s.State != referral.Sending {
		t.Errorf("the running attempt is %s", s.State)
	}
	if k.posts() != 0 {
		t.Errorf("%d posts", k.posts())
	}
}

// testOrphans takes on the sends of a replica that died before it came to an attempt.
func testOrphans(t *testing.T) {
	k := newKit(t)
	queued := k.submit(k.draft())
	k.exec(`UPDATE river_job SET state = 'running', attempt = 1, attempted_by = array['another'],
		attempted_at = clock_timestamp() - interval '26 seconds'`)
	k.exec(`UPDATE sends SET updated_at = updated_at - 26000000`)
	k.start()
	k.wait(queued.ID, in(referral.Accepted))
	if k.posts() != 1 {
		t.Errorf("%d posts", k.posts())
	}
}

// another starts one more replica.
func (k *kit) another() {
	k.t.Helper()
	k.open()
	k.start()
}
