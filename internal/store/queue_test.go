package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"tandem/internal/referral"
)

func TestQueueOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		var created, enqueues atomic.Int32
		var ids sync.Map
		together(20, func() {
			s, isNew, err := w.Queue(t.Context(), w.ana, ownSend(d),
				func(context.Context, *sql.Tx, string) error { enqueues.Add(1); return nil })
			if err != nil {
				t.Error(err)
			}
			if isNew {
				created.Add(1)
			}
			ids.Store(s.ID, true)
		})
		var different int
		ids.Range(func(any, any) bool { different++; return true })
		wantSame(t, "created, enqueued, ids",
			[]int{int(created.Load()), int(enqueues.Load()), different}, []int{1, 1, 1})
	})
}

// together runs fn in n goroutines and waits for them.
func together(n int, fn func()) {
	var all sync.WaitGroup
	for range n {
		all.Go(fn)
	}
	all.Wait()
}

func TestQueueReturnsWhatItStored(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		got := w.queued(t, w.ana, ownSend(d))
		want := ownSend(d)
		want.ID, want.OwnerID, want.OwnerName = got.ID, w.ana.UserID, "Ana Silva"
		want.State, want.CreatedAt, want.UpdatedAt = referral.Queued, got.CreatedAt, got.UpdatedAt
		wantSame(t, "queued", got, want)
		wantSame(t, "Send", must(w.Send(t.Context(), w.ana, got.ID))(t), want)
		wantSame(t, "Job", must(w.Job(t.Context(), got.ID))(t), want)
	})
}

func TestQueueRefusesStale(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		must(w.SaveDraft(t.Context(), w.ana, d))(t)
		_, _, err := w.Queue(t.Context(), w.ana, ownSend(d), enqueued)
		wantErr(t, "Queue", err, referral.ErrConflict)
	})
}

func TestQueueWithoutJobLeavesNothing(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		full := errors.New("full")
		s, created, err := w.Queue(t.Context(), w.ana, ownSend(d),
			func(context.Context, *sql.Tx, string) error { return full })
		wantErr(t, "Queue", err, full)
		if created || s.ID != "" {
			t.Errorf("created %v, send %q", created, s.ID)
		}
		wantSame(t, "lock", must(w.Draft(t.Context(), w.ana, d.ID))(t).SendID, "")
	})
}

// TestQueueEnqueuesInTransaction sees that a job reads the send that its transaction wrote.
func TestQueueEnqueuesInTransaction(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		var state string
		s, _, err := w.Queue(t.Context(), w.ana, ownSend(d),
			func(ctx context.Context, tx *sql.Tx, id string) error {
				return tx.QueryRowContext(ctx, `SELECT state FROM sends WHERE id = $1`, id).
					Scan(&state)
			})
		if err != nil || state != string(s.State) {
			t.Errorf("state %q, %v", state, err)
		}
	})
}

func TestQueueAfterEnd(t *testing.T) {
	for _, state := range []referral.State{
		referral.Accepted, referral.Unknown, referral.Waiting, referral.NeedsSignIn,
		referral.Rejected, referral.Cancelled,
	} {
		t.Run(string(state), func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) {
				d := w.draft(t, w.ana, "Contoso Azure migration")
				first := w.ended(t, w.sending(t, w.ana, ownSend(d)), state, "")
				second, created, err := w.Queue(t.Context(), w.ana, ownSend(d), enqueued)
				if err != nil || created == state.Locks() {
					t.Errorf("created %v, %v", created, err)
				}
				wantSame(t, "same send", second.ID == first.ID, state.Locks())
			})
		})
	}
}

func TestQueueMicrosoft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		first := w.queued(t, w.ana, microsoftSend(own))
		wantSame(t, "taken from the own referral", []string{first.DraftID, first.EngagementID},
			[]string{own.DraftID, own.EngagementID})
		second, created, err := w.Queue(t.Context(), w.ana, microsoftSend(own), enqueued)
		if err != nil || created || second.ID != first.ID {
			t.Errorf("created %v, id %s, %v", created, second.ID, err)
		}
		nothing := referral.Send{Kind: referral.Microsoft, ReferralID: "nothing"}
		_, _, err = w.Queue(t.Context(), w.ana, nothing, enqueued)
		wantErr(t, "Queue", err, referral.ErrNotFound)
	})
}

