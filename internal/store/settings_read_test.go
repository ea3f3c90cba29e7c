package store_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestSettingsInMemory sees each change at once on every replica, and what no Tandem of this
// version changed within a minute.
func TestSettingsInMemory(t *testing.T) {
	for name, fresh := range map[string]func(testing.TB) string{
		"sqlite": newFile, "postgres": newDatabase,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, place := t.Context(), fresh(t)
			w := newWorld(t, place)
			other := open(t, at(place, w.clock.Now))
			const kind = referral.OwnSolutions
			solutions := func() int { return len(must(other.Settings(ctx, w.ana))(t).Of(kind)) }
			wantSame(t, "at first", solutions(), 0)
			must(w.AddEntries(ctx, w.admin, []referral.Entry{solution("SOL-1-A")}))(t)
			wantSame(t, "after one was added", solutions(), 1)
			mine := must(other.Settings(ctx, w.ana))(t)
			mine.Entries[0].Name = "not stored"
			e := must(other.Settings(ctx, w.ana))(t).Of(kind)[0]
			wantSame(t, "the same list", must(w.Settings(ctx, w.ana))(t).Entries[0].Name,
				must(other.Settings(ctx, w.ana))(t).Entries[0].Name)
			e.Name = "Supply chain"
			wantErr(t, "change", w.SaveEntry(ctx, w.admin, e, referral.SettingsChanged), nil)
			wantSame(t, "name", must(other.Settings(ctx, w.ana))(t).NameOf(kind, e.Code), e.Name)
			wantErr(t, "organisation", w.SaveOrganization(ctx, w.admin, "msft-mpn-1"), nil)
			wantSame(t, "organisation", must(other.Settings(ctx, w.ana))(t).OrganizationID,
				"msft-mpn-1")
			w.exec(t, `DELETE FROM entries WHERE kind = $1`, kind)
			w.clock.pass(time.Minute)
			wantSame(t, "after a minute", solutions(), 0)
		})
	}
}
