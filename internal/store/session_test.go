package store_test

import (
	"errors"
	"testing"
	"time"

	"tandem/internal/referral"
)

func TestSessionLimits(t *testing.T) {
	hash := []byte("hash")
	steps := func(n int, d time.Duration) []time.Duration {
		all := make([]time.Duration, n)
		for i := range all {
			all[i] = d
		}
		return all
	}
	for name, test := range map[string]struct {
		lifetime time.Duration
		// requests are the pauses before each request.
		requests []time.Duration
		over     bool
	}{
		"fresh":         {requests: steps(1, 0)},
		"within idle":   {requests: steps(1, 12*time.Hour-time.Minute)},
		"idle":          {requests: steps(1, 12*time.Hour+time.Minute), over: true},
		"kept alive":    {requests: steps(6, 11*time.Hour)},
		"short pauses":  {requests: steps(300, 4*time.Minute)},
		"past absolute": {requests: steps(16, 11*time.Hour), over: true},
		"own lifetime": {
			lifetime: time.Hour, requests: steps(2, 31*time.Minute), over: true},
		"lifetime past absolute": {
			lifetime: 999 * time.Hour, requests: steps(16, 11*time.Hour), over: true},
	} {
		t.Run(name, func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) {
				err := w.CreateSession(t.Context(), hash, w.ana.UserID, "", test.lifetime)
				for _, pause := range test.requests {
					if err != nil {
						t.Fatal(err)
					}
					w.clock.pass(pause)
					_, err = w.Session(t.Context(), hash)
				}
				if test.over {
					wantErr(t, "Session", err, referral.ErrNotFound)
				} else if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestSession(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		hash := []byte("hash")
		err := w.CreateSession(t.Context(), hash, w.admin.UserID, "id-token", 0)
		if err != nil {
			t.Fatal(err)
		}
		w.draft(t, w.ana, "Another's")
		w.accepted(t, w.admin, w.draft(t, w.admin, "Sent"))
		w.draft(t, w.admin, "Open")
		gone := w.draft(t, w.admin, "Deleted")
		if err := w.DeleteDraft(t.Context(), w.admin, gone.ID); err != nil {
			t.Fatal(err)
		}
		got := must(w.Session(t.Context(), hash))(t)
		got.Left, got.Idle = 0, 0
		wantSame(t, "user", got, referral.SignedIn{
			User: must(w.User(t.Context(), w.admin.UserID))(t), Drafts: 1})
		wantSame(t, "ID token", must(w.SessionIDToken(t.Context(), hash))(t), "id-token")
		for range 2 {
			if err := w.DeleteSession(t.Context(), hash); err != nil {
				t.Fatal(err)
			}
		}
		_, err = w.Session(t.Context(), hash)
		wantErr(t, "Session", err, referral.ErrNotFound)
		_, err = w.SessionIDToken(t.Context(), hash)
		wantErr(t, "SessionIDToken", err, referral.ErrNotFound)
	})
}

func TestDeleteExpired(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		for _, hash := range []string{"old", "older"} {
			err := w.CreateSession(t.Context(), []byte(hash), w.ana.UserID, "", 0)
			if err != nil {
				t.Fatal(err)
			}
		}
		w.clock.pass(13 * time.Hour)
		if err := w.CreateSession(t.Context(), []byte("new"), w.ana.UserID, "", 0); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "deleted", must(w.DeleteExpired(t.Context()))(t), 2)
		must(w.Session(t.Context(), []byte("new")))(t)
	})
}

// TestSessionLeft tells how long a session lasts, as far as it is known without writing, and
// lengthens it up to its absolute limit.
func TestSessionLeft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		hash, idle, ctx := []byte("hash"), []byte("idle"), t.Context()
		if err := errors.Join(w.CreateSession(ctx, hash, w.ana.UserID, "", 20*time.Hour),
			w.CreateSession(ctx, idle, w.ana.UserID, "", 0)); err != nil {
			t.Fatal(err)
		}
		about := func(what string, got, want time.Duration) {
			t.Helper()
			if diff := got - want; diff < -time.Second || diff > time.Second {
				t.Errorf("%s: %v left, want %v", what, got, want)
			}
		}
		u := must(w.Session(ctx, hash))(t)
		about("new", u.Left, 12*time.Hour)
		wantSame(t, "idle", u.Idle, 12*time.Hour)
		w.clock.pass(4 * time.Minute)
		about("not written down", must(w.Session(ctx, hash))(t).Left, 12*time.Hour-4*time.Minute)
		w.clock.pass(6 * time.Minute)
		for range 2 {
			about("watched", must(w.WatchSession(ctx, hash))(t).Left, 12*time.Hour-10*time.Minute)
		}
		about("kept", must(w.KeepSession(ctx, hash))(t), 12*time.Hour)
		about("after keeping", must(w.Session(ctx, hash))(t).Left, 12*time.Hour)
		w.clock.pass(11 * time.Hour)
		about("near its end", must(w.KeepSession(ctx, hash))(t), 9*time.Hour-10*time.Minute)
		w.clock.pass(9 * time.Hour)
		for _, over := range [][]byte{hash, idle} {
			_, err := w.KeepSession(ctx, over)
			wantErr(t, "KeepSession "+string(over), err, referral.ErrNotFound)
		}
	})
}

func TestDraftsAreCountedToAHundred(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		hash := []byte("hash")
		err := w.CreateSession(t.Context(), hash, w.ana.UserID, "", 0)
		wantErr(t, "CreateSession", err, nil)
		for range 102 {
			w.draft(t, w.ana, "Contoso")
		}
		wantSame(t, "drafts", must(w.Session(t.Context(), hash))(t).Drafts, 100)
	})
}
