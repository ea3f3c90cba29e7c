package referral

import "slices"

// Upgrades lists what a deal can become after it was sent: sharing can be widened, and never taken
// back.
func Upgrades(d Deal) []Deal {
	switch d {
	case Private:
		return []Deal{PartnerLed, CoSell}
	case PartnerLed:
		return []Deal{CoSell}
	}
	return nil
}

// HasReachableContact tells whether a customer contact has all that a Microsoft seller needs to
// reach him: name, e-mail address and phone number, which the service asks for in a co-sell deal.
func HasReachableContact(a Answers) bool {
	for _, m := range a.CustomerProfile.Team {
		if Clean(m.FirstName) != "" && Narrow(m.Email) != "" && Phone(m.PhoneNumber) != "" {
			return true
		}
	}
	return false
}

// changedSolutions returns the requirements with the solutions as they are now. The target's
// solution is left out: it is no answer of that page, and is sent anyway.
func (a Answers) changedSolutions(now Requirements) Requirements {
	r := a.Details.Requirements
	if len(now.Solutions) == 0 {
		return r
	}
	now = now.SplitSolutions()
	ids := slices.DeleteFunc(now.Given(), func(id string) bool {
		return a.TargetType() == TargetSolution && id == a.TargetID(TargetSolution) &&
			!slices.Contains(r.Given(), id)
	})
	ticked := r.OwnSolutions
	r.Solutions, r.OwnSolutions, r.SolutionIDs = now.Solutions, nil, ""
	for _, id := range ids {
		if slices.Contains(ticked, id) {
			r.OwnSolutions = append(r.OwnSolutions, id)
		} else {
			r.SolutionIDs = Clean(r.SolutionIDs + "\n" + id)
		}
	}
	return r
}

// Overlaid returns the answers of a sent referral, with the values that it has now of those that
// can change after sending. Values that now leaves out stay.
func Overlaid(a, now Answers) Answers {
	if len(People(now.CustomerProfile.Team)) > 0 {
		a.CustomerProfile.Team = now.CustomerProfile.Team
	}
	if len(People(now.Team)) > 0 {
		a.Team = now.Team
	}
	d := now.Details
	if d.DealValue != "" {
		a.Details.DealValue = d.DealValue
	}
	a.Details.Currency = first(d.Currency, a.Details.Currency)
	a.Details.Notes = first(d.Notes, a.Details.Notes)
	if !d.Closing.Empty() {
		a.Details.Closing = d.Closing
	}
	a.Details.Requirements = a.changedSolutions(d.Requirements)
	if given := GivenReference(now.ExternalReferenceID); given != "" {
		a.ExternalReferenceID = given
	}
	return a
}
