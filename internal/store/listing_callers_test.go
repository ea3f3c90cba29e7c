package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestNoListShowsAnothersReferrals asks for the lists of two reps, who share a few deals, with all
// kinds of filters, orders and pages. Each sees rows of his own alone, in the list, in exports and
// in the pipeline, and none is missing: an admin's list has as many as both together.
func TestNoListShowsAnothersReferrals(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		const each, shared = 55, 4
		w.fetched(t, w.ana, append(mixed("ana", each), mixed("both", shared)...)...)
		w.fetched(t, w.bo, append(mixed("bo", each), mixed("both", shared)...)...)
		w.draft(t, w.ana, "ana's draft")
		rnd := rand.New(rand.NewPCG(1, 2))
		filters := []referral.Filter{{}, {Query: "ana"}, {Query: "bo 01"}, {Team: "ana@"}}
		for range 120 {
			filters = append(filters, anyFilter(rnd, w.clock.Now()))
		}
		for _, f := range filters {
			own := w.ownRows(t, w.ana, f)
			if strings.Contains(strings.Join(own, "\n"), "bo ") {
				t.Fatalf("%+v shows ana %q", f, own)
			}
			others := w.ownRows(t, w.bo, f)
			if strings.Contains(strings.Join(others, "\n"), "ana ") {
				t.Fatalf("%+v shows bo %q", f, others)
			}
			own = slices.DeleteFunc(own, func(s string) bool { return strings.HasPrefix(s, "both") })
			all := must(w.Referrals(t.Context(), w.admin, f))(t)
			if got := len(own) + len(others); got != all.Matching && !f.Mine {
				t.Fatalf("%+v leaves %d of ana's and bo's, %d of all", f, got, all.Matching)
			}
		}
		wantSame(t, "bo's counts", must(w.Counts(t.Context(), w.bo))(t),
			referral.Counts{Submitted: each + shared})
	})
}

// TestCounterpart leads a colleague in the deal's team to his own row of it, and nobody else
// anywhere.
func TestCounterpart(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, append(mixed("ana", 1), mixed("both", 1)...)...)
		w.fetched(t, w.bo, mixed("both", 1)...)
		ids := map[string]string{}
		for _, c := range []referral.Caller{w.ana, w.bo} {
			for _, r := range must(w.Referrals(t.Context(), c, referral.Filter{}))(t).Referrals {
				ids[c.UserID+r.Name] = r.ID
			}
		}
		both, anas, bos := "both 00", ids[w.ana.UserID+"ana 00"], ids[w.bo.UserID+"both 00"]
		if anas == "" || bos == "" {
			t.Fatalf("no such rows: %v", ids)
		}
		got := must(w.Counterpart(t.Context(), w.bo, ids[w.ana.UserID+both]))(t)
		wantSame(t, "bo's own", got, bos)
		for _, id := range []string{anas, bos, "none"} {
			_, err := w.Counterpart(t.Context(), w.bo, id)
			wantErr(t, "the counterpart of "+id, err, referral.ErrNotFound)
		}
	})
}

// ownRows are the names of all pages of a list, which the export and the pipeline agree with.
func (w *world) ownRows(t *testing.T, c referral.Caller, f referral.Filter) (rows []string) {
	t.Helper()
	for f.Page = 1; ; f.Page++ {
		list := must(w.Referrals(t.Context(), c, f))(t)
		for _, r := range list.Referrals {
			if r.OwnerID != c.UserID {
				t.Fatalf("%+v shows %s, which is another's", f, r.Name)
			}
			rows = append(rows, r.Name)
		}
		if len(rows) >= list.Matching || len(list.Referrals) == 0 {
			wantSame(t, "matching", len(rows), list.Matching)
			break
		}
	}
	var exported []string
	err := w.EachReferral(t.Context(), c, f, func(r referral.Referral) error {
		exported = append(exported, r.Name)
		return nil
	})
	if err != nil || !slices.Equal(exported, rows) {
		t.Fatalf("%+v exports %q, lists %q: %v", f, exported, rows, err)
	}
	p := must(w.Pipeline(t.Context(), c, f))(t)
	wantSame(t, "in the pipeline", p.Total, len(rows))
	for _, r := range p.Expiring {
		if r.OwnerID != c.UserID {
			t.Fatalf("%+v: %s expires, which is another's", f, r.Name)
		}
	}
	return rows
}

// mixed are referrals of all kinds, as a person's list has them.
func mixed(who string, n int) (all []referral.Referral) {
	standings := []string{"New/Received", "Active/Accepted", "Closed/Won", "New/Pending",
		"Closed/Lost"}
	for i := range n {
		all = append(all, shown(fmt.Sprintf("%s %02d", who, i), func(r *referral.Referral) {
			s := referral.ParseStanding(standings[i%len(standings)])
			r.Status, r.Substatus = s.Status, s.Substatus
			r.Country, r.DealValue = []string{"DE", "US", "CN"}[i%3], fmt.Sprint(i%7*100)
			r.ClosingDate = fmt.Sprintf("2027-%02d-14", i%4+1)
			r.UpdatedAt = r.UpdatedAt.Add(time.Duration(i) * 9 * time.Hour)
			r.ExpiresAt = r.UpdatedAt.AddDate(0, 0, 14)
			r.Team = []string{who + "@northbridge.example", "team@northbridge.example"}
			r.Customer = []string{"Fabrikam", "上海北方电器有限公司"}[i%2]
		}))
	}
	return all
}

// anyFilter uses each filter in one of three lists.
func anyFilter(rnd *rand.Rand, now time.Time) referral.Filter {
	one := func(values ...string) string { return values[rnd.IntN(len(values))] }
	since := []time.Time{{}, {}, now.AddDate(0, 0, -7)}[rnd.IntN(3)]
	return referral.Filter{
		Query:  one("", "", "bo", "ana", "北方", "fabrikam", "eng-both"),
		Status: one("", "", "New", "Active", "Closed", "open"), Microsoft: one("", "", "none"),
		Substatus: one("", "", "Pending", "Won"), Mine: rnd.IntN(9) == 0, UpdatedSince: since,
		ClosesFrom: one("", "", "2027-02-01"), ClosesBefore: one("", "", "2027-03-01"),
		Team: one("", "", "ana@", "bo@", "team@"), Country: one("", "", "DE", "CN"),
		Sort:      one("", "name", "value", "closing", "status", "updated"),
		Ascending: rnd.IntN(2) == 0}
}
