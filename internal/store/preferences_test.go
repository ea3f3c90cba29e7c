package store_test

import (
	"testing"

	"tandem/internal/referral"
)

// TestPreferences keeps each person's own.
func TestPreferences(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		wantSame(t, "before", must(w.Preferences(ctx, w.ana))(t), referral.Preferences{})
		for _, p := range []referral.Preferences{{Currency: "GBP"},
			{Currency: "EUR", Locale: "de-de", Phone: "+49 30 901820", Zone: "Europe/Berlin"}} {
			wantErr(t, "save", w.SavePreferences(ctx, w.ana, p), nil)
			wantSame(t, "saved", must(w.Preferences(ctx, w.ana))(t), p)
		}
		wantSame(t, "another's", must(w.Preferences(ctx, w.bo))(t), referral.Preferences{})
		wantErr(t, "nobody's", w.SavePreferences(ctx, referral.Caller{}, referral.Preferences{}),
			referral.ErrNotFound)
	})
}