// in allows a send in the state.
func in(state referral.State) func(referral.Send) bool {
	return func(s referral.Send) bool { return s.State == state }
}

func TestRequeue(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.NeedsSignIn,
			referral.OutcomeSignIn)
		var job string
		enqueue := func(_ context.Context, _ *sql.Tx, id string) error { job = id; return nil }
		_, err := w.Requeue(t.Context(), w.ana, send.ID, in(referral.Unknown), enqueue)
		wantErr(t, "Requeue", err, referral.ErrConflict)
		from := in(referral.NeedsSignIn)
		again := must(w.Requeue(t.Context(), w.ana, send.ID, from, enqueue))(t)
		wantSame(t, "state", again.State, referral.Queued)
		wantSame(t, "job", job, send.ID)
		wantSame(t, "attempts", len(again.Attempts), 1)
		_, err = w.Requeue(t.Context(), w.ana, "nothing", from, enqueue)
		wantErr(t, "Requeue", err, referral.ErrNotFound)
	})
}

func TestRequeueRefusesOldAnswers(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		from := in(referral.Rejected)
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, "")
		d = must(w.SaveDraft(t.Context(), w.ana, d))(t)
		_, err := w.Requeue(t.Context(), w.ana, send.ID, from, enqueued)
		wantErr(t, "changed draft", err, referral.ErrConflict)

		second := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, "")
		third := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, "")
		_, err = w.Requeue(t.Context(), w.ana, second.ID, from, enqueued)
		wantErr(t, "superseded", err, referral.ErrConflict)
		must(w.Requeue(t.Context(), w.ana, third.ID, from, enqueued))(t)
	})
}

func TestCancel(t *testing.T) {
	for state, want := range map[referral.State]error{
		referral.Waiting: nil, referral.NeedsSignIn: nil,
		referral.Sending: referral.ErrConflict, referral.Unknown: referral.ErrConflict,
		referral.Accepted: referral.ErrConflict, referral.Rejected: referral.ErrConflict,
	} {
		t.Run(string(state), func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) {
				d := w.draft(t, w.ana, "Contoso Azure migration")
				send := w.ended(t, w.sending(t, w.ana, ownSend(d)), state, "")
				got, err := w.Cancel(t.Context(), w.ana, send.ID)
				wantErr(t, "Cancel", err, want)
				if want == nil {
					wantSame(t, "state", got.State, referral.Cancelled)
					must(w.SaveDraft(t.Context(), w.ana, d))(t)
				}
			})
		})
	}
}

func TestEarlier(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		first := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, "")
		second := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected, "")
		third := w.queued(t, w.ana, ownSend(d))
		w.ended(t, w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Other"))), referral.Rejected, "")
		wantSame(t, "before the third", must(w.Earlier(t.Context(), third))(t),
			[]referral.Send{first, second})
	})
}

// TestCancelAfterLookUp frees the draft only when Microsoft does not have the referral.
func TestCancelAfterLookUp(t *testing.T) {
	for kind, want := range map[referral.OutcomeKind]error{
		referral.OutcomeNotFound:    nil,
		referral.OutcomeUnknown:     referral.ErrConflict,
		referral.OutcomeLookupError: referral.ErrConflict,
	} {
		t.Run(string(kind), func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) {
				d := w.draft(t, w.ana, "Contoso Azure migration")
				send := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Unknown, "")
				send = w.lookedUp(t, send, referral.Outcome{Kind: kind})
				_, err := w.Cancel(t.Context(), w.ana, send.ID)
				wantErr(t, "Cancel", err, want)
			})
		})
	}
}

func TestCancelQueued(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.queued(t, w.ana, ownSend(d))
		must(w.Cancel(t.Context(), w.ana, send.ID))(t)
		_, err := w.StartAttempt(t.Context(), send.ID, referral.Attempt{})
		wantErr(t, "StartAttempt", err, referral.ErrConflict)
	})
}
