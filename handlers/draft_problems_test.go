package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// wrong is one page filled in wrongly.
type wrong struct {
	deal referral.Deal
	step referral.Step
	// pairs of name and value replace the answers of a new draft.
	pairs []string
	// want is a sentence that must be among the problems, to be sure that the case still works.
	want string
}

func wrongAnswers() []wrong {
	long := strings.Repeat("长", 1001)
	const c, t, d = "customerProfile.", "customerProfile.team[0].", "details."
	const when = "details.closingDateTime."
	co := referral.CoSell
	return []wrong{
		{co, referral.StepCustomer, nil, "Enter the organisation name"},
		{co, referral.StepCustomer, []string{c + "name", long, c + "size", "huge",
			c + "address.country", "JP", c + "address.addressLine1", long,
			c + "address.addressLine2", long, c + "address.city", long,
			c + "address.region", long, c + "duns", "12", c + "externalId", long},
			"D-U-N-S number must be 9 numbers"},
		{co, referral.StepCustomer, []string{c + "address.state", long,
			c + "address.postalCode", long, c + "address.country", "ZZ"},
			"Postal code must be 20 characters or less"},
		{co, referral.StepContacts, nil, "Enter a first name for contact 1"},
		{co, referral.StepContacts, []string{t + "firstName", long, t + "lastName", long,
			t + "email", "sue@", t + "phoneNumber", "12", t + "contactPreference.locale", "xx"},
			"Select a language for emails to contact 1"},
		{co, referral.StepContacts, []string{t + "email", "sue@contoso.com",
			"customerProfile.team[1].email", "SUE@contoso.com"},
			"Contact 2 has the same email address as contact 1"},
		{co, referral.StepContacts, []string{"customerProfile.team[10].lastName", "Eleven"},
			"Add 10 contacts or fewer"},
		{referral.Private, referral.StepContacts, []string{t + "lastName", "Smith"},
			"Enter a first name for contact 1"},
		{co, referral.StepConsent, nil,
			"Select yes if the customer agreed to be contacted"},
		{co, referral.StepDeal, nil, "Enter a referral name"},
		{co, referral.StepDeal, []string{"qualification", "x", "name", long,
			"externalReferenceId", long, d + "notes", long, d + "dealValue", "-5",
			when + "day", "31", when + "month", "2", when + "year", "2027"},
			"Closing date must be a real date"},
		{co, referral.StepDeal, []string{d + "dealValue", "5.50", d + "currency", "JPY",
			when + "month", "2", when + "year", "2027"}, "Closing date must include a day"},
		{co, referral.StepDeal, []string{d + "dealValue", "1234567890123", when + "day", "1",
			when + "year", "2027"}, "Closing date must include a month"},
		{co, referral.StepDeal, []string{when + "day", "1", when + "month", "jan"},
			"Closing date must include a year"},
		{co, referral.StepDeal, []string{when + "day", "1", when + "month", "jan",
			when + "year", "27"}, "Year must include 4 numbers"},
		{co, referral.StepDeal, []string{when + "day", "1"},
			"Closing date must include a month and a year"},
		{co, referral.StepDeal, []string{when + "month", "jan"},
			"Closing date must include a day and a year"},
		{co, referral.StepDeal, []string{when + "year", "2027"},
			"Closing date must include a day and a month"},
		{co, referral.StepNeeds, nil, "Select at least one product, service or solution"},
		{co, referral.StepNeeds, []string{d + "requirements.industries", "x",
			d + "requirements.products", "x", d + "requirements.services", "x",
			d + "requirements.solutions", "x", d + "requirements.solutionIds", "x"},
			"Select a solution from the list"},
		{co, referral.StepNeeds, []string{d + "requirements.products", "Azure",
			d + "requirements.solutionIds", manySolutions()}, "Select 50 solutions or fewer"},
		{referral.Private, referral.StepNeeds, []string{d + "requirements.products", "Azure"},
			"Select at least one solution. Microsoft does not accept this deal without one"},
		{co, referral.StepTeam, []string{"team[0].firstName", "", "team[0].lastName", "",
			"team[0].email", ""}, "Enter an email address for team member 1"},
		{co, referral.StepTarget, nil, "Select what the referral is for"},
		{co, referral.StepTarget, []string{"target[0].type", "SolutionProfile",
			"status", "Closed/Lost", "inviteContext.notes", long}, "Enter a status reason"},
		{co, referral.StepTarget, []string{"target[0].type", "BusinessProfileLocation",
			"status", "x", "statusReason", long,
			"inviteContext.invitedBy.organizationId", long},
			"Enter the business profile location ID"},
		{referral.Private, referral.StepTarget, []string{"status", "Closed/Lost"},
			"Enter a status reason"},
	}
}

