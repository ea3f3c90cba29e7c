package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// bodySize is about what a referral takes up on the wire, in bytes.
const bodySize = 2500

// BenchmarkSend begins sends of several people at once and records their answers.
func BenchmarkSend(b *testing.B) {
	for _, db := range []string{"sqlite", "postgres"} {
		b.Run(db, func(b *testing.B) {
			place := filepath.Join(b.TempDir(), "tandem.db")
			if db == "postgres" {
				place = pgtest.URL(b)
			}
			w := newWorld(b, place)
			sends := make([]referral.Send, b.N)
			for i := range sends {
				sends[i] = ownSend(w.draft(b, w.ana, fmt.Sprintf("Deal %d", i)))
				sends[i].Body = []byte(`{"notes":"` + strings.Repeat("x", bodySize) + `"}`)
			}
			var next atomic.Int32
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					sendThrough(b, w, sends[next.Add(1)-1])
				}
			})
		})
	}
}

// sendThrough begins a send and records that it was accepted.
func sendThrough(b *testing.B, w *world, s referral.Send) {
	s, _, err := w.Begin(b.Context(), w.ana, s, referral.Attempt{RequestID: "request",
		CorrelationID: "correlation"}, enqueued)
	if err != nil {
		b.Error(err)
		return
	}
	err = w.Record(b.Context(), s.ID, store.Result{
		From: []referral.State{referral.Sending}, Attempts: 1, State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
		Attempt: &referral.Attempt{Number: 1, Answer: referral.Answer{Status: 201,
			Headers: map[string]string{"Request-Id": "r1"}, Body: s.Body}},
		Referral: &referral.Referral{RemoteID: "remote-" + s.ID, EngagementID: "engagement-" + s.ID,
			Deal: referral.CoSell, Name: s.Name, Customer: s.Customer, Status: "New",
			Substatus: "Pending", DealValue: "50000.5", Currency: "USD", Raw: s.Body},
		Detail: "HTTP 201",
	})
	if err != nil {
		b.Error(err)
	}
}
