package store_test

import (
	"testing"

	"tandem/internal/referral"
)

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
