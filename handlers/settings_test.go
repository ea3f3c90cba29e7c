package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// mei is an administrator.
func mei() referral.User {
	return referral.User{Key: "tid:mei", Name: "Mei Lin", GivenName: "Mei", FamilyName: "Lin",
		Email: "mei.lin@northbridge.example", Admin: true}
}

// entry is the settings' entry of a list by its name.
func (b *browser) entry(k referral.EntryKind, name string) referral.Entry {
	b.t.Helper()
	s := must(b.site.Settings(b.t.Context(), b.user.Caller()))(b.t)
	for _, e := range s.Of(k) {
		if e.Name == name {
			return e
		}
	}
	b.t.Fatalf("no %s %q", k, name)
	return referral.Entry{}
}

func TestSettingsBeginWithWhatShips(t *testing.T) {
	b := newSite(t).signIn(t, mei())
	page := b.get("/settings").want(http.StatusOK)
	page.Sound()
	want := []string{"0 offered, 0 retired", "8 offered, 0 retired", "3 offered, 0 retired",
		"16 offered, 0 retired"}
	if got := page.Texts(".setlists .dim"); !slices.Equal(got, want) {
		t.Errorf("lists %q, want %q", got, want)
	}
	for _, k := range referral.EntryKinds() {
		b.get("/settings/" + string(k)).want(http.StatusOK).Sound()
	}
	b.get("/settings/colours").want(http.StatusNotFound)
}

// TestSettingsAreEdited goes through what an administrator does with one entry.
func TestSettingsAreEdited(t *testing.T) {
	b := newSite(t).signIn(t, mei())
	const list = "/settings/solutions"
	b.post(list, b.get(list).fill("name", "Field service", "code", "SOL-34104-EBB")).leadsTo(list)
	e := b.entry(referral.OwnSolutions, "Field service")
	path := list + "/" + e.ID
	page := b.get(path).want(http.StatusOK)
	page.Sound()
	b.post(path, page.form()).leadsTo(list) // as it is: nothing for the history
	b.post(path, page.fill("name", "Field service AI", "until.day", "30", "until.month", "6",
		"until.year", "2027")).leadsTo(list)
	stale := b.post(path, page.fill("name", "Too late")).want(http.StatusConflict)
	stale.Sound()
	wrong := b.post(path, page.fill("name", "")).want(http.StatusUnprocessableEntity)
	b.post(path, wrong.fill("name", "Still too late")).want(http.StatusConflict)
	b.post(path+"/retire", nil).leadsTo(list)
	b.post(path+"/retire", nil).leadsTo(list)
	if got := b.get(list).Text("tbody .ds-tag"); got != "Retired" {
		t.Errorf("a retired solution is %q", got)
	}
	b.post(path+"/restore", nil).leadsTo(list)
	did := b.get("/settings").Texts("#history, .sum dd")
	const last = "Last day it is offered: "
	want := []string{"History",
		"Restored: Field service AI – Solutions, Mei Lin " + last + "21 November 2026 → –",
		"Retired: Field service AI – Solutions, Mei Lin " + last + "30 June 2027 → 21 November 2026",
		"Changed: Field service AI – Solutions, Mei Lin Name: Field service → Field service AI" +
			last + "– → 30 June 2027",
		"Added: Field service – Solutions, Mei Lin"}
	if !slices.Equal(did, want) {
		t.Errorf("history:\n%s\nwant:\n%s", strings.Join(did, "\n"), strings.Join(want, "\n"))
	}
	b.post(list, b.get(list).fill("name", "Next year", "code", "SOL-1-A", "from.year", "2099",
		"from.month", "1", "from.day", "1")).leadsTo(list)
	if got := b.get(list).Text("tr:contains('Next year') .ds-tag"); got != "Offered later" {
		t.Errorf("a solution of next year is %q", got)
	}
}

func TestSettingsRefuseWhatCannotBe(t *testing.T) {
	b := newSite(t).signIn(t, mei())
	for name, test := range map[string]struct {
		path  string
		pairs []string
		want  string
	}{
		"a solution without id": {"/settings/solutions", []string{"name", "A", "code", "x y"},
			"Enter a solution ID, like SOL-34104-EBB"},
		"a play without area": {"/settings/solution-plays", []string{"name", "New play"},
			"Select the solution area"},
		"a pasted play without area": {"/settings/solution-plays/import", []string{"list", "New"},
			"Select the solution area"},
		"a role twice": {"/settings/partner-roles", []string{"name", "Transaction"},
			"Transaction is in the list already"},
		"a changed role": {"/settings/partner-roles/role-1", []string{"name", "Transaction"},
			"Transaction is in the list already"},
		"an empty list": {"/settings/solutions/import", []string{"list", " \n"},
			"Paste at least one line that is not in the list already"},
		"a long organisation": {"/settings", []string{"organizationId", strings.Repeat("x", 101)},
			"Organisation ID must be 100 characters or less"},
	} {
		values := url.Values{}
		for i := 0; i < len(test.pairs); i += 2 {
			values.Set(test.pairs[i], test.pairs[i+1])
		}
		a := b.post(test.path, values).want(http.StatusUnprocessableEntity)
		a.Sound()
		if got := a.Texts("#error-summary a"); !slices.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if typed := test.pairs[1]; !strings.Contains(a.body, strings.TrimSpace(typed)) {
			t.Errorf("%s: what was typed is gone", name)
		}
	}
}

func TestSettingsTakeAPastedList(t *testing.T) {
	b := newSite(t).signIn(t, mei())
	b.post("/settings/solution-plays/import", url.Values{"area": {"Security"},
		"list": {"Data Security\r\nNew play; play-27\r\n"}}).leadsTo("/settings/solution-plays")
	e := b.entry(referral.SolutionPlays, "New play")
	if e.Code != "play-27" || e.Area != "Security" {
		t.Errorf("added %+v", e)
	}
}

// TestSettingsSuggest offers what was sent before, with one click to the form.
func TestSettingsSuggest(t *testing.T) {
	s := newSite(t)
	rep := s.signIn(t, priya())
	id := rep.start(referral.CoSell)
	rep.complete(id)
	rep.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
	s.accept(t, rep.stored(id).SendID)
	b := s.signIn(t, mei())
	page := b.get("/settings/solutions").want(http.StatusOK)
	page.Sound()
	if got := page.Text(".suggest li"); got != "SOL-34104-EBB 1 referral Add SOL-34104-EBB" {
		t.Errorf("suggestion %q", got)
	}
	href := page.All(".suggest a").AttrOr("href", "")
	if got := b.get(href).form().Get("code"); got != "SOL-34104-EBB" {
		t.Errorf("the form begins with %q", got)
	}
}
