package store_test

import (
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// A change keeps which request of a page asked for it last, whatever jobs do with it meanwhile.
func TestOriginOfChange(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		first := referral.Origin{RequestID: "first", Trace: "00-1-1-01"}
		again := referral.Origin{RequestID: "again"}
		ch, _, err := w.QueueChange(referral.WithOrigin(t.Context(), first), w.ana,
			stage(w.atMicrosoft(t, w.ana), "Proposal"), enqueued)
		if err != nil || ch.Origin != first {
			t.Errorf("queued: %+v, %v", ch.Origin, err)
		}
		ch, err = w.StartChangeAttempt(t.Context(), ch.ID, referral.Attempt{Number: 1})
		if err != nil || ch.Origin != first {
			t.Errorf("sending: %+v, %v", ch.Origin, err)
		}
		err = w.RecordChange(t.Context(), ch.ID, store.ChangeResult{Attempts: 1,
			From: []referral.State{referral.Sending}, State: referral.Rejected,
			Outcome: referral.Outcome{Kind: referral.OutcomeInvalid}, Attempt: &referral.Attempt{}})
		if err != nil {
			t.Fatal(err)
		}
		ch, err = w.RequeueChange(referral.WithOrigin(t.Context(), again), w.ana, ch.ID,
			referral.Queued, store.ChangeMove{May: referral.Change.MayRepeat, Enqueue: enqueued})
		if err != nil || ch.Origin != again {
			t.Errorf("again: %+v, %v", ch.Origin, err)
		}
	})
}

// A send keeps which request of a page asked for it last, whatever jobs do with it meanwhile.
func TestOrigin(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		first := referral.Origin{RequestID: "first", Trace: "00-1-1-01"}
		again := referral.Origin{RequestID: "again"}
		send, _, err := w.Queue(referral.WithOrigin(t.Context(), first), w.ana,
			ownSend(w.draft(t, w.ana, "Contoso")), enqueued)
		if err != nil || send.Origin != first {
			t.Errorf("queued: %+v, %v", send.Origin, err)
		}
		send, err = w.StartAttempt(t.Context(), send.ID, referral.Attempt{})
		if err != nil || send.Origin != first {
			t.Errorf("sending: %+v, %v", send.Origin, err)
		}
		send = w.ended(t, send, referral.Rejected, referral.OutcomeInvalid)
		if send.Origin != first {
			t.Errorf("rejected: %+v", send.Origin)
		}
		send, err = w.Requeue(referral.WithOrigin(t.Context(), again), w.ana, send.ID,
			referral.Send.MayRepeat, enqueued)
		if err != nil || send.Origin != again {
			t.Errorf("again: %+v, %v", send.Origin, err)
		}
	})
}
