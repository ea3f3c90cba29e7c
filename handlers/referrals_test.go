package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/handlers"
	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestEmptyLists(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	tests := []struct{ path, title string }{
		{"/referrals", "No referrals yet"},
		{"/referrals?tab=attention", "Nothing needs your attention"},
	}
	for _, tt := range tests {
		page := priya.page(tt.path, http.StatusOK)
		if got := page.Text("#empty"); got != tt.title {
			t.Errorf("%s: %q, want %q", tt.path, got, tt.title)
		}
		page.None("table")
		page.One(`main a[href="/drafts/new"]`)
	}
	// Nothing anywhere needs no tabs; a draft does.
	priya.page("/referrals", http.StatusOK).None(".tabs")
	priya.start(referral.CoSell)
	priya.page("/referrals", http.StatusOK).One(".tabs")
	priya.sent(contoso())
	page := priya.page("/referrals?q=nothing-like-it", http.StatusOK)
	if got := page.Text("#empty"); got != "No referrals match these filters" {
		t.Errorf("no match: %q", got)
	}
	if got := page.Text(".emptyb a"); got != "Clear all filters" {
		t.Errorf("no match offers %q", got)
	}
}

// deals sends a deal for each name, with values that grow.
func (p *rep) deals(names ...string) (ids []string) {
	p.site.Helper()
	for i, name := range names {
		a := contoso()
		a.Name, a.Details.DealValue = name, fmt.Sprint(1000*(i+1))
		_, id := p.sent(a)
		ids = append(ids, id)
	}
	return ids
}

func TestListFilters(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	ids := priya.deals("Alpha", "Bravo", "Charlie")
	priya.connect(ids[0], done())
	priya.connect(ids[1], refused())
	tests := []struct {
		query string
		names []string
		chips []string
	}{
		{"sort=name-asc", []string{"Alpha", "Bravo", "Charlie"}, nil},
		{"sort=value", []string{"Charlie", "Bravo", "Alpha"}, nil},
		{"q=bravo", []string{"Bravo"}, []string{"Remove filter Search: bravo", "Clear all"}},
		{"ms=connected", []string{"Alpha"},
			[]string{"Remove filter Microsoft referral: Connected", "Clear all"}},
		{"ms=failed&updated=7", []string{"Bravo"}, []string{
			"Remove filter Microsoft referral: Failed",
			"Remove filter Updated: Last 7 days", "Clear all"}},
		{"owner=me&closing=90&country=US&email=nobody@example.com", nil, []string{
			"Remove filter Owner: Me", "Remove filter Closing date: Next 90 days",
			"Remove filter Team member: nobody@example.com",
			"Remove filter Country: United States", "Clear all"}},
		{"sort=name-asc&closing=past&substatus=Accepted", nil, []string{
			"Remove filter Closing date: Has passed", "Remove filter Substatus: Accepted",
			"Clear all"}},
		{"sort=name-asc&status=Nonsense&ms=x&owner=all&updated=1&country=Atlantis&page=77",
			[]string{"Alpha", "Bravo", "Charlie"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			page := priya.page("/referrals?"+tt.query, http.StatusOK)
			if diff := cmp.Diff(tt.names, page.Texts(".c-name a"), cmpEmpty()); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.chips, page.Texts(".applied li"), cmpEmpty()); diff != "" {
				t.Errorf("chips (-want +got):\n%s", diff)
			}
		})
	}
}

func cmpEmpty() cmp.Option {
	return cmp.Transformer("words", func(s []string) string { return strings.Join(s, "|") })
}

func TestListRow(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	ids := priya.deals("Alpha", "Bravo", "Charlie")
	priya.connect(ids[0], done())
	failed := priya.connect(ids[1], refused())
	page := priya.page("/referrals?sort=name-asc", http.StatusOK)
	want := []string{"Connected Accepted",
		"Failed Try again to create the Microsoft referral for Bravo",
		"Create the Microsoft referral for Charlie"}
	if diff := cmp.Diff(want, page.Texts(`td[data-l="Microsoft referral"]`)); diff != "" {
		t.Errorf("Microsoft's referral (-want +got):\n%s", diff)
	}
	if got := page.Attr(".msfail a", "href"); got != "/sends/"+failed {
		t.Errorf("try again leads to %q", got)
	}
	if got := page.Text("tbody tr:first-child .num"); got != "USD 1,000.00" {
		t.Errorf("value %q", got)
	}
	if got := page.Text("[role=status]"); got != "3 referrals, name from A to Z" {
		t.Errorf("count %q", got)
	}
	if got := page.Attr("th[aria-sort]", "aria-sort"); got != "ascending" {
		t.Errorf("aria-sort %q", got)
	}
	if got := page.Attr("th[aria-sort] a", "href"); got != "/referrals?sort=name" {
		t.Errorf("the other order is at %q", got)
	}
	page.One("#owner")
	ada := site.rep("Ada Admin", true)
	page = ada.page("/referrals", http.StatusOK)
	page.One("#owner")
	if got := page.Text("tbody tr:first-child .c-name span"); !strings.Contains(got, "Priya Raman") {
		t.Errorf("an admin does not see whose it is: %q", got)
	}
	if got := ada.page("/referrals?owner=me", http.StatusOK).Text("#empty"); got !=
		"No referrals match these filters" {
		t.Errorf("owner me: %q", got)
	}
}

func TestListPages(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	var names []string
	for i := range referral.PageSize + 2 {
		names = append(names, fmt.Sprintf("Deal %02d", i))
	}
	priya.deals(names...)
	page := priya.page("/referrals?page=2&sort=name-asc", http.StatusOK)
	if diff := cmp.Diff([]string{"Deal 25", "Deal 26"}, page.Texts(".c-name a")); diff != "" {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
	if got := page.Text("title"); got != "Referrals (page 2 of 2) – Tandem" {
		t.Errorf("title %q", got)
	}
	if got := page.Attr(".pager a[rel=prev]", "href"); got != "/referrals?sort=name-asc" {
		t.Errorf("previous leads to %q", got)
	}
}

func TestNearPages(t *testing.T) {
	for _, tt := range []struct {
		page, last int
		want       []int
	}{
		{1, 1, []int{1}}, {1, 2, []int{1, 2}}, {2, 2, []int{1, 2}}, {4, 4, []int{1, 2, 3, 4}},
		{5, 9, []int{1, 3, 4, 5, 6, 7, 9}}, {1, 4000, []int{1, 2, 3, 4000}},
		{4000, 4000, []int{1, 3998, 3999, 4000}}, {3, 6, []int{1, 2, 3, 4, 5, 6}},
	} {
		if diff := cmp.Diff(tt.want, handlers.NearPages(tt.page, tt.last)); diff != "" {
			t.Errorf("page %d of %d (-want +got):\n%s", tt.page, tt.last, diff)
		}
	}
}

func TestAttentionTab(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	site.attempt(s.ID, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}})
	_, r := priya.sent(contoso())
	priya.connect(r, refused())
	page := priya.page("/referrals?tab=attention", http.StatusOK)
	want := []string{"Someone else is changing it", "Microsoft does not have it"}
	if diff := cmp.Diff(want, page.Texts(`td[data-l="What happened"]`)); diff != "" {
		t.Errorf("what happened (-want +got):\n%s", diff)
	}
	if got := page.All("tbody tr:last-child .c-name a").AttrOr("href", ""); got != "/sends/"+s.ID {
		t.Errorf("link %q", got)
	}
	if got := page.Text(".tabs [aria-current]"); got != "Needs attention 2" {
		t.Errorf("tab %q", got)
	}
}
