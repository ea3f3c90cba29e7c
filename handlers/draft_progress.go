package handlers

import (
	"net/url"
	"slices"

	"tandem/internal/referral"
)

// stepURL is the address of a page of a draft; query may be nil.
func stepURL(draftID string, s referral.Step, query url.Values) string {
	to := "/drafts/" + draftID + "/" + string(s)
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	return to
}

// fieldURL leads to one answer of a draft, and back to the check page after it was saved.
func fieldURL(draftID string, s referral.Step, path string) string {
	return stepURL(draftID, s, url.Values{"return": {"check"}}) + "#" + referral.ElementID(path)
}

// lockedAt is where a draft that is being sent or was sent leads; empty while it can be changed.
func lockedAt(d referral.Draft) string {
	switch {
	case !d.SendState.Locks():
		return ""
	case d.SendState == referral.Accepted && d.ReferralID != "":
		return referralPath(d.ReferralID) + "/sent"
	}
	return sendPath(d.SendID)
}

// peopleOf is the list of people that a step asks for, nil for other steps.
func peopleOf(a *referral.Answers, s referral.Step) *[]referral.Member {
	switch s {
	case referral.StepContacts:
		return &a.CustomerProfile.Team
	case referral.StepTeam:
		return &a.Team
	}
	return nil
}

func mostPeople(s referral.Step) int {
	if s == referral.StepContacts {
		return referral.MaxContacts
	}
	return referral.MaxTeam
}

// markStep records whether the step is done.
func markStep(d *referral.Draft, s referral.Step, done bool) {
	d.Done = slices.DeleteFunc(slices.Clone(d.Done), func(x referral.Step) bool { return x == s })
	if done {
		d.MarkDone(s)
	}
}

// halted tells whether the step is the consent page and the deal cannot go on with its answers.
func halted(d referral.Draft, s referral.Step) bool {
	return s == referral.StepConsent && referral.Stop(d.Answers) != ""
}

func complete(d referral.Draft, s referral.Step, today referral.Date) bool {
	return d.Complete(s, today) && !halted(d, s)
}

// nextStep is the first page that is not complete, or the check page.
func nextStep(d referral.Draft, today referral.Date) referral.Step {
	for _, s := range referral.Steps() {
		if !complete(d, s, today) {
			return s
		}
	}
	return referral.StepCheck
}

// completed are the pages that are complete.
func completed(d referral.Draft, today referral.Date) []referral.Step {
	return slices.DeleteFunc(referral.Steps(), func(s referral.Step) bool {
		return !complete(d, s, today)
	})
}

// sendable tells whether the draft can be sent.
func sendable(d referral.Draft, today referral.Date) bool {
	return len(referral.CheckAll(d.Answers, today)) == 0 && referral.Stop(d.Answers) == ""
}

// started tells whether anything was answered on the page that a new draft does not begin with.
func started(a referral.Answers, s referral.Step) bool {
	switch s {
	case referral.StepCustomer:
		c := a.CustomerProfile
		return c.Name+c.Address.AddressLine1+c.Address.City != ""
	case referral.StepContacts:
		return len(referral.People(a.CustomerProfile.Team)) > 0
	case referral.StepConsent:
		return a.Consent != referral.Consent{}
	case referral.StepDeal:
		return a.Name+a.Details.DealValue+a.MarketplaceIntent+a.Details.Notes != "" ||
			!a.Details.Closing.Empty()
	case referral.StepNeeds:
		return needsStarted(a)
	case referral.StepTeam:
		return len(a.Team) > 1
	case referral.StepTarget:
		return a.TargetType()+a.InviteContext.Notes != ""
	}
	return false
}

func needsStarted(a referral.Answers) bool {
	r := a.Details.Requirements
	return len(r.Industries)+len(r.Products)+len(r.Services)+len(r.Solutions)+
		len(r.OwnSolutions)+len(r.SolutionIDs) > 0 || a.Services != referral.ServicesDeal{}
}
