package referral

// Step is a page of the guided form; its value is the last part of the page's URL.
type Step string

// The steps in order. StepDeal and StepNeeds are two pages of one numbered step.
const (
	StepCustomer Step = "customer"
	StepContacts Step = "contacts"
	StepConsent  Step = "consent"
	StepDeal     Step = "deal"
	StepNeeds    Step = "needs"
	StepTeam     Step = "team"
	StepTarget   Step = "target"
	StepCheck    Step = "check"
)

// StepCount is the number of numbered steps, the check page included.
const StepCount = 7

// Steps lists the pages a rep fills in, in order, without the check page.
func Steps() []Step {
	return []Step{
		StepCustomer, StepContacts, StepConsent, StepDeal, StepNeeds, StepTeam, StepTarget,
	}
}

// Number returns the step's number from 1 to StepCount; StepDeal and StepNeeds share 4.
func (s Step) Number() int {
	switch s {
	case StepCustomer:
		return 1
	case StepContacts:
		return 2
	case StepConsent:
		return 3
	case StepDeal, StepNeeds:
		return 4
	case StepTeam:
		return 5
	case StepTarget:
		return 6
	}
	return StepCount
}

// Title returns the page's heading.
func (s Step) Title() string {
	switch s {
	case StepCustomer:
		return "Customer profile"
	case StepContacts:
		return "Customer contacts"
	case StepConsent:
		return "Consent"
	case StepDeal:
		return "Deal details"
	case StepNeeds:
		return "What the customer needs"
	case StepTeam:
		return "Our team"
	case StepTarget:
		return "Target and invite"
	}
	return "Check your answers"
}

// Valid tells whether s is a page of the form that takes answers.
func (s Step) Valid() bool { return s != StepCheck && s.Number() < StepCount }

// After returns the page that follows s.
func (s Step) After() Step {
	all := append(Steps(), StepCheck)
	for i, x := range all[:len(all)-1] {
		if x == s {
			return all[i+1]
		}
	}
	return StepCheck
}

// Before returns the page before s, and false for the first.
func (s Step) Before() (Step, bool) {
	all := append(Steps(), StepCheck)
	for i, x := range all {
		if x == s && i > 0 {
			return all[i-1], true
		}
	}
	return "", false
}

// Only returns the answers that belong to one step; the rest is zero.
func (a Answers) Only(s Step) Answers {
	var out Answers
	out.Put(s, a)
	return out
}

// Put replaces the answers of one step by those in from and leaves every other step alone.
func (a *Answers) Put(s Step, from Answers) {
	switch s {
	case StepCustomer:
		contacts := a.CustomerProfile.Team
		a.CustomerProfile = from.CustomerProfile
		a.CustomerProfile.Team = contacts
	case StepContacts:
		a.CustomerProfile.Team = from.CustomerProfile.Team
	case StepConsent:
		a.Consent = from.Consent
	case StepDeal:
		a.putDeal(from)
	case StepNeeds:
		a.Details.Requirements, a.Services = from.Details.Requirements, from.Services
	case StepTeam:
		a.Team = from.Team
	case StepTarget:
		a.Target, a.InviteContext = from.Target, from.InviteContext
		a.Status, a.StatusReason = from.Status, from.StatusReason
	}
}

func (a *Answers) putDeal(from Answers) {
	needs := a.Details.Requirements
	a.Details = from.Details
	a.Details.Requirements = needs
	a.Name, a.ExternalReferenceID = from.Name, from.ExternalReferenceID
	a.Qualification, a.MarketplaceIntent = from.Qualification, from.MarketplaceIntent
}
