package practice_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

func names(refs []partnercenter.Referral) []string {
	var list []string
	for _, ref := range refs {
		list = append(list, ref.Name)
	}
	return list
}

// fill stores n referrals named 000, 001, …, a minute apart.
func (a *api) fill(t *testing.T, call partnercenter.Call, n int) {
	t.Helper()
	for i := range n {
		a.create(t, call, edit(sample(t), "name", fmt.Sprintf("%03d", i)))
		a.clock.Add(time.Second)
	}
}

func TestListFilters(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	a.create(t, call, edit(sample(t), "name", "first"))
	a.clock.Add(30 * time.Minute)
	de := edit(sample(t), "customerProfile.address.country", "DE")
	de["team"].([]any)[0].(object)["email"] = "pat.o'hara and co@northbridge.example"
	a.create(t, call, edit(edit(de, "name", "second"), "type", "Independent"))
	later := a.clock.Now()
	for filter, want := range map[partnercenter.Filter][]string{
		partnercenter.Eq("status", "active"):                             {"first", "second"},
		partnercenter.Eq("type", "Independent"):                          {"second"},
		partnercenter.Eq("customerProfile/address/country", "US"):        {"first"},
		partnercenter.Eq("direction", "Incoming"):                        nil,
		partnercenter.Since("updatedDateTime", later):                    {"second"},
		"updatedDateTime lt 2026-03-03T10:30:00Z":                        {"first"},
		"updatedDateTime eq 2026-03-03T10:30:00Z":                        {"second"},
		"updatedDateTime gt 2026-03-03T10:30:00Z":                        nil,
		"updatedDateTime le 2026-03-03T10:30:00Z":                        {"first", "second"},
		partnercenter.TeamEmail("Pat.O'Hara and co@northbridge.example"): {"second"},
		partnercenter.And(partnercenter.Eq("type", "Shared"),
			partnercenter.TeamEmail("john.doe@microsoft.com")): {"first"},
		partnercenter.And(partnercenter.Eq("type", "Shared"),
			partnercenter.Eq("customerProfile/address/country", "DE")): nil,
	} {
		page, err := a.client.List(t.Context(), call, partnercenter.Query{Filter: filter})
		if err != nil {
			t.Errorf("%s: %v, %s", filter, err, a.note())
			continue
		}
		if diff := cmp.Diff(want, names(page.Value)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter, diff)
		}
	}
}

func TestListRefusesWhatTheServiceDoesNotDocument(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	for name, q := range map[string]partnercenter.Query{
		"field":      {Filter: partnercenter.Eq("externalReferenceId", "x")},
		"or":         {Filter: "status eq 'New' or status eq 'Active'"},
		"operator":   {Filter: "status gt 'New'"},
		"quote":      {Filter: "status eq 'New"},
		"date":       {Filter: "updatedDateTime ge yesterday"},
		"collection": {Filter: "team/any(t:x/email eq 'a')"},
		"order":      {OrderBy: "name desc"},
		"direction":  {OrderBy: "createdDateTime up"},
		"skip token": {Next: "$skip=many"},
	} {
		_, err := a.client.List(t.Context(), call, q)
		if err == nil || status(t, err) != 400 {
			t.Errorf("%s: %v, want 400", name, err)
		}
	}
}

func TestListOrdersSelectsAndSkips(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	a.fill(t, call, 4)
	first := a.sim.Referrals()[0]
	if err := a.sim.Change(first.ID, partnercenter.Replace("/salesStage", "x")); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		query partnercenter.Query
		want  []string
	}{
		"newest": {partnercenter.Query{OrderBy: "createdDateTime desc", Top: 2}, []string{"003", "002"}},
		"oldest": {partnercenter.Query{OrderBy: "createdDateTime asc", Top: 2}, []string{"000", "001"}},
		"updated": {partnercenter.Query{OrderBy: "updatedDateTime desc", Top: 2},
			[]string{"000", "003"}},
		"skipped": {partnercenter.Query{Next: "$skip=3"}, []string{"003"}},
	} {
		page, err := a.client.List(t.Context(), call, tc.query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, names(page.Value)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if page.Count != 4 {
			t.Errorf("%s counts %d", name, page.Count)
		}
	}
	q := partnercenter.Query{Select: []string{"name"}, Top: 1}
	page, err := a.client.List(t.Context(), call, q)
	if err != nil {
		t.Fatal(err)
	}
	want := object{"id": first.ID, "name": "000"}
	if diff := cmp.Diff(want, decode(t, page.Value[0].Raw)); diff != "" {
		t.Errorf("selected (-want +got):\n%s", diff)
	}
}

func TestPagesFollowTheMisleadingNextLink(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, mei)
	a.fill(t, call, 230)
	for name, tc := range map[string]struct {
		query partnercenter.Query
		pages []int
		first string
	}{
		"all":    {partnercenter.Query{}, []int{100, 100, 30}, "000"},
		"newest": {partnercenter.Query{OrderBy: "createdDateTime desc"}, []int{100, 100, 30}, "229"},
		"filtered": {partnercenter.Query{Filter: partnercenter.Eq("status", "Closed")},
			[]int{0}, ""},
		"top 150": {partnercenter.Query{Top: 150}, []int{100, 50}, "000"},
		"top 100": {partnercenter.Query{Top: 100}, []int{100}, "000"},
	} {
		t.Run(name, func(t *testing.T) {
			var sizes []int
			var all []partnercenter.Referral
			q := tc.query
			for {
				page, err := a.client.List(t.Context(), call, q)
				if err != nil {
					t.Fatal(err)
				}
				sizes, all = append(sizes, len(page.Value)), append(all, page.Value...)
				if page.Next == "" {
					break
				}
				q = partnercenter.Query{Next: page.Next}
			}
			if diff := cmp.Diff(tc.pages, sizes); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			seen := map[string]bool{}
			for _, ref := range all {
				seen[ref.ID] = true
			}
			if len(seen) != len(all) || len(all) > 0 && all[0].Name != tc.first {
				t.Errorf("%d different of %d, starting with %s", len(seen), len(all), all[0].Name)
			}
		})
	}
}
