package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestPrefillShowsAndThenMakesADraft follows a link from a CRM.
func TestPrefillShowsAndThenMakesADraft(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	link := "/drafts/new?" + url.Values{
		"customerProfile.name": {"Contoso <b>Ltd</b>"}, "externalReferenceId": {"OPP-1"},
		"customerProfile.address.country":        {"GB"},
		"customerProfile.team[0].firstName":      {"Sue"},
		"customerProfile.team[0].email":          {"sue@contoso.com"},
		"team[0].firstName":                      {"Joe"},
		"team[0].email":                          {"joe@northbridge.example"},
		"team[1].email":                          {"Priya.Raman@northbridge.example"},
		"details.dealValue":                      {"a lot"},
		"details.closingDateTime":                {"2027-01-14T00:00:00Z"},
		"details.requirements.products":          {"Azure", "Teams"},
		"details.notes":                          {strings.Repeat("x", 2001)},
		"consent.consentToToShareInfoWithOthers": {"true"},
		"opportunityOwner":                       {"Joe"},
		"dealType":                               {"partner-led"},
	}.Encode()
	page := b.get(link).want(http.StatusOK)
	page.Sound()
	keys := page.Texts("#prefill ~ .sum dt")
	want := []string{"Organisation name", "Country or region", "Contact 1: First name",
		"Contact 1: Email address", "Your CRM reference", "Deal value", "Closing date",
		"Products", "Team member 1: First name",
		"Team member 1: Email address", "Team member 2: Email address"}
	if !slices.Equal(keys, want) {
		t.Errorf("shown %q,\nwant %q", keys, want)
	}
	ignored := page.Texts("#ignored ~ .sum dt")
	slices.Sort(ignored)
	if !slices.Equal(ignored, []string{"Notes",
		"Share their information", "opportunityOwner"}) {
		t.Errorf("ignored %q", ignored)
	}
	if page.Value("dealType") != "partner-led" {
		t.Errorf("deal type %q", page.Value("dealType"))
	}
	if n := must(b.site.Counts(t.Context(), b.user.Caller()))(t).Drafts; n != 0 {
		t.Fatalf("the link made %d drafts", n)
	}
	values := page.form()
	values.Set("dealType", "")
	again := b.post("/drafts/new", values).want(http.StatusUnprocessableEntity)
	again.Sound()
	made := b.post("/drafts/new", again.fill("dealType", "cosell")).want(http.StatusSeeOther)
	id := strings.TrimSuffix(strings.TrimPrefix(made.header.Get("Location"), "/drafts/"), "/customer")
	a := b.stored(id).Answers
	var team []string
	for _, m := range a.Team {
		team = append(team, m.Email+" "+m.ContactPreference.Locale)
	}
	if !slices.Equal(team, []string{"priya.raman@northbridge.example en-us",
		"joe@northbridge.example en-us"}) {
		t.Errorf("team %q", team)
	}
	got := []string{a.CustomerProfile.Name, a.ExternalReferenceID, a.CustomerProfile.Address.Country,
		a.CustomerProfile.Team[0].FirstName, a.Details.DealValue, a.Details.Closing.Day,
		a.Details.Closing.Year, strings.Join(a.Details.Requirements.Products, "+"),
		a.Consent.ShareInfo, a.Details.Notes, a.DealType, a.Qualification, a.Status}
	if !slices.Equal(got, []string{"Contoso <b>Ltd</b>", "OPP-1", "GB", "Sue", "a lot", "14", "2027",
		"Azure+Teams", "", "", "cosell", "SalesQualified", "New/Pending"}) {
		t.Errorf("the draft has %q", got)
	}
}

// TestPrefillIsBounded follows links that bring too much.
func TestPrefillIsBounded(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	many, unknown := url.Values{}, url.Values{}
	for i := range 49 {
		for _, part := range []string{"firstName", "lastName", "email", "phoneNumber"} {
			many.Set(fmt.Sprintf("team[%d].%s", i, part), "x")
		}
	}
	for i := range 3000 {
		unknown.Set(fmt.Sprintf("field%d", i), "x")
	}
	page := b.get("/drafts/new?" + many.Encode()).want(http.StatusOK)
	page.Sound()
	if n := len(page.Texts("#prefill ~ .sum dt")); n != 100 {
		t.Errorf("%d answers are taken", n)
	}
	if n := len(b.get("/drafts/new?" + unknown.Encode()).want(http.StatusOK).
		Texts("#ignored ~ .sum dt")); n > 100 {
		t.Errorf("%d names are listed", n)
	}
	for _, odd := range []string{"team[99].email=x", "team[-1].email=x", "[[=x", "a]]=x", "%00=x",
		"customerProfile=x", "team=x", "details.requirements.products=%FF"} {
		b.get("/drafts/new?" + odd).want(http.StatusOK).Sound()
	}
}

