package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestStartAttemptOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		var started, refused atomic.Int32
		together(20, func() {
			_, err := w.StartAttempt(t.Context(), send.ID, referral.Attempt{RequestID: "r"})
			if err == nil {
				started.Add(1)
				return
			}
			wantErr(t, "StartAttempt", err, referral.ErrConflict)
			refused.Add(1)
		})
		wantSame(t, "started, refused", []int32{started.Load(), refused.Load()}, []int32{1, 19})
		got := must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "attempts", len(got.Attempts), 1)
		_, err := w.StartAttempt(t.Context(), "nothing", referral.Attempt{})
		wantErr(t, "StartAttempt", err, referral.ErrNotFound)
	})
}

func TestAttemptsAreKept(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		until := start.Add(57 * time.Second)
		send := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		first := referral.Attempt{RequestID: "r1", CorrelationID: "c1", StartedAt: start}
		started := must(w.StartAttempt(t.Context(), send.ID, first))(t)
		first.Number = 1
		wantSame(t, "first attempt", started.LastAttempt(), first)

		first.SentAt, first.EndedAt = start.Add(time.Second), start.Add(2*time.Second)
		first.Answer = referral.Answer{Status: 429, Body: []byte("slow down"),
			Headers: map[string]string{"Retry-After": "57"}}
		limited := referral.Outcome{Kind: referral.OutcomeLimited, Status: 429}
		w.record(t, send.ID, store.Result{From: []referral.State{referral.Sending},
			State: referral.Waiting, Outcome: limited, WaitUntil: until, Attempt: &first})
		waiting := must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "answered", waiting.LastAttempt(), first)
		wantSame(t, "outcome", waiting.Outcome, limited)
		wantSame(t, "until", waiting.WaitUntil, until)

		second := must(w.StartAttempt(t.Context(), send.ID, referral.Attempt{}))(t)
		wantSame(t, "until, once sending", second.WaitUntil, time.Time{})
		wantSame(t, "second's number", second.LastAttempt().Number, 2)
		wantSame(t, "first afterwards", second.Attempts[0], first)
	})
}

func TestRecordRefusesOtherStates(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		result := store.Result{From: []referral.State{referral.Sending}, State: referral.Rejected}
		wantErr(t, "queued", w.Record(t.Context(), send.ID, result), referral.ErrConflict)
		wantErr(t, "nothing", w.Record(t.Context(), "nothing", result), referral.ErrNotFound)
		result.From = nil
		wantErr(t, "no from", w.Record(t.Context(), send.ID, result), referral.ErrConflict)
		wantSame(t, "state", must(w.Job(t.Context(), send.ID))(t).State, referral.Queued)
	})
}

// TestRecordIsWhole sees that a result that cannot be stored whole leaves nothing.
func TestRecordIsWhole(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		err := w.Record(t.Context(), send.ID, store.Result{
			From: []referral.State{referral.Sending}, State: referral.Accepted,
			Attempt: &referral.Attempt{}, Referral: &referral.Referral{}})
		if err == nil {
			t.Error("stored a referral without id")
		}
		wantSame(t, "send", must(w.Job(t.Context(), send.ID))(t), send)
	})
}

func TestRecordAccepted(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.accepted(t, w.ana, d)
		r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "referral", r, referral.Referral{
			ID: send.ReferralID, RemoteID: "remote-" + d.ID, EngagementID: send.EngagementID,
			OwnerID: w.ana.UserID, OwnerName: "Ana Silva", Kind: referral.Own, DraftID: d.ID,
			SendID: send.ID, Deal: referral.CoSell, Name: "Contoso Azure migration",
			Customer: "Contoso", DealValue: "50000.5", Currency: "USD", Status: "New",
			Substatus: "Pending", Raw: []byte(rawAnswer), CreatedAt: r.CreatedAt,
			UpdatedAt: r.UpdatedAt,
		})
		wantSame(t, "engagement", send.EngagementID, "engagement-"+d.ID)
	})
}

