package referral

import (
	"fmt"
	"slices"
	"strings"
)

// CheckEdit returns what is wrong with the answers of one section of a referral that was sent, in
// page order. Was are the answers that Microsoft has: answers that did not change are not checked,
// because the rep came to change something else.
func CheckEdit(s Section, deal Deal, was, a Answers, today Date) Problems {
	a.DealType = string(deal)
	a.CustomerProfile.Address = was.CustomerProfile.Address
	switch s {
	case SectionDeal:
		return checkDealEdit(was, a, today)
	case SectionContacts:
		return untouchedPeople(checkContacts(a), was.CustomerProfile.Team, a.CustomerProfile.Team)
	case SectionTeam:
		return untouchedPeople(checkTeam(a), was.Team, a.Team)
	case SectionSolutions:
		return checkSolutionsEdit(was.Details.Requirements, a.Details.Requirements)
	}
	return nil
}

func checkDealEdit(was, a Answers, today Date) Problems {
	var ps Problems
	ps.atMost("externalReferenceId", a.ExternalReferenceID,
		"Your CRM reference must be %s characters or less", maxShort)
	ps.checkMoney("details.dealValue", a.Details.DealValue, a.Details.Currency)
	ps.oneOf("details.currency", a.Details.Currency, Currencies(), "Select a currency")
	if a.Details.Closing != was.Details.Closing || a.Details.Closing.Empty() {
		ps.checkClosing(a.Details.Closing, today)
	}
	ps.atMost("salesStage", a.SalesStage, "Sales stage must be %s characters or less", maxShort)
	ps.atMost("campaignId", a.CampaignID, "Campaign must be %s characters or less", maxShort)
	if Deal(a.DealType).Connects() && Clean(was.Details.Notes) != "" {
		ps.require("details.notes", a.Details.Notes,
			"Enter notes for the people working on the deal")
	}
	if Clean(a.Details.Notes) != Clean(was.Details.Notes) {
		ps.atMost("details.notes", a.Details.Notes, "Notes must be %s characters or less", maxNotes)
	}
	return ps
}

// untouchedPeople removes the problems of people who are as Microsoft has them.
func untouchedPeople(ps Problems, was, now []Member) Problems {
	return slices.DeleteFunc(ps, func(p Problem) bool {
		for i, m := range now {
			at := fmt.Sprintf("team[%d].", i)
			if strings.Contains(p.Path, at) && !m.Blank() && Untouched(was, m) {
				return true
			}
		}
		return false
	})
}

func checkSolutionsEdit(was, r Requirements) Problems {
	var ps Problems
	ps.known(solutionsPath, r.Solutions, Solutions(), "Select a solution from the list")
	if ps.checkSolutions(r, was.Solutions) == 0 {
		ps.add(solutionsPath, "Select at least one solution")
	}
	return ps
}

// MaxReason is how long a status reason can be, in characters: a limit of ours.
const MaxReason = maxName

// CheckReason returns what is wrong with the reason for a new standing.
func CheckReason(to Standing, reason string) Problems {
	var ps Problems
	switch {
	case to.is(Standing{"Closed", "Declined"}):
		ps.require("statusReason", reason, "Enter why you decline this referral")
	case to.NeedsReason():
		ps.require("statusReason", reason, "Enter why you close this referral")
	}
	ps.atMost("statusReason", reason, "Status reason", MaxReason)
	return ps
}
