package store_test

import (
	"testing"

	"tandem/internal/referral"
)

func TestSignInKeepsID(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		first := referral.User{Key: "tid:dora", Name: "Dora", GivenName: "Dora",
			FamilyName: "Weiss", Email: "dora@contoso.example", LoginHint: "hint", Admin: true}
		stored := must(w.SignIn(t.Context(), first))(t)
		if len(stored.ID) != 26 {
			t.Errorf("id %q", stored.ID)
		}
		second := first
		second.Name, second.Email, second.Admin = "Dora Weiss", "", false
		again := must(w.SignIn(t.Context(), second))(t)
		second.ID = stored.ID
		wantSame(t, "second sign-in", again, second)
		wantSame(t, "User", must(w.User(t.Context(), stored.ID))(t), second)
		_, err := w.User(t.Context(), "nobody")
		wantErr(t, "User", err, referral.ErrNotFound)
	})
}

func TestLast(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		wantSame(t, "before", must(w.Last(t.Context(), w.ana.UserID))(t), referral.Last{})
		last := referral.Last{Country: "DE", Currency: "EUR", Locale: "de-de", Phone: "+49 30 1"}
		if err := w.SaveLast(t.Context(), w.ana.UserID, last); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "after", must(w.Last(t.Context(), w.ana.UserID))(t), last)
		wantSame(t, "another's", must(w.Last(t.Context(), w.bo.UserID))(t), referral.Last{})
		wantErr(t, "SaveLast", w.SaveLast(t.Context(), "nobody", last), referral.ErrNotFound)
	})
}
