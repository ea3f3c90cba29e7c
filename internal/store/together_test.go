package store_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// oneWins runs fn twenty times at once: one must come through, and the others must fail with one of
// the errors.
func oneWins(t *testing.T, what string, fn func() error, others ...error) {
	t.Helper()
	var won atomic.Int32
	together(20, func() {
		err := fn()
		if err == nil {
			won.Add(1)
			return
		}
		for _, other := range others {
			if errors.Is(err, other) {
				return
			}
		}
		t.Errorf("%s: %v", what, err)
	})
	wantSame(t, what+" that came through", int(won.Load()), 1)
}

func TestOneOfManyWins(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.draft(t, w.ana, "Contoso Azure migration")
		oneWins(t, "SaveDraft", func() error {
			_, err := w.SaveDraft(ctx, w.ana, d)
			return err
		}, referral.ErrConflict)
		d = must(w.Draft(ctx, w.ana, d.ID))(t)
		wantSame(t, "revision", d.Revision, 2)

		send := w.queued(t, w.ana, ownSend(d))
		oneWins(t, "StartAttempt", func() error {
			_, err := w.StartAttempt(ctx, send.ID, referral.Attempt{})
			return err
		}, referral.ErrConflict)
		wantSame(t, "attempts", len(must(w.Job(ctx, send.ID))(t).Attempts), 1)

		accepted := store.Result{From: []referral.State{referral.Sending},
			State: referral.Accepted, Attempt: &referral.Attempt{},
			Referral: &referral.Referral{RemoteID: "remote", EngagementID: "engagement"}}
		oneWins(t, "Record", func() error { return w.Record(ctx, send.ID, accepted) },
			referral.ErrConflict)
		send = must(w.Job(ctx, send.ID))(t)

		oneWins(t, "SaveConnect", func() error {
			_, err := w.SaveConnect(ctx, w.ana, send.ReferralID, referral.Connect{})
			return err
		}, referral.ErrConflict)
	})
}

// TestQueueAgainstOthers lets a draft be deleted and changed while it is queued. Whoever comes
// first, a draft that is deleted has no send, and a send is of the draft as it stands.
func TestQueueAgainstOthers(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for range 20 {
			d := w.draft(t, w.ana, "Contoso Azure migration")
			var queued, changed, deleted atomic.Bool
			var turn atomic.Int32
			together(3, func() {
				switch turn.Add(1) {
				case 1:
					_, _, err := w.Queue(ctx, w.ana, ownSend(d), enqueued)
					queued.Store(err == nil)
				case 2:
					_, err := w.SaveDraft(ctx, w.ana, d)
					changed.Store(err == nil)
				case 3:
					deleted.Store(w.DeleteDraft(ctx, w.ana, d.ID) == nil)
				}
			})
			if queued.Load() && (changed.Load() || deleted.Load()) {
				t.Errorf("queued, changed %v, deleted %v", changed.Load(), deleted.Load())
			}
		}
	})
}

// TestConnectAgainstSend saves the wizard's answers while they are sent: once the send has them,
// nobody changes them.
func TestConnectAgainstSend(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for range 8 {
			own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
			stop := make(chan struct{})
			var revision int
			var turn atomic.Int32
			together(2, func() {
				if turn.Add(1) == 1 {
					w.queued(t, w.ana, microsoftSend(own))
					revision = must(w.Connect(ctx, w.ana, own.ReferralID))(t).Revision
					close(stop)
					return
				}
				for last := (referral.Connect{}); ; {
					var err error
					if last, err = w.SaveConnect(ctx, w.ana, own.ReferralID, last); err != nil {
						wantErr(t, "SaveConnect", err, referral.ErrLocked)
						<-stop
						return
					}
				}
			})
			wantSame(t, "revision", must(w.Connect(ctx, w.ana, own.ReferralID))(t).Revision, revision)
		}
	})
}

func TestSignInTogether(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var ids [20]string
		var turn atomic.Int32
		together(len(ids), func() {
			u, err := w.SignIn(t.Context(), referral.User{Key: "tid:new", Name: "Dana"})
			if err != nil {
				t.Error(err)
			}
			ids[turn.Add(1)-1] = u.ID
		})
		for _, id := range ids {
			wantSame(t, "id", id, ids[0])
		}
	})
}

// TestUnspeakable asks for what no row can hold.
func TestUnspeakable(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		for _, text := range []string{"\x00", "\xff"} {
			_, err := w.Referral(t.Context(), w.ana, text)
			wantErr(t, "Referral", err, referral.ErrNotFound)
			list, err := w.Referrals(t.Context(), w.ana, referral.Filter{Query: text})
			if err != nil || list.Matching != 0 {
				t.Errorf("Referrals: %+v, %v", list, err)
			}
		}
	})
}

// TestClaimTogether lets people find the same referral at once: it is that of one send.
func TestClaimTogether(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		for i, remote := range []string{"one", "two", "three", "four"} {
			var turn atomic.Int32
			sends := make([]referral.Send, 20)
			for j := range sends {
				c := []referral.Caller{w.ana, w.bo}[(i+j)%2]
				sends[j] = w.ended(t, w.sending(t, c, ownSend(w.draft(t, c, "Contoso"))),
					referral.Unknown, referral.OutcomeUnknown)
			}
			oneWins(t, "Record", func() error {
				return w.Record(t.Context(), sends[turn.Add(1)-1].ID, store.Result{
					From: []referral.State{referral.Unknown}, State: referral.Accepted,
					Unclaimed: true, Referral: &referral.Referral{RemoteID: remote}})
			}, referral.ErrConflict)
		}
	})
}
