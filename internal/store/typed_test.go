package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/referral"
)

// typed is a page of the subject with some text in it.
func typed(subject, page, text string) referral.Typed {
	return referral.Typed{Subject: subject, Page: page, Form: "customerProfile.name=" + text}
}

func (w *world) keep(t *testing.T, c referral.Caller, x referral.Typed) {
	t.Helper()
	if err := w.SaveTyped(t.Context(), c, x); err != nil {
		t.Fatal(err)
	}
}

// wantTyped fails unless these are all that the caller typed about the subject, oldest first.
func (w *world) wantTyped(t *testing.T, c referral.Caller, subject string, want ...referral.Typed) {
	t.Helper()
	got := must(w.AllTyped(t.Context(), c, subject))(t)
	noTime := cmpopts.IgnoreFields(referral.Typed{}, "At")
	if diff := cmp.Diff(want, got, noTime, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("typed (-want +got):\n%s", diff)
	}
}

func TestTyped(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx, d := t.Context(), w.draft(t, w.ana, "Contoso Azure migration")
		other := w.draft(t, w.ana, "Another")
		w.keep(t, w.ana, typed(d.ID, "customer", "Cont"))
		w.keep(t, w.ana, typed(d.ID, "deal", "50000"))
		w.keep(t, w.ana, typed(d.ID, "customer", "Contoso & Söhne"))
		w.keep(t, w.ana, typed(other.ID, "customer", "Other"))
		w.wantTyped(t, w.ana, d.ID, typed(d.ID, "deal", "50000"),
			typed(d.ID, "customer", "Contoso & Söhne"))
		one := must(w.Typed(ctx, w.ana, d.ID, "deal"))(t)
		if age := w.clock.Now().Sub(one.At); age < 0 || age > time.Second {
			t.Errorf("kept at %v", one.At)
		}
		wantSame(t, "draft", must(w.Draft(ctx, w.ana, d.ID))(t), d)

		for range 2 {
			if err := w.DeleteTyped(ctx, w.ana, d.ID, "deal"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.Typed(ctx, w.ana, d.ID, "deal")
		wantErr(t, "Typed", err, referral.ErrNotFound)
		if err := w.DeleteDraft(ctx, w.ana, d.ID); err != nil {
			t.Fatal(err)
		}
		w.wantTyped(t, w.ana, d.ID)
		w.wantTyped(t, w.ana, other.ID, typed(other.ID, "customer", "Other"))
	})
}

// What one person types is nobody else's, and is only about what is his own.
func TestTypedIsOnesOwn(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx, d := t.Context(), w.draft(t, w.ana, "Contoso Azure migration")
		sent := w.accepted(t, w.ana, w.draft(t, w.ana, "Sent"))
		w.keep(t, w.ana, typed(d.ID, "customer", "Contoso"))
		w.keep(t, w.ana, typed(sent.ReferralID, "connect", "Demo"))
		w.keep(t, w.ana, typed("", "new", "cosell"))
		for name, c := range map[string]referral.Caller{"another": w.bo, "an admin": w.admin} {
			for _, subject := range []string{d.ID, sent.ReferralID, "nothing", "\x00"} {
				err := w.SaveTyped(ctx, c, typed(subject, "customer", "Stolen"))
				wantErr(t, name+": SaveTyped", err, referral.ErrNotFound)
			}
			_, err := w.Typed(ctx, c, d.ID, "customer")
			wantErr(t, name+": Typed", err, referral.ErrNotFound)
			w.wantTyped(t, c, d.ID)
			w.wantTyped(t, c, "")
			if err := w.DeleteTyped(ctx, c, d.ID, "customer"); err != nil {
				t.Error(err)
			}
		}
		w.wantTyped(t, w.ana, d.ID, typed(d.ID, "customer", "Contoso"))
		err := w.SaveTyped(ctx, w.ana, typed(d.ID, "customer", strings.Repeat("x", 256<<10)))
		wantErr(t, "SaveTyped", err, referral.ErrInvalid)
	})
}

func (w *world) stash(t *testing.T, hash, userID string, x referral.Typed) {
	t.Helper()
	if err := w.Stash(t.Context(), []byte(hash), userID, x); err != nil {
		t.Fatal(err)
	}
}

func (w *world) unstash(t *testing.T, hash, userID string) {
	t.Helper()
	if err := w.Unstash(t.Context(), []byte(hash), userID); err != nil {
		t.Fatal(err)
	}
}

