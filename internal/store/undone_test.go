package store_test

import (
	"errors"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// refused records that Microsoft's answer left a send in a state, so that nothing of it is there.
func (w *world) refused(t testing.TB, name string, state referral.State) referral.Send {
	t.Helper()
	s := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, name)))
	w.record(t, s.ID, store.Result{From: []referral.State{referral.Sending}, State: state,
		Outcome: referral.Outcome{Kind: referral.OutcomeSignIn},
		Attempt: &referral.Attempt{Answer: referral.Answer{Status: 401}}})
	return must(w.Job(t.Context(), s.ID))(t)
}

// TestEndUndone ends what somebody left behind who cannot any more: what may be at Microsoft stays
// unknown and is never sent again, unless Microsoft's answer comes after all.
func TestEndUndone(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		lost := func(name string, state referral.State) referral.Send {
			return w.ended(t, w.sending(t, w.ana, ownSend(w.draft(t, w.ana, name))), state,
				referral.OutcomeSignIn)
		}
		looked := func(name string, kind referral.OutcomeKind) referral.Send {
			return w.lookedUp(t, lost(name, referral.Unknown), referral.Outcome{Kind: kind, Status: 401})
		}
		change := w.changed(t, w.ana, stage(w.atMicrosoft(t, w.ana), "Proposal"))
		w.ends(t, change.ID, referral.NeedsSignIn, referral.OutcomeSignIn, nil)
		want := map[string]referral.Fate{
			w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Queued"))).ID: referral.FateStopped,
			w.refused(t, "Waiting", referral.Waiting).ID:                referral.FateStopped,
			w.refused(t, "Sign in", referral.NeedsSignIn).ID:            referral.FateStopped,
			looked("Not there", referral.OutcomeNotFound).ID:            referral.FateStopped,
			lost("In doubt", referral.NeedsSignIn).ID:                   referral.FateUnknown,
			looked("Not looked up", referral.OutcomeLookupError).ID:     referral.FateUnknown,
			change.ID: referral.FateStopped,
		}
		moving := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Sending")))
		want[moving.ID] = referral.FateLater
		all := map[string]referral.Fate{}
		for _, one := range must(w.Undone(ctx, w.admin, w.ana.UserID))(t) {
			all[one.ID] = one.Fate
		}
		wantSame(t, "fates", all, want)
		if err := w.EndUndone(ctx, w.admin, w.ana.UserID); err != nil {
			t.Fatal(err)
		}
		for id, fate := range want {
			if id != change.ID && fate != referral.FateLater {
				w.wantEnded(t, must(w.Job(ctx, id))(t), fate)
			}
		}
		wantSame(t, "the change", must(w.ChangeJob(ctx, change.ID))(t).State, referral.Cancelled)
		left := must(w.Undone(ctx, w.admin, w.ana.UserID))(t)
		if len(left) != 1 || left[0].ID != moving.ID {
			t.Errorf("left %+v", left)
		}
		wantSame(t, "to settle", len(must(w.Attention(ctx, w.admin))(t)), 0)
		wantSame(t, "needing", len(must(w.NeedingSignIn(ctx, w.ana.UserID))(t)), 0)
		wantErr(t, "erasing", w.ErasePerson(ctx, w.admin, w.ana.UserID), referral.ErrLocked)
		w.ended(t, moving, referral.Rejected, referral.OutcomeInvalid)
		if err := w.ErasePerson(ctx, w.admin, w.ana.UserID); err != nil {
			t.Errorf("erasing: %v", err)
		}
	})
}

// wantEnded fails unless an admin's word is final: only Microsoft's can change it.
func (w *world) wantEnded(t *testing.T, s referral.Send, fate referral.Fate) {
	t.Helper()
	want := referral.Cancelled
	if fate == referral.FateUnknown {
		want = referral.Unknown
	}
	if s.State != want || s.Outcome.Kind != referral.OutcomeEnded {
		t.Errorf("%s is %s with %s, want %s", s.Name, s.State, s.Outcome.Kind, want)
	}
	if s.MayRepeat() || s.MayCancel() || s.LookingUp() || s.AwaitsSignIn() {
		t.Errorf("something may be done with %s", s.Name)
	}
	_, err := w.StartAttempt(t.Context(), s.ID, referral.Attempt{})
	wantErr(t, "sending "+s.Name, err, referral.ErrConflict)
	var kind, by string
	err = w.Writer().QueryRowContext(t.Context(), `
		SELECT kind, user_id FROM events WHERE send_id = $1 ORDER BY id DESC LIMIT 1`, s.ID).
		Scan(&kind, &by)
	if err != nil || kind != referral.EventSendEnded || by != w.admin.UserID {
		t.Errorf("history of %s: %s by %s, %v", s.Name, kind, by, err)
	}
	if s.Name == "Not looked up" {
		w.record(t, s.ID, store.Result{From: []referral.State{referral.Sending, referral.Unknown},
			Attempts: 1, State: referral.Accepted,
			Outcome:  referral.Outcome{Kind: referral.OutcomeAccepted},
			Referral: &referral.Referral{RemoteID: "late", Raw: []byte(rawAnswer)}})
	}
}

// TestEndUndoneIsForAdmins lets nobody else end anything, and an admin not what is his own.
func TestEndUndoneIsForAdmins(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		for c, want := range map[referral.Caller]error{w.bo: referral.ErrNotAdmin,
			w.ana: referral.ErrNotAdmin, {}: referral.ErrNotFound} {
			_, err := w.Undone(t.Context(), c, w.ana.UserID)
			err = errors.Join(err, w.EndUndone(t.Context(), c, w.ana.UserID))
			wantErr(t, "a rep", err, want)
		}
		wantErr(t, "himself", w.EndUndone(t.Context(), w.admin, w.admin.UserID), referral.ErrForbidden)
	})
}