// TestPrefillKnowsCountries leaves out a code that no country has.
func TestPrefillKnowsCountries(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	for _, code := range []string{"ZZ", "QQ", "EU", "England"} {
		page := b.get("/drafts/new?customerProfile.name=A&customerProfile.address.country=" + code).
			want(http.StatusOK)
		if got := page.Text("#ignored ~ .sum"); got !=
			"Country or regionThe list of answers does not have it" {
			t.Errorf("%s: ignored %q", code, got)
		}
		if got := page.form(); got.Has("customerProfile.address.country") {
			t.Errorf("%s is taken", code)
		}
	}
}

// TestPrefillKnowsLists takes what is chosen from a list as the list has it, however the CRM writes
// it, and says which answers no list has.
func TestPrefillKnowsLists(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	const locale = "customerProfile.team[0].contactPreference.locale"
	page := b.get("/drafts/new?" + url.Values{
		"customerProfile.address.country": {"germany"}, "details.currency": {"eur"},
		"customerProfile.team[0].email": {"sue@contoso.com"},
		locale:                          {"de-DE"}, "customerProfile.size": {"10 to 50 employees"},
		"details.requirements.products":  {"azure", "Power BI"},
		"details.requirements.solutions": {"InternetofThings", "sol-1-a"},
		"details.requirements.services":  {"Hardware", "Software"},
		"marketplaceIntent":              {"havenotdecided"},
		"qualification":                  {"hot"}, "details.closingDateTime": {"29/02/2027"},
	}.Encode()).want(http.StatusOK)
	page.Sound()
	const unknown = "The list of answers does not have it"
	wrong := map[string]string{"Closing date": "Closing date must be a real date",
		"Qualification": unknown, "Services": unknown}
	texts := page.Texts("#ignored ~ .sum dd")
	for i, key := range page.Texts("#ignored ~ .sum dt") {
		if wrong[key] != texts[i] {
			t.Errorf("not taken: %s: %s", key, texts[i])
		}
		delete(wrong, key)
	}
	if len(wrong) > 0 {
		t.Errorf("nothing is said of %v", wrong)
	}
	if got := page.Text("#prefill ~ .sum"); !strings.Contains(got, "Have not decided") {
		t.Errorf("before the draft is made: %q", got)
	}
	made := b.post("/drafts/new", page.fill("dealType", "cosell")).want(http.StatusSeeOther)
	id := strings.Split(made.header.Get("Location"), "/")[2]
	a := b.stored(id).Answers
	got := []string{a.CustomerProfile.Address.Country, a.Details.Currency, a.CustomerProfile.Size,
		a.CustomerProfile.Team[0].ContactPreference.Locale, a.Qualification}
	got = append(append(got, a.Details.Requirements.Products...), a.Details.Requirements.Solutions...)
	got = append(append(got, a.Details.Requirements.SolutionIDs), a.Details.Requirements.Services...)
	if !slices.Equal(got, []string{"DE", "EUR", "10to50employees", "de-de", "SalesQualified", "Azure",
		"PowerBI", "InternetofThings", "sol-1-a"}) {
		t.Errorf("the draft has %q", got)
	}
}

// TestCopyLeavesOutWhatBelongsToOneDeal copies a sent referral whose closing date has passed.
func TestCopyLeavesOutWhatBelongsToOneDeal(t *testing.T) {
	s := newSite(t)
	b := s.signIn(t, priya())
	id := b.start(referral.ServicesCoSell)
	b.complete(id)
	b.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
	s.accept(t, b.stored(id).SendID)
	r := b.stored(id).ReferralID
	page := b.get("/referrals/" + r).want(http.StatusOK)
	if got := page.Attr(`main form[action$="/copy"]`, "method"); got != "post" {
		t.Errorf("the page's form has method %q", got)
	}
	made := b.post("/referrals/"+r+"/copy", nil).want(http.StatusSeeOther)
	copied := strings.TrimSuffix(strings.TrimPrefix(made.header.Get("Location"), "/drafts/"),
		"?copied=1")
	first := stepPath(copied, referral.StepConsent)
	b.get("/drafts/" + copied + "?copied=1").leadsTo(first + "?copied=1")
	note := b.get(first + "?copied=1").Text("main .inset")
	if !strings.HasPrefix(note, "This is a copy.") {
		t.Errorf("the copy says %q", note)
	}
	b.get(first).None("main .inset")
	d, old := b.stored(copied), b.stored(id).Answers
	if d.ID == id || d.Answers.Consent != (referral.Consent{}) ||
		d.Answers.ExternalReferenceID != "" || d.SendID != "" {
		t.Errorf("the copy holds what is the old deal's: %+v", d)
	}
	if d.Answers.CustomerProfile.Name != old.CustomerProfile.Name ||
		d.Answers.Services != old.Services || d.Answers.Details.Closing != old.Details.Closing ||
		len(d.Answers.Team) != 1 || d.Answers.Team[0].PhoneNumber != old.Team[0].PhoneNumber {
		t.Errorf("the copy lacks answers: %+v", d.Answers)
	}
}
