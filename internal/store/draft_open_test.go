package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestOpenDraft holds what a page is made of against what each part of it is by itself.
func TestOpenDraft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx, d := t.Context(), w.draft(t, w.ana, "Contoso Azure migration")
		w.keep(t, w.ana, typed(d.ID, "customer", "Cont"))
		last := referral.Last{Country: "DE", Currency: "EUR"}
		wantErr(t, "SaveLast", w.SaveLast(ctx, w.ana.UserID, last), nil)
		must(w.AddEntries(ctx, w.admin, []referral.Entry{solution("SOL-1-A")}))(t)

		open := must(w.OpenDraft(ctx, w.ana, d.ID, referral.StepCustomer))(t)
		one := must(w.Typed(ctx, w.ana, d.ID, "customer"))(t)
		wantSame(t, "open", open, referral.OpenDraft{Draft: d, Last: last, Typed: &one,
			Settings: must(w.Settings(ctx, w.ana))(t)})
		must(w.AddEntries(ctx, w.admin, []referral.Entry{solution("SOL-2-B")}))(t)
		open = must(w.OpenDraft(ctx, w.ana, d.ID, referral.StepDeal))(t)
		wantSame(t, "typed on another page", open.Typed, (*referral.Typed)(nil))
		wantSame(t, "solutions", len(open.Settings.Of(referral.OwnSolutions)), 2)

		open = must(w.OpenDraft(ctx, w.admin, d.ID, referral.StepCustomer))(t)
		wantSame(t, "an admin's", open, referral.OpenDraft{Draft: d,
			Settings: must(w.Settings(ctx, w.ana))(t)})
		for _, id := range []string{d.ID, "nothing", "\x00"} {
			_, err := w.OpenDraft(ctx, w.bo, id, referral.StepCustomer)
			wantErr(t, "another's", err, referral.ErrNotFound)
		}
		wantErr(t, "DeleteDraft", w.DeleteDraft(ctx, w.ana, d.ID), nil)
		_, err := w.OpenDraft(ctx, w.ana, d.ID, referral.StepCustomer)
		if deleted := (*referral.DeletedError)(nil); !errors.As(err, &deleted) {
			t.Errorf("a deleted draft: %v", err)
		}
	})
}

// TestIDsAreInOrder sees that ids of a later millisecond come later.
func TestIDsAreInOrder(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var ids []string
		for range 10 {
			ids = append(ids, w.draft(t, w.ana, "Contoso").ID)
			w.clock.pass(time.Millisecond)
		}
		if !slices.IsSorted(ids) {
			t.Errorf("ids %q", ids)
		}
	})
}
