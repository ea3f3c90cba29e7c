package store_test

import (
	"context"
	"database/sql"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestBegin stores a send together with its first attempt, once, and without a job. After a send of
// the same draft it only makes one due, as that one is to be looked up first.
func TestBegin(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		var jobs []string
		begin := func() (referral.Send, bool) {
			s, created, err := w.Begin(t.Context(), w.ana, ownSend(d),
				referral.Attempt{RequestID: "r", CorrelationID: "c", Replica: "one/1"},
				func(_ context.Context, _ *sql.Tx, id string) error {
					jobs = append(jobs, id)
					return nil
				})
			if err != nil {
				t.Fatal(err)
			}
			return s, created
		}
		first, created := begin()
		wantSame(t, "created", created, true)
		wantSame(t, "state", first.State, referral.Sending)
		wantSame(t, "stored", must(w.Job(t.Context(), first.ID))(t), first)
		a := first.LastAttempt()
		wantSame(t, "attempt", a, referral.Attempt{Number: 1, RequestID: "r", CorrelationID: "c",
			Replica: "one/1", StartedAt: a.StartedAt})
		other, created := begin()
		wantSame(t, "created again", created, false)
		wantSame(t, "the one there is", other, first)
		_, err := w.StartAttempt(t.Context(), first.ID, referral.Attempt{})
		wantErr(t, "StartAttempt", err, referral.ErrConflict)
		wantSame(t, "jobs", len(jobs), 0)

		w.record(t, first.ID, store.Result{From: []referral.State{referral.Sending}, Attempts: 1,
			State: referral.Rejected, Attempt: &a})
		second, _ := begin()
		wantSame(t, "second", second.State, referral.Queued)
		wantSame(t, "its attempts", len(second.Attempts), 0)
		wantSame(t, "its job", jobs, []string{second.ID})
		w.accept(t, must(w.StartAttempt(t.Context(), second.ID, referral.Attempt{}))(t), "remote")
		var kinds []string
		id := must(w.Job(t.Context(), second.ID))(t).ReferralID
		for _, e := range must(w.History(t.Context(), w.ana, id))(t) {
			kinds = append(kinds, e.Kind)
		}
		wantSame(t, "history", kinds, []string{referral.EventDraftCreated,
			referral.EventSendQueued, referral.EventSendStarted, referral.EventSendRejected,
			referral.EventSendQueued, referral.EventSendStarted, referral.EventSendAccepted})
	})
}
