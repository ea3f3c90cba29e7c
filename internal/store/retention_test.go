package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

const day = 24 * time.Hour

// forKeepers runs a test on stores that keep drafts for 90 days and answers for 30, on every
// database. The limits have been in force for long.
func forKeepers(t *testing.T, test func(t *testing.T, w *world, o store.Options)) {
	t.Helper()
	for name, place := range map[string]string{
		"sqlite": newFile(t), "postgres": newDatabase(t),
	} {
		t.Run(name, func(t *testing.T) {
			clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
			o := at(place, clock.Now)
			o.KeepDrafts, o.KeepAnswers = 90*day, 30*day
			w := newWorldOf(t, o, clock)
			clock.pass(100 * day)
			test(t, w, o)
		})
	}
}

// sweep deletes what is due and returns how many drafts.
func (w *world) sweep(t testing.TB) int {
	t.Helper()
	return must(w.DeleteUnused(t.Context()))(t)
}

// isThere tells whether a draft of Ana's was not deleted.
func (w *world) isThere(t testing.TB, id string) bool {
	t.Helper()
	_, err := w.Draft(t.Context(), w.ana, id)
	if err != nil && !errors.Is(err, referral.ErrGone) {
		t.Fatal(err)
	}
	return err == nil
}

func TestDeleteUnused(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, _ store.Options) {
		old := w.draft(t, w.ana, "Old")
		w.clock.pass(89 * day)
		young := w.draft(t, w.ana, "Young")
		wantSame(t, "deleted too soon", w.sweep(t), 0)
		w.clock.pass(2 * day)
		wantSame(t, "deleted", w.sweep(t), 1)
		wantSame(t, "deleted again", w.sweep(t), 0)
		_, err := w.Draft(t.Context(), w.ana, old.ID)
		var deleted *referral.DeletedError
		if !errors.As(err, &deleted) || !deleted.Unused || deleted.By != "" {
			t.Errorf("Draft: %v, %+v", err, deleted)
		}
		_, err = w.SaveDraft(t.Context(), w.ana, old)
		if !errors.As(err, &deleted) || !deleted.Unused {
			t.Errorf("SaveDraft: %v", err)
		}
		wantSame(t, "the young one", must(w.Draft(t.Context(), w.ana, young.ID))(t), young)
	})
}

// TestSendsKeepDrafts sees which sends keep their draft from being deleted.
func TestSendsKeepDrafts(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, _ store.Options) {
		drafts := map[referral.State]string{}
		ids := map[referral.State]string{}
		for _, state := range []referral.State{referral.Queued, referral.Sending,
			referral.Waiting, referral.NeedsSignIn, referral.Unknown, referral.Accepted,
			referral.Rejected, referral.Cancelled} {
			d := w.draft(t, w.ana, string(state))
			send := w.queued(t, w.ana, ownSend(d))
			drafts[state], ids[state] = d.ID, send.ID
			if state == referral.Queued {
				continue
			}
			send = must(w.StartAttempt(t.Context(), send.ID, referral.Attempt{}))(t)
			switch state {
			case referral.Sending:
			case referral.Accepted:
				w.accept(t, send, "remote-"+d.ID)
			default:
				w.ended(t, send, state, referral.OutcomeInvalid)
			}
		}
		w.clock.pass(91 * day)
		wantSame(t, "deleted", w.sweep(t), 2)
		for state, id := range drafts {
			over := state == referral.Rejected || state == referral.Cancelled
			wantSame(t, "a draft whose send is "+string(state), w.isThere(t, id), !over)
			wantSame(t, "its send", must(w.Job(t.Context(), ids[state]))(t).State, state)
		}
	})
}

// TestRefusalIsATouch keeps a draft that was written long ago and refused lately.
func TestRefusalIsATouch(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, _ store.Options) {
		d := w.draft(t, w.ana, "Old")
		w.clock.pass(89 * day)
		w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, referral.OutcomeInvalid)
		w.clock.pass(2 * day)
		wantSame(t, "deleted", w.sweep(t), 0)
		all := must(w.Drafts(t.Context(), w.ana))(t)
		if left := all[0].DeletedFrom.Sub(w.clock.Now()); left < 87*day || left > 88*day {
			t.Errorf("the draft goes in %v", left)
		}
		w.clock.pass(89 * day)
		wantSame(t, "deleted", w.sweep(t), 1)
	})
}

// TestTypingIsATouch keeps a draft that somebody is at and has not saved.
func TestTypingIsATouch(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, _ store.Options) {
		d := w.draft(t, w.ana, "Old")
		w.clock.pass(89 * day)
		err := w.SaveTyped(t.Context(), w.ana,
			referral.Typed{Subject: d.ID, Page: "deal", Form: "name=x"})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.pass(2 * day)
		wantSame(t, "deleted", w.sweep(t), 0)
		all := must(w.Drafts(t.Context(), w.ana))(t)
		if left := all[0].DeletedFrom.Sub(w.clock.Now()); left < 87*day || left > 88*day {
			t.Errorf("the draft goes in %v", left)
		}
		w.clock.pass(89 * day)
		wantSame(t, "deleted", w.sweep(t), 1)
	})
}