// moreWrong are cases of what the country, the team and services co-sell ask.
func moreWrong() []wrong {
	long := strings.Repeat("长", 101)
	const c, d, s = "customerProfile.address.", "details.", "services."
	const when, at = "details.closingDateTime.", "target[0]."
	co, services := referral.CoSell, referral.ServicesCoSell
	return []wrong{
		{co, referral.StepCustomer, []string{c + "country", "US"}, "Enter the ZIP code"},
		{co, referral.StepCustomer, []string{c + "country", "AU"}, "Enter the postcode"},
		{co, referral.StepCustomer, []string{c + "country", "IN"}, "Enter the PIN code"},
		{co, referral.StepCustomer, []string{c + "country", "CA"}, "Enter the province"},
		{co, referral.StepDeal, []string{d + "dealValue", "fifty thousand", when + "day", "1",
			when + "month", "1", when + "year", "2020"}, "Closing date must be today or in the future"},
		{services, referral.StepNeeds, nil, "Select the partner role"},
		{services, referral.StepNeeds, []string{s + "otherRole", long, s + "otherArea", long,
			s + "otherPlay", long}, "Solution play must be 100 characters or less"},
		{co, referral.StepTeam, []string{"team[0].firstName", long, "team[0].lastName", long,
			"team[0].email", "priya@", "team[0].phoneNumber", "12",
			"team[0].contactPreference.locale", "xx"}, "Select a language for emails to team member 1"},
		{co, referral.StepTeam, []string{"team[1].email", "A@contoso.com", "team[2].email",
			"a@contoso.com"}, "Team member 3 has the same email address as team member 2"},
		{co, referral.StepTeam, []string{"team[50].lastName", "Last"},
			"Add 50 team members or fewer"},
		{co, referral.StepTarget, []string{at + "type", "BusinessProfileLocation", at + "id", "12"},
			"Business profile location ID must be 36 characters, " +
				"like 01e2abcd-52b0-4af3-a3ae-1fd1530b3563"},
	}
}

// longAddresses are too long in a country for each word that there is for the state and the postal
// code.
func longAddresses() (out []wrong) {
	const c = "customerProfile.address."
	long := strings.Repeat("长", 101)
	for _, country := range []string{"US", "CA", "JP", "GB", "AE", "CO", "JM", "BS", "RU", "HK", "KR",
		"IN", "IE"} {
		out = append(out, wrong{referral.CoSell, referral.StepCustomer, []string{c + "country", country,
			c + "state", long, c + "postalCode", long},
			referral.StateLabel(country) + " must be 100 characters or less"})
	}
	return out
}

func manySolutions() string {
	var out strings.Builder
	for i := range 51 {
		fmt.Fprintf(&out, "SOL-%05d-EBB\n", i)
	}
	return out.String()
}

// TestEveryProblemIsShown holds each problem of the rules against the page: the sentence once in
// the error summary and once beside its field, and the link leads to that field.
func TestEveryProblemIsShown(t *testing.T) {
	unseen := sentences(t)
	for _, w := range slices.Concat(wrongAnswers(), moreWrong(), longAddresses()) {
		t.Run(string(w.step)+"/"+w.want, func(t *testing.T) {
			b, id := draftOf(t, w.deal)
			page := b.fillStep(id, w.step, "go=continue", w.pairs...)
			page.want(http.StatusUnprocessableEntity).Sound()
			problems := referral.Check(b.stored(id).Answers, w.step,
				referral.Today(b.site.clock.Now(), nil))
			if !says(problems, w.want) {
				t.Errorf("the rules do not say %q but %v", w.want, problems)
			}
			shown := map[string]bool{}
			for _, p := range problems {
				if !shown[p.Path] {
					page.shows(p)
					delete(unseen, p.Message)
				}
				shown[p.Path] = true
			}
			if n := page.All("#error-summary a").Length(); n != len(shown) {
				t.Errorf("%d lines in the error summary for %d fields", n, len(shown))
			}
		})
	}
	for text := range unseen {
		t.Errorf("no case shows %q", text)
	}
}

func says(ps referral.Problems, sentence string) bool {
	for _, p := range ps {
		if p.Text() == sentence {
			return true
		}
	}
	return false
}

func (a *answer) shows(p referral.Problem) {
	a.t.Helper()
	id := referral.ElementID(p.Path)
	line := a.All(`#error-summary a[href="#` + id + `"]`)
	if line.Length() != 1 || line.Text() != p.Text() {
		a.t.Errorf("%s: %d lines link to #%s: %q, want %q", p.Path, line.Length(), id,
			line.Text(), p.Text())
	}
	if a.All("#"+id).Length() != 1 {
		a.t.Errorf("%s: no element has the id %q", p.Path, id)
	}
	beside := 0
	for _, text := range a.Texts(".ds-validation-message") {
		if text == "Error: "+p.Text() {
			beside++
		}
	}
	if beside != 1 {
		a.t.Errorf("%s: %d fields say %q", p.Path, beside, p.Text())
	}
}