func TestStash(t *testing.T) {
	const secret, another = "hash", "another hash"
	tests := map[string]struct {
		// before is what happens before ana signs in with the hash.
		before func(t *testing.T, w *world, d referral.Draft)
		hash   string
		kept   bool
	}{
		"same person":    {hash: secret, kept: true},
		"another secret": {hash: another},
		"no secret":      {hash: ""},
		"replayed": {hash: secret, before: func(t *testing.T, w *world, d referral.Draft) {
			w.unstash(t, secret, w.ana.UserID)
			if err := w.DeleteTyped(t.Context(), w.ana, d.ID, "customer"); err != nil {
				t.Fatal(err)
			}
		}},
		"after another person": {hash: secret, before: func(t *testing.T, w *world, d referral.Draft) {
			w.unstash(t, secret, w.bo.UserID)
			w.wantTyped(t, w.bo, d.ID)
		}},
		"just in time": {hash: secret, kept: true,
			before: func(_ *testing.T, w *world, _ referral.Draft) { w.clock.pass(59 * time.Minute) }},
		"too late": {hash: secret,
			before: func(_ *testing.T, w *world, _ referral.Draft) { w.clock.pass(time.Hour) }},
		"swept in time": {hash: secret, kept: true, before: func(t *testing.T, w *world, _ referral.Draft) {
			w.clock.pass(59 * time.Minute)
			if err := w.DeleteOldTyped(t.Context()); err != nil {
				t.Fatal(err)
			}
		}},
		"draft deleted": {hash: secret, before: func(t *testing.T, w *world, d referral.Draft) {
			if err := w.DeleteDraft(t.Context(), w.ana, d.ID); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			forEach(t, func(t *testing.T, w *world) {
				d := w.draft(t, w.ana, "Contoso Azure migration")
				w.stash(t, secret, w.ana.UserID, typed(d.ID, "customer", "Contoso"))
				if tt.before != nil {
					tt.before(t, w, d)
				}
				w.unstash(t, tt.hash, w.ana.UserID)
				if !tt.kept {
					w.wantTyped(t, w.ana, d.ID)
					return
				}
				want := typed(d.ID, "customer", "Contoso")
				want.SignedOut = true
				w.wantTyped(t, w.ana, d.ID, want)
			})
		})
	}
}

// Nobody can plant a page about something that is not the signed-in person's.
func TestStashAboutAnothers(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		w.stash(t, "hash", w.bo.UserID, typed(d.ID, "customer", "Planted"))
		w.stash(t, "hash", w.bo.UserID, typed("", "new", "cosell"))
		w.unstash(t, "hash", w.bo.UserID)
		w.wantTyped(t, w.ana, d.ID)
		w.wantTyped(t, w.bo, d.ID)
		wantSame(t, "others", len(must(w.AllTyped(t.Context(), w.bo, ""))(t)), 1)
	})
}

func TestStashIsBounded(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		err := w.Stash(t.Context(), []byte("hash"), w.ana.UserID,
			typed("", "new", strings.Repeat("x", 256<<10)))
		wantErr(t, "Stash", err, referral.ErrInvalid)
		for i := range 30 {
			w.stash(t, "hash", w.ana.UserID, typed("", fmt.Sprintf("page-%02d", i), "x"))
		}
		w.stash(t, "hash of another", w.bo.UserID, typed("", "new", "x"))
		w.unstash(t, "hash", w.ana.UserID)
		all := must(w.AllTyped(t.Context(), w.ana, ""))(t)
		if len(all) != 20 || all[0].Page != "page-10" {
			t.Errorf("%d pages, from %s", len(all), all[0].Page)
		}
	})
}

// What waits cannot be read in the database, nor once its key is gone.
func TestStashIsSealed(t *testing.T) {
	place := filepath.Join(t.TempDir(), "tandem.db")
	w := newWorld(t, place)
	w.stash(t, "hash", w.ana.UserID, typed("", "new", "Contoso"))
	var sealed []byte
	err := w.Writer().QueryRow(`SELECT sealed FROM stashes`).Scan(&sealed)
	if err != nil || bytes.Contains(sealed, []byte("Contoso")) {
		t.Errorf("stored %q, %v", sealed, err)
	}
	o := at(place, w.clock.Now)
	o.Keys = keys(t, 'b')
	later := open(t, o)
	if err := later.Unstash(t.Context(), []byte("hash"), w.ana.UserID); err != nil {
		t.Fatal(err)
	}
	if all := must(later.AllTyped(t.Context(), w.ana, ""))(t); len(all) != 0 {
		t.Errorf("another key gave %v", all)
	}
}

func TestDeleteOldTyped(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.stash(t, "hash", w.ana.UserID, typed("", "new", "x"))
		w.keep(t, w.ana, typed("", "old", "x"))
		w.clock.pass(90 * 24 * time.Hour)
		w.keep(t, w.ana, typed("", "recent", "x"))
		if err := w.DeleteOldTyped(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantTyped(t, w.ana, "", typed("", "recent", "x"))
		var n int
		err := w.Writer().QueryRow(`SELECT COUNT(*) FROM stashes`).Scan(&n)
		if err != nil || n != 0 {
			t.Errorf("%d stashes are left, %v", n, err)
		}
	})
}

// TestUnstashTogether signs in from several windows at once: the page comes back once.
func TestUnstashTogether(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		w.stash(t, "hash", w.ana.UserID, typed(d.ID, "customer", "Contoso"))
		together(8, func() {
			if err := w.Unstash(t.Context(), []byte("hash"), w.ana.UserID); err != nil {
				t.Error(err)
			}
		})
		wantSame(t, "pages", len(must(w.AllTyped(t.Context(), w.ana, d.ID))(t)), 1)
	})
}
