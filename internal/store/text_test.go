package store_test

import (
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestZeroBytes stores an answer of Microsoft's that has a zero byte in every text. The raw answer
// stays as received, and nothing gets lost.
func TestZeroBytes(t *testing.T) {
	const zero, raw = "a\x00b", `{"id":"a\u0000b"}` + "\x00"
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		w.record(t, send.ID, store.Result{
			From: []referral.State{referral.Sending}, State: referral.Accepted,
			Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201, Code: zero,
				Target: zero, Message: zero, Path: zero, Claims: zero},
			Attempt: &referral.Attempt{Answer: referral.Answer{Status: 201, Body: []byte(raw),
				Headers: map[string]string{"request-id": zero}}},
			Referral: &referral.Referral{RemoteID: zero, EngagementID: zero, Name: zero,
				Customer: zero, ExternalReferenceID: zero, Country: zero, DealValue: zero,
				Currency: zero, ClosingDate: zero, Status: zero, Substatus: zero, ETag: zero,
				Team: []string{zero}, Raw: []byte(raw)},
			Unclaimed: true,
		})
		send = must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "outcome", send.Outcome.Message, zero)
		wantSame(t, "kept answer", string(send.LastAttempt().Answer.Body), raw)
		wantSame(t, "engagement", send.EngagementID, "a\uFFFDb")
		r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "raw answer", string(r.Raw), raw)
		wantSame(t, "texts", []string{r.RemoteID, r.Name, r.Customer, r.ETag, r.Status},
			[]string{"a\uFFFDb", "a\uFFFDb", "a\uFFFDb", "a\uFFFDb", "a\uFFFDb"})
		wantSame(t, "known", must(w.Known(t.Context(), zero))(t), true)
	})
}
