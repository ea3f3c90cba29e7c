package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// start begins a draft of the given deal type and returns its id.
func (b *browser) start(deal referral.Deal) string {
	b.t.Helper()
	a := b.post("/drafts/new", url.Values{"dealType": {string(deal)}}).want(http.StatusSeeOther)
	to := a.header.Get("Location")
	return to[len("/drafts/") : len(to)-len("/customer")]
}

func stepPath(id string, s referral.Step) string { return "/drafts/" + id + "/" + string(s) }

// stored is the draft as the store has it.
func (b *browser) stored(id string) referral.Draft {
	b.t.Helper()
	return must(b.site.Draft(b.t.Context(), b.user.Caller(), id))(b.t)
}

// fillStep opens a step, fills in the pairs of name and value, and posts it with the button.
func (b *browser) fillStep(id string, s referral.Step, button string, pairs ...string) *answer {
	b.t.Helper()
	page := b.get(stepPath(id, s)).want(http.StatusOK)
	values := page.fill(pairs...)
	name, value, _ := cut(button)
	values.Set(name, value)
	return b.post(stepPath(id, s), values)
}

func cut(button string) (name, value string, ok bool) {
	for i := range button {
		if button[i] == '=' {
			return button[:i], button[i+1:], true
		}
	}
	return button, "1", false
}

// goodAnswers are pairs of name and value with which a co-sell draft is complete.
func goodAnswers() map[referral.Step][]string {
	return map[referral.Step][]string{
		referral.StepCustomer: {"customerProfile.name", "Contoso Customer Inc",
			"customerProfile.size", "10to50employees",
			"customerProfile.address.country", "US",
			"customerProfile.address.addressLine1", "One Microsoft Way",
			"customerProfile.address.addressLine2", "34",
			"customerProfile.address.city", "Redmond",
			"customerProfile.address.state", "WA",
			"customerProfile.address.postalCode", "98052"},
		referral.StepContacts: {"customerProfile.team[0].firstName", "Sue",
			"customerProfile.team[0].lastName", "Smith",
			"customerProfile.team[0].email", "sue.smith@contoso.com",
			"customerProfile.team[0].phoneNumber", "1234567890"},
		referral.StepConsent: {"consent.consentToToShareInfoWithOthers", "true",
			"consent.consentToContact", "true"},
		referral.StepDeal: {"name", "Contoso field service rollout",
			"externalReferenceId", "OPP-20431",
			"details.dealValue", "50,000", "details.currency", "USD",
			"details.closingDateTime.day", "14", "details.closingDateTime.month", "1",
			"details.closingDateTime.year", "2027",
			"marketplaceIntent", "HaveNotDecided",
			"details.notes", "Customer is looking to leverage Dynamics 365."},
		referral.StepNeeds: {"details.requirements.products", "Dynamics365Enterprise",
			"details.requirements.solutions", "InternetofThings"},
		referral.StepTeam: {"team[0].phoneNumber", "+44 20 7946 0018"},
		referral.StepTarget: {"target[0].type", "SolutionProfile",
			"target[0].id", "SOL-34104-EBB",
			"inviteContext.notes", "Hi, hoping you can help this customer."},
	}
}

// goodServices are further pairs for the needs of a services co-sell deal.
func goodServices() []string {
	return []string{"services.partnerRole", "Presales envisioning", "services.solutionArea",
		"Security", "services.solutionPlay", "Data Security"}
}

// goodFor are the pairs of one step of a deal.
func goodFor(deal referral.Deal, s referral.Step) []string {
	if deal == referral.ServicesCoSell && s == referral.StepNeeds {
		return append(goodServices(), goodAnswers()[s]...)
	}
	return goodAnswers()[s]
}

// complete fills in every step of a draft with good answers.
func (b *browser) complete(id string) {
	b.t.Helper()
	deal := b.stored(id).Deal()
	for _, s := range referral.Steps() {
		b.fillStep(id, s, "go=continue", goodFor(deal, s)...).leadsTo(stepPath(id, s.After()))
	}
}

// draftOf is a site with Priya and her draft.
func draftOf(t testing.TB, deal referral.Deal) (*browser, string) {
	t.Helper()
	b := newSite(t).signIn(t, priya())
	return b, b.start(deal)
}

// accept lets Microsoft accept a send that is due.
func (s *site) accept(t testing.TB, sendID string) {
	t.Helper()
	if _, err := s.StartAttempt(t.Context(), sendID, referral.Attempt{}); err != nil {
		t.Fatal(err)
	}
	err := s.Record(t.Context(), sendID, store.Result{
		From: []referral.State{referral.Sending}, State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
		Referral: &referral.Referral{RemoteID: "remote-" + sendID, EngagementID: "engagement",
			Status: "New", Substatus: "Pending", Raw: []byte(`{}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
}
