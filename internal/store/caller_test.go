package store_test

import (
	"testing"

	"tandem/internal/referral"
)

// TestCallers sees who may do what: another rep gets nothing anywhere, an admin reads and does not
// write.
func TestCallers(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.draft(t, w.ana, "Contoso Azure migration")
		sent := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso sent"))
		needing := w.ended(t, w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso waits"))),
			referral.NeedsSignIn, referral.OutcomeSignIn)
		id := sent.ReferralID
		for name, test := range map[string]struct {
			do func(referral.Caller) error
			// admin is what an admin gets.
			admin error
		}{
			"Draft": {func(c referral.Caller) error {
				_, err := w.Draft(ctx, c, d.ID)
				return err
			}, nil},
			"Send": {func(c referral.Caller) error {
				_, err := w.Send(ctx, c, sent.ID)
				return err
			}, nil},
			"Referral": {func(c referral.Caller) error {
				_, err := w.Referral(ctx, c, id)
				return err
			}, nil},
			"Pair": {func(c referral.Caller) error {
				_, _, err := w.Pair(ctx, c, id)
				return err
			}, nil},
			"History": {func(c referral.Caller) error {
				_, err := w.History(ctx, c, id)
				return err
			}, nil},
			"Connect": {func(c referral.Caller) error {
				_, err := w.Connect(ctx, c, id)
				return err
			}, nil},
			"SaveDraft": {func(c referral.Caller) error {
				_, err := w.SaveDraft(ctx, c, d)
				return err
			}, referral.ErrForbidden},
			"DeleteDraft": {func(c referral.Caller) error {
				return w.DeleteDraft(ctx, c, d.ID)
			}, referral.ErrForbidden},
			"Queue own": {func(c referral.Caller) error {
				_, _, err := w.Queue(ctx, c, ownSend(d), enqueued)
				return err
			}, referral.ErrForbidden},
			"Queue Microsoft": {func(c referral.Caller) error {
				_, _, err := w.Queue(ctx, c, microsoftSend(sent), enqueued)
				return err
			}, referral.ErrForbidden},
			"Requeue": {func(c referral.Caller) error {
				_, err := w.Requeue(ctx, c, needing.ID, in(needing.State), enqueued)
				return err
			}, referral.ErrForbidden},
			"Cancel": {func(c referral.Caller) error {
				_, err := w.Cancel(ctx, c, needing.ID)
				return err
			}, referral.ErrForbidden},
			"SaveConnect": {func(c referral.Caller) error {
				_, err := w.SaveConnect(ctx, c, id, referral.Connect{})
				return err
			}, referral.ErrForbidden},
		} {
			wantErr(t, name+" by another rep", test.do(w.bo), referral.ErrNotFound)
			wantErr(t, name+" by nobody", test.do(referral.Caller{}), referral.ErrNotFound)
			wantErr(t, name+" by an admin", test.do(w.admin), test.admin)
		}
		wantSame(t, "draft", must(w.Draft(ctx, w.ana, d.ID))(t), d)
		wantSame(t, "send", must(w.Send(ctx, w.ana, needing.ID))(t), needing)
	})
}
