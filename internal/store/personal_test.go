package store_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// exported is what Export writes for a person.
func (w *world) exported(
	t testing.TB, c referral.Caller, userID string,
) (all map[string]any, text string) {
	t.Helper()
	var out bytes.Buffer
	if err := w.Export(t.Context(), c, userID, &out); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	return all, out.String()
}

func TestExport(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		send := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso sent"))
		w.draft(t, w.ana, "Contoso open")
		w.accepted(t, w.bo, w.draft(t, w.bo, "Fabrikam secret"))
		for _, err := range []error{
			w.SaveToken(ctx, w.ana.UserID, []byte("a token")),
			w.CreateSession(ctx, []byte("hash-of-a-session"), w.ana.UserID, "an ID token", 0),
			w.SaveTyped(ctx, w.ana, referral.Typed{Page: "new", Form: "dealType=private"}),
			w.SaveLast(ctx, w.ana.UserID, referral.Last{Phone: "+44 20 7946 0018"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		all, text := w.exported(t, w.ana, w.ana.UserID)
		counts := map[string]int{}
		for name, list := range all {
			if rows, ok := list.([]any); ok && len(rows) > 0 {
				counts[name] = len(rows)
			}
		}
		wantSame(t, "rows", counts, map[string]int{"profile": 1, "sessions": 1, "tokens": 1,
			"drafts": 2, "typed_and_not_saved": 1, "sends": 1, "attempts": 1, "referrals": 1,
			"events": 5})
		for _, part := range []string{"Ana Silva", "tid:ana", "+44 20 7946 0018", "Contoso open",
			"dealType=private", send.ReferralID, `"raw":` + rawAnswer, `"body":` + rawBody,
			`"created_at":"2026-11-22T09:00:00.`, `"deleted_at":null`} {
			if !strings.Contains(text, part) {
				t.Errorf("it lacks %q:\n%s", part, text)
			}
		}
		for _, part := range []string{"a token", "an ID token", "hash-of", "Fabrikam", "Bo Lind"} {
			if strings.Contains(text, part) {
				t.Errorf("it tells %q", part)
			}
		}
	})
}

// TestExportIsPersonal lets nobody but him and admins have a person's data.
func TestExportIsPersonal(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var out bytes.Buffer
		for name, c := range map[string]referral.Caller{"another rep": w.bo, "nobody": {}} {
			err := w.Export(t.Context(), c, w.ana.UserID, &out)
			wantErr(t, name, err, referral.ErrNotFound)
		}
		err := w.Export(t.Context(), w.admin, "unknown", &out)
		wantErr(t, "nobody's data", err, referral.ErrNotFound)
		wantSame(t, "output", out.String(), "")
		all, _ := w.exported(t, w.admin, w.ana.UserID)
		if !slices.Contains(slices.Collect(maps.Keys(all)), "profile") {
			t.Error("an admin gets no profile")
		}
	})
}