func TestRecordFoundByLookup(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		send = w.ended(t, send, referral.Unknown, referral.OutcomeUnknown)
		unknown := []referral.State{referral.Unknown}
		w.record(t, send.ID, store.Result{From: unknown, State: referral.Unknown,
			Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}})
		w.record(t, send.ID, store.Result{From: unknown, State: referral.Accepted,
			Outcome:  referral.Outcome{Kind: referral.OutcomeAccepted},
			Referral: &referral.Referral{RemoteID: "remote", EngagementID: "engagement"}})
		got := must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "state", got.State, referral.Accepted)
		wantSame(t, "attempt without an answer", got.LastAttempt().EndedAt, time.Time{})
		wantSame(t, "events", w.kinds(t, got.ReferralID), []string{
			referral.EventDraftCreated, referral.EventSendQueued, referral.EventSendStarted,
			referral.EventSendUnknown, referral.EventSendLookedUp, referral.EventSendAccepted})
	})
}

// kinds returns the kinds of events of a referral in order.
func (w *world) kinds(t testing.TB, referralID string) []string {
	t.Helper()
	var all []string
	for _, e := range must(w.History(t.Context(), w.admin, referralID))(t) {
		all = append(all, e.Kind)
	}
	return all
}

func TestNeedingSignInAndStale(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var needing []string
		for _, name := range []string{"One", "Two"} {
			send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, name)))
			needing = append(needing, send.ID)
			w.ended(t, send, referral.NeedsSignIn, referral.OutcomeSignIn)
		}
		early := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Early")))
		w.clock.pass(time.Minute)
		before := w.clock.Now()
		w.sending(t, w.bo, ownSend(w.draft(t, w.bo, "Late")))
		wantSame(t, "needing", must(w.NeedingSignIn(t.Context(), w.ana.UserID))(t), needing)
		wantSame(t, "bo's", len(must(w.NeedingSignIn(t.Context(), w.bo.UserID))(t)), 0)
		wantSame(t, "stale", must(w.Stale(t.Context(), before))(t), []string{early.ID})
	})
}

func TestAttention(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		reject := func(c referral.Caller, d referral.Draft) referral.Send {
			s := w.sending(t, c, ownSend(d))
			return w.ended(t, s, referral.Rejected, referral.OutcomeInvalid)
		}
		again := w.draft(t, w.ana, "Sent again")
		reject(w.ana, again)
		second := reject(w.ana, again)
		gone := w.draft(t, w.ana, "Deleted")
		reject(w.ana, gone)
		if err := w.DeleteDraft(t.Context(), w.ana, gone.ID); err != nil {
			t.Fatal(err)
		}
		w.accepted(t, w.ana, w.draft(t, w.ana, "Fine"))
		unknown := w.ended(t, w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Lost"))),
			referral.Unknown, referral.OutcomeUnknown)
		third := reject(w.bo, w.draft(t, w.bo, "Another's"))

		got := must(w.Attention(t.Context(), w.ana))(t)
		for _, s := range []*referral.Send{&second, &unknown, &third} {
			s.Body, s.Attempts = nil, nil
		}
		wantSame(t, "ana's", got, []referral.Send{unknown, second})
		wantSame(t, "admin's", must(w.Attention(t.Context(), w.admin))(t),
			[]referral.Send{third, unknown, second})
		wantSame(t, "counts", must(w.Counts(t.Context(), w.ana))(t),
			referral.Counts{Submitted: 1, Attention: 2, Drafts: 2})
		wantSame(t, "admin's counts", must(w.Counts(t.Context(), w.admin))(t),
			referral.Counts{Submitted: 1, Attention: 3, Drafts: 3})
	})
}

func TestEventsAreAppendOnly(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.draft(t, w.ana, "Contoso Azure migration")
		for _, statement := range []string{`DELETE FROM events`, `UPDATE events SET at = 0`} {
			if _, err := w.Writer().Exec(statement); err == nil {
				t.Errorf("%s: done", statement)
			}
		}
	})
}