// TestNotice gives everybody 14 days from when a limit is new or another, and says so.
func TestNotice(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, o store.Options) {
		d := w.draft(t, w.ana, "Contoso")
		w.clock.pass(80 * day)
		o.KeepDrafts = 60 * day
		stricter := open(t, o)
		all := must(stricter.Drafts(t.Context(), w.ana))(t)
		if left := all[0].DeletedFrom.Sub(w.clock.Now()); left < 13*day || left > 14*day {
			t.Errorf("the draft goes in %v", left)
		}
		w.clock.pass(13 * day)
		stricter = open(t, o) // the limit is the same: its time goes on
		wantSame(t, "deleted", must(stricter.DeleteUnused(t.Context()))(t), 0)
		w.clock.pass(2 * day)
		wantSame(t, "deleted", must(stricter.DeleteUnused(t.Context()))(t), 1)
		wantSame(t, "there", w.isThere(t, d.ID), false)
	})
}

// TestKeepForGood deletes and removes nothing where no limit is set.
func TestKeepForGood(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso")
		send := w.accepted(t, w.ana, w.draft(t, w.ana, "Sent"))
		w.clock.pass(5000 * day)
		wantSame(t, "drafts", w.sweep(t), 0)
		wantSame(t, "answers", must(w.RemoveAnswers(t.Context()))(t), 0)
		wantSame(t, "there", w.isThere(t, d.ID), true)
		r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "answer", string(r.Raw), rawAnswer)
		all := must(w.Drafts(t.Context(), w.ana))(t)
		wantSame(t, "end", all[0].DeletedFrom, time.Time{})
	})
}

// TestManyUnused needs several batches. Others go on sending meanwhile: whatever they get hold of
// stays, and everything else goes. Several replicas sweep.
func TestManyUnused(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, o store.Options) {
		const all, sent = 230, 40
		var drafts []referral.Draft
		for range all {
			drafts = append(drafts, w.draft(t, w.ana, "Contoso"))
		}
		w.clock.pass(91 * day)
		won, deleted := make([]bool, sent), make([]int, 3)
		var busy sync.WaitGroup
		for i, replica := range []*store.Store{w.Store, open(t, o)} {
			busy.Go(func() {
				var err error
				if deleted[i], err = replica.DeleteUnused(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		for i := range won {
			var err error
			_, won[i], err = w.Queue(t.Context(), w.ana, ownSend(drafts[all-1-i*2]), enqueued)
			if err != nil && !errors.Is(err, referral.ErrGone) {
				t.Error(err)
			}
		}
		busy.Wait()
		deleted[2] = w.sweep(t) // what a replica that was turned away left
		kept := 0
		for i, created := range won {
			wantSame(t, "a draft that is sent is there", w.isThere(t, drafts[all-1-i*2].ID), created)
			if created {
				kept++
			}
		}
		wantSame(t, "deleted", deleted[0]+deleted[1]+deleted[2], all-kept)
	})
}

// TestOneSweepsAtATime leaves the work to the replica that is at it.
func TestOneSweepsAtATime(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, o store.Options) {
		w.draft(t, w.ana, "Contoso")
		w.clock.pass(91 * day)
		unlock := must(w.Lock(t.Context(), "sweep/drafts"))(t)
		wantSame(t, "deleted", must(open(t, o).DeleteUnused(t.Context()))(t), 0)
		unlock()
		wantSame(t, "deleted", must(open(t, o).DeleteUnused(t.Context()))(t), 1)
	})
}

func TestRemoveAnswers(t *testing.T) {
	forKeepers(t, func(t *testing.T, w *world, _ store.Options) {
		send := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso"))
		before := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		unknown := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Unknown")))
		w.record(t, unknown.ID, store.Result{From: []referral.State{referral.Sending},
			State: referral.Unknown, Outcome: referral.Outcome{Kind: referral.OutcomeUnknown},
			Attempt: &referral.Attempt{Answer: referral.Answer{Status: 502, Body: []byte("x")}}})
		w.clock.pass(29 * day)
		wantSame(t, "removed too soon", must(w.RemoveAnswers(t.Context()))(t), 0)
		w.clock.pass(2 * day)
		young := w.accepted(t, w.ana, w.draft(t, w.ana, "Young"))
		wantSame(t, "removed", must(w.RemoveAnswers(t.Context()))(t), 2)
		wantSame(t, "removed again", must(w.RemoveAnswers(t.Context()))(t), 0)

		after := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		if after.RemovedAt.IsZero() || len(after.Raw) != 0 {
			t.Errorf("removed at %v, answer %q", after.RemovedAt, after.Raw)
		}
		before.Raw, before.RemovedAt = after.Raw, after.RemovedAt
		wantSame(t, "what stays of the referral", after, before)
		left := must(w.Job(t.Context(), send.ID))(t)
		wantSame(t, "answer of the attempt", string(left.Attempts[0].Answer.Body), "")
		send.Attempts[0].Answer.Body = left.Attempts[0].Answer.Body
		wantSame(t, "what stays of the send", left, send)
		doubtful := must(w.Job(t.Context(), unknown.ID))(t)
		wantSame(t, "answer in doubt", string(doubtful.Attempts[0].Answer.Body), "x")
		kept := must(w.Referral(t.Context(), w.ana, young.ReferralID))(t)
		wantSame(t, "young answer", string(kept.Raw), rawAnswer)
		wantSame(t, "history", len(must(w.History(t.Context(), w.ana, send.ReferralID))(t)), 4)
	})
}
