package store_test

import (
	"context"
	"database/sql"
	"errors"
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
			AnsweredAt: r.CreatedAt,
			OwnerID:    w.ana.UserID, OwnerName: "Ana Silva", SenderID: w.ana.UserID,
			SenderName: "Ana Silva", Kind: referral.Own, DraftID: d.ID, SendID: send.ID,
			Deal: referral.CoSell, Name: "Contoso Azure migration", Customer: "Contoso",
			DealValue: "50000.5", Currency: "USD", Status: "New",
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

// lookedUp records what a look-up came to for a send of unknown outcome.
func (w *world) lookedUp(t testing.TB, s referral.Send, o referral.Outcome) referral.Send {
	t.Helper()
	w.record(t, s.ID, store.Result{From: []referral.State{referral.Unknown},
		State: referral.Unknown, Outcome: o})
	return must(w.Job(t.Context(), s.ID))(t)
}

// TestWorkLists sees which sends wait for a sign-in, and which must have a job.
func TestWorkLists(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		unfinished, needing, sending := map[string]bool{}, map[string]bool{}, map[string]bool{}
		start := func(name string) referral.Send {
			return w.sending(t, w.ana, ownSend(w.draft(t, w.ana, name)))
		}
		unknown := func(o referral.Outcome) string {
			s := w.ended(t, start("Unknown"), referral.Unknown, referral.OutcomeUnknown)
			return w.lookedUp(t, s, o).ID
		}
		queued := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Queued"))).ID
		unfinished[queued] = true
		started := start("Sending").ID
		unfinished[started], sending[started] = true, true
		unfinished[w.ended(t, start("Waiting"), referral.Waiting, referral.OutcomeLimited).ID] = true
		unfinished[unknown(referral.Outcome{Kind: referral.OutcomeUnknown})] = true
		needing[w.ended(t, start("One"), referral.NeedsSignIn, referral.OutcomeSignIn).ID] = true
		needing[unknown(referral.Outcome{Kind: referral.OutcomeLookupError, Status: 401})] = true
		needing[unknown(referral.Outcome{Kind: referral.OutcomeLookupError, Claims: "{}"})] = true
		unknown(referral.Outcome{Kind: referral.OutcomeLookupError, Status: 503})
		unknown(referral.Outcome{Kind: referral.OutcomeNotFound})
		w.ended(t, start("Rejected"), referral.Rejected, referral.OutcomeInvalid)
		w.accepted(t, w.ana, w.draft(t, w.ana, "Accepted"))
		must(w.Cancel(t.Context(), w.ana, w.queued(t, w.ana,
			ownSend(w.draft(t, w.ana, "Cancelled"))).ID))(t)

		wantSame(t, "unfinished", setOf(must(w.Unfinished(t.Context()))(t)), unfinished)
		wantSame(t, "interrupted", setOf(must(w.Interrupted(t.Context()))(t)), sending)
		wantSame(t, "needing", setOf(must(w.NeedingSignIn(t.Context(), w.ana.UserID))(t)), needing)
		wantSame(t, "bo's", len(must(w.NeedingSignIn(t.Context(), w.bo.UserID))(t)), 0)
	})
}

func setOf(ids []string) map[string]bool {
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// TestRecordAfterAnotherAttempt keeps news of one attempt from being taken for that of the next.
func TestRecordAfterAnotherAttempt(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		send = w.ended(t, send, referral.Waiting, referral.OutcomeUnavailable)
		_, err := w.StartAttempt(t.Context(), send.ID, referral.Attempt{Number: 1})
		wantErr(t, "StartAttempt", err, referral.ErrConflict)
		must(w.StartAttempt(t.Context(), send.ID, referral.Attempt{Number: 2}))(t)
		r := store.Result{From: []referral.State{referral.Sending}, State: referral.Unknown,
			Attempts: 1}
		wantErr(t, "Record", w.Record(t.Context(), send.ID, r), referral.ErrConflict)
		wantSame(t, "state", must(w.Job(t.Context(), send.ID))(t).State, referral.Sending)
		r.Attempts = 2
		w.record(t, send.ID, r)
	})
}

// TestRecordEnqueues commits a result and the job that follows together.
func TestRecordEnqueues(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		full := errors.New("full")
		r := store.Result{From: []referral.State{referral.Sending}, State: referral.Unknown,
			Enqueue: func(context.Context, *sql.Tx, string) error { return full }}
		wantErr(t, "Record", w.Record(t.Context(), send.ID, r), full)
		wantSame(t, "state", must(w.Job(t.Context(), send.ID))(t).State, referral.Sending)
		var job string
		r.Enqueue = func(_ context.Context, _ *sql.Tx, id string) error { job = id; return nil }
		w.record(t, send.ID, r)
		wantSame(t, "job", job, send.ID)
	})
}

// TestClaimOnce lets only one of two sends that look alike have the referral that a look-up found,
// and tells a send whose twin is being sent just now.
func TestClaimOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		one := ownSend(w.draft(t, w.ana, "Contoso Azure migration"))
		two := ownSend(w.draft(t, w.ana, "Contoso Azure migration"))
		one.ExternalReferenceID, two.ExternalReferenceID = "CRM-1", "CRM-1"
		first, second := w.sending(t, w.ana, one), w.sending(t, w.ana, two)
		first = w.ended(t, first, referral.Unknown, referral.OutcomeUnknown)
		wantSame(t, "rival", must(w.Rival(t.Context(), first))(t), true)
		second = w.ended(t, second, referral.Unknown, referral.OutcomeUnknown)
		wantSame(t, "no rival", must(w.Rival(t.Context(), first))(t), false)

		r := store.Result{From: []referral.State{referral.Unknown}, State: referral.Accepted,
			Referral: &referral.Referral{RemoteID: "remote"}, Unclaimed: true}
		w.record(t, first.ID, r)
		wantErr(t, "second", w.Record(t.Context(), second.ID, r), referral.ErrConflict)
		wantSame(t, "state", must(w.Job(t.Context(), second.ID))(t).State, referral.Unknown)
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
