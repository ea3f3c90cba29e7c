package store_test

import (
	"testing"

	"tandem/internal/referral"
)

func solution(code string) referral.Entry {
	return referral.Entry{Kind: referral.OwnSolutions, Code: code, Name: "Field service"}
}

// TestSettingsShip sees what an admin finds before he has changed anything.
func TestSettingsShip(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		s := must(w.Settings(t.Context(), w.ana))(t)
		for kind, want := range map[referral.EntryKind]int{referral.OwnSolutions: 0,
			referral.PartnerRoles: 8, referral.SolutionAreas: 3, referral.SolutionPlays: 16} {
			if got := len(s.Of(kind)); got != want {
				t.Errorf("%d %s, want %d", got, kind, want)
			}
		}
		for _, play := range s.Of(referral.SolutionPlays) {
			if _, ok := s.Find(referral.SolutionAreas, play.Area); !ok {
				t.Errorf("%s is of no area: %q", play.Name, play.Area)
			}
		}
	})
}

// TestSettingsAreKept adds, changes, retires and restores, and reads it all in the history.
func TestSettingsAreKept(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx, today := t.Context(), referral.Date{Year: 2026, Month: 11, Day: 22}
		all := []referral.Entry{solution("SOL-1-A"), solution("SOL-2-B"), solution("SOL-1-A")}
		if n := must(w.AddEntries(ctx, w.admin, all))(t); n != 2 {
			t.Errorf("%d added, want 2", n)
		}
		e := must(w.Settings(ctx, w.bo))(t).Of(referral.OwnSolutions)[0]
		e.Name = "Supply chain"
		wantErr(t, "change", w.SaveEntry(ctx, w.admin, e, referral.SettingsChanged), nil)
		wantErr(t, "a change of what was changed",
			w.SaveEntry(ctx, w.admin, e, referral.SettingsChanged), referral.ErrConflict)
		e.Revision++
		double := e
		double.Code = "SOL-2-B"
		wantErr(t, "a code that another has",
			w.SaveEntry(ctx, w.admin, double, referral.SettingsChanged), referral.ErrConflict)
		wantErr(t, "retire",
			w.SaveEntry(ctx, w.admin, e.Retired(today), referral.SettingsRetired), nil)
		for range 2 {
			wantErr(t, "organisation", w.SaveOrganization(ctx, w.admin, "msft-mpn-1"), nil)
		}
		s := must(w.Settings(ctx, w.ana))(t)
		if s.OrganizationID != "msft-mpn-1" || len(s.Offered(referral.OwnSolutions, today)) != 1 ||
			s.NameOf(referral.OwnSolutions, "SOL-1-A") != "Supply chain" {
			t.Errorf("settings: %+v", s.Of(referral.OwnSolutions))
		}
		var did []string
		for _, x := range must(w.SettingsHistory(ctx, w.admin))(t) {
			did = append(did, x.UserName+" "+x.What+" "+x.Before.Name+" > "+x.After.Name)
		}
		wantSame(t, "history", did, []string{
			"Chen Li changed  > msft-mpn-1",
			"Chen Li retired Supply chain > Supply chain",
			"Chen Li changed Field service > Supply chain",
			"Chen Li added  > Field service",
			"Chen Li added  > Field service",
		})
		for _, statement := range []string{`DELETE FROM settings_history`,
			`UPDATE settings_history SET what = ''`} {
			if _, err := w.Writer().ExecContext(ctx, statement); err == nil {
				t.Errorf("%s: no error", statement)
			}
		}
	})
}

// TestAreaKeepsItsPlays changes the code of an area.
func TestAreaKeepsItsPlays(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		s := must(w.Settings(ctx, w.admin))(t)
		security, _ := s.Find(referral.SolutionAreas, "Security")
		security.Code = "SEC"
		wantErr(t, "change", w.SaveEntry(ctx, w.admin, security, referral.SettingsChanged), nil)
		n := 0
		for _, play := range must(w.Settings(ctx, w.admin))(t).Of(referral.SolutionPlays) {
			if play.Area == "SEC" {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%d plays of the area, want 3", n)
		}
	})
}

// TestSettingsAreTheAdmins sees that reps read what the forms need and nothing else.
func TestSettingsAreTheAdmins(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for name, do := range map[string]func(referral.Caller) error{
			"AddEntries": func(c referral.Caller) error {
				_, err := w.AddEntries(ctx, c, []referral.Entry{solution("SOL-1-A")})
				return err
			},
			"SaveEntry": func(c referral.Caller) error {
				return w.SaveEntry(ctx, c, referral.Entry{ID: "role-1", Revision: 1}, "changed")
			},
			"SaveOrganization": func(c referral.Caller) error {
				return w.SaveOrganization(ctx, c, "1")
			},
			"SettingsHistory": func(c referral.Caller) error {
				_, err := w.SettingsHistory(ctx, c)
				return err
			},
			"Suggestions": func(c referral.Caller) error {
				_, err := w.Suggestions(ctx, c)
				return err
			},
		} {
			wantErr(t, name+" by a rep", do(w.ana), referral.ErrForbidden)
			wantErr(t, name+" by nobody", do(referral.Caller{}), referral.ErrNotFound)
		}
		_, err := w.Settings(ctx, referral.Caller{})
		wantErr(t, "Settings by nobody", err, referral.ErrNotFound)
	})
}

// TestSuggestions learns solutions from what was sent and accepted.
func TestSuggestions(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i, body := range []string{
			`{"details":{"requirements":{"solutions":[{"type":"Name","id":"SOL-2-B"},
				{"type":"Category","id":"BigData"}]}}}`,
			`{"details":{"requirements":{"solutions":[{"type":"Name","id":"SOL-2-B"},
				{"type":"Name","id":"SOL-3-C"},{"type":"Name","id":"SOL-1-A"}]}}}`,
			`no JSON`,
		} {
			send := ownSend(w.draft(t, w.ana, "Deal"))
			send.Body = []byte(body)
			w.accept(t, w.sending(t, w.ana, send), "remote-"+string(rune('a'+i)))
		}
		refused := ownSend(w.draft(t, w.ana, "Refused"))
		refused.Body = []byte(`{"details":{"requirements":{"solutions":[{"type":"Name","id":"SOL-9-Z"}]}}}`)
		w.ended(t, w.sending(t, w.ana, refused), referral.Rejected, referral.OutcomeInvalid)
		must(w.AddEntries(ctx, w.admin, []referral.Entry{solution("SOL-1-A")}))(t)
		wantSame(t, "suggestions", must(w.Suggestions(ctx, w.admin))(t), []referral.Suggestion{
			{Code: "SOL-2-B", Count: 2}, {Code: "SOL-3-C", Count: 1}})
	})
}
