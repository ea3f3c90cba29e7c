package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// Whoever watches is told of each state that a send comes to, once, and of nothing that failed or
// stayed as it was.
func TestMoved(t *testing.T) {
	var got []string
	o := at(filepath.Join(t.TempDir(), "tandem.db"), nil)
	o.Moved = func(k referral.Kind, s referral.State) { got = append(got, string(k)+" "+string(s)) }
	w := &world{clock: &clock{}, Store: open(t, o)}
	w.ana = signIn(t, w.Store, referral.User{Key: "tid:ana"})
	d := w.draft(t, w.ana, "Contoso")
	s := w.sending(t, w.ana, ownSend(d))
	if _, created, err := w.Queue(t.Context(), w.ana, ownSend(d), enqueued); err != nil || created {
		t.Fatalf("queued twice: %v, %v", created, err)
	}
	if _, err := w.StartAttempt(t.Context(), s.ID, referral.Attempt{}); err == nil {
		t.Error("a second attempt began")
	}
	w.ended(t, s, referral.Rejected, referral.OutcomeInvalid)
	if _, err := w.Requeue(t.Context(), w.ana, s.ID, referral.Send.MayRepeat, enqueued); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Cancel(t.Context(), w.ana, s.ID); err != nil {
		t.Fatal(err)
	}
	next := w.sending(t, w.ana, ownSend(d))
	w.ended(t, next, referral.Unknown, referral.OutcomeUnknown)
	unknown := []referral.State{referral.Unknown}
	w.record(t, next.ID, store.Result{From: unknown, State: referral.Unknown})
	w.record(t, next.ID, store.Result{From: unknown, State: referral.Accepted,
		Referral: &referral.Referral{RemoteID: "r", EngagementID: "e", Raw: []byte("{}")}})
	own, err := w.Job(t.Context(), next.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.queued(t, w.ana, microsoftSend(own))
	want := []string{"own queued", "own sending", "own rejected", "own queued", "own cancelled",
		"own queued", "own sending", "own unknown", "own accepted", "microsoft queued"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told of (-want +got):\n%s", diff)
	}
}
