package referral

import (
	"encoding/json"
	"slices"
	"strings"
)

// The target of the connected referral: Microsoft itself.
const (
	microsoftTarget = "BusinessProfileLocation"
	microsoftID     = "msft"
)

// ConnectPayload returns the exact JSON body of the connected referral for Microsoft: that of the
// own one with its engagement id, Microsoft as the target, the people to share, and the help code
// and message in inviteContext. Which fields beyond these Microsoft needs is unknown; name,
// customer, consent, details and team are repeated.
func ConnectPayload(a Answers, stamp, engagementID string, c Connect) ([]byte, error) {
	b := ownBody(a, stamp)
	b.EngagementID = engagementID
	b.Status, b.Substatus, b.StatusReason = "New", "Pending", ""
	b.Target = []target{{Type: microsoftTarget, ID: microsoftID}}
	b.CustomerProfile.Team = members(sharedPeople(a.CustomerProfile.Team, c.Contacts))
	b.Team = members(sharedPeople(a.Team, c.Team))
	b.InviteContext = &invite{Notes: Clean(c.Message), AssistanceRequestCode: c.HelpCode}
	if c.Different == "true" {
		b.Details.Notes = Clean(c.Notes)
		if m, ok := ParseMoney(c.DealValue, a.Details.Currency); ok {
			b.Details.DealValue = json.Number(m)
		}
	}
	return encode(b)
}

// sharedPeople returns those whose e-mail address was chosen.
func sharedPeople(all []Member, emails []string) []Member {
	var out []Member
	for _, m := range People(all) {
		if slices.Contains(emails, PersonKey(m)) {
			out = append(out, m)
		}
	}
	return out
}

// PersonKey is the value by which the wizard's checkboxes name a person: the e-mail address, in
// lower case.
func PersonKey(m Member) string { return strings.ToLower(Mailbox(m.Email)) }

// NewConnect returns what the wizard begins with: every contact ticked, and the first of the team.
func NewConnect(a Answers) Connect {
	c := Connect{Notes: a.Details.Notes, DealValue: a.Details.DealValue}
	for _, m := range People(a.CustomerProfile.Team) {
		c.Contacts = append(c.Contacts, PersonKey(m))
	}
	if team := People(a.Team); len(team) > 0 {
		c.Team = []string{PersonKey(team[0])}
	}
	return c
}

// CheckConnect returns what is wrong with the wizard's answers, in page order.
func CheckConnect(a Answers, c Connect) Problems {
	var ps Problems
	ps.oneOf("inviteContext.assistanceRequestCode", c.HelpCode, HelpCodes(),
		"Select what help you want from Microsoft")
	ps.text("inviteContext.notes", c.Message, "Enter a message to Microsoft",
		"Message to Microsoft must be %s characters or less", maxNotes)
	if len(sharedPeople(a.CustomerProfile.Team, c.Contacts)) == 0 {
		ps.add("customerProfile.team", "Select at least one customer contact")
	}
	if len(sharedPeople(a.Team, c.Team)) == 0 {
		ps.add("team", "Select at least one person from your team")
	}
	if c.Different == "true" {
		ps.text("details.notes", c.Notes, "Enter notes for the people working on the deal",
			"Notes must be %s characters or less", maxNotes)
		ps.checkMoney("details.dealValue", c.DealValue, a.Details.Currency)
	}
	return ps
}
