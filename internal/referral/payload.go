package referral

import (
	"encoding/json"
	"strings"
)

// body is a referral as it is sent, its members in the order of Microsoft's own sample. Empty
// values are left out, apart from the lists that are always sent.
type body struct {
	Name                string       `json:"name"`
	ExternalReferenceID string       `json:"externalReferenceId,omitempty"`
	EngagementID        string       `json:"engagementId,omitempty"`
	Status              string       `json:"status"`
	Substatus           string       `json:"substatus"`
	StatusReason        string       `json:"statusReason,omitempty"`
	Qualification       string       `json:"qualification"`
	Type                string       `json:"type"`
	Target              []target     `json:"target"` // [] for a private deal
	CustomerProfile     profile      `json:"customerProfile"`
	Consent             consentBody  `json:"consent"`
	Details             detailsBody  `json:"details"`
	Team                []memberBody `json:"team"`
	InviteContext       *invite      `json:"inviteContext,omitempty"`
}

type target struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type profile struct {
	Name    string       `json:"name"`
	Address addressBody  `json:"address"`
	Size    string       `json:"size,omitempty"`
	Team    []memberBody `json:"team,omitempty"`
	IDs     []profileID  `json:"ids"` // [] when none is given
}

type profileID struct {
	ProfileType string `json:"profileType"`
	ID          string `json:"id"`
}

type addressBody struct {
	AddressLine1 string `json:"addressLine1"`
	AddressLine2 string `json:"addressLine2,omitempty"`
	City         string `json:"city"`
	State        string `json:"state,omitempty"`
	PostalCode   string `json:"postalCode,omitempty"`
	Country      string `json:"country"`
	Region       string `json:"region,omitempty"`
}

type memberBody struct {
	ContactPreference preference `json:"contactPreference"`
	FirstName         string     `json:"firstName"`
	LastName          string     `json:"lastName"`
	PhoneNumber       string     `json:"phoneNumber,omitempty"`
	Email             string     `json:"email"`
}

type preference struct {
	Locale               string `json:"locale"`
	DisableNotifications bool   `json:"disableNotifications"`
}

// consentBody spells the first name as the API does, with the double "To".
type consentBody struct {
	ShareInfo    bool `json:"consentToToShareInfoWithOthers"`
	Contact      bool `json:"consentToContact"`
	ShareSellers bool `json:"consentToShareReferralWithMicrosoftSellers"`
}

type detailsBody struct {
	Notes           string           `json:"notes,omitempty"`
	DealValue       json.Number      `json:"dealValue"`
	Currency        string           `json:"currency"`
	ClosingDateTime string           `json:"closingDateTime"`
	Requirements    requirementsBody `json:"requirements"`
}

type requirementsBody struct {
	Industries []tag         `json:"industries,omitempty"`
	Products   []tag         `json:"products,omitempty"`
	Services   []tag         `json:"services,omitempty"`
	Solutions  []solution    `json:"solutions,omitempty"`
	Additional *requirements `json:"additionalRequirements,omitempty"`
}

type tag struct {
	ID string `json:"id"`
}

type solution struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

type requirements struct {
	Attributes []attribute `json:"attributes"`
}

type attribute struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type invite struct {
	Notes                 string     `json:"notes,omitempty"`
	AssistanceRequestCode string     `json:"assistanceRequestCode,omitempty"`
	InvitedBy             *invitedBy `json:"invitedBy,omitempty"`
}

type invitedBy struct {
	OrganizationID string `json:"organizationId"`
}

// Payload returns the exact JSON body of the partner's own referral. Stamp is the
// externalReferenceId when the rep gave no CRM reference. Answers that break the rules are put in
// as far as they can be read, for the preview; the caller sends only what Check passed.
func Payload(a Answers, stamp string) ([]byte, error) { return encode(ownBody(a, stamp)) }

func ownBody(a Answers, stamp string) body {
	status, substatus, _ := strings.Cut(a.Status, "/")
	return body{
		Name:                Clean(a.Name),
		ExternalReferenceID: first(Clean(a.ExternalReferenceID), stamp),
		Status:              status,
		Substatus:           substatus,
		StatusReason:        Clean(a.StatusReason),
		Qualification:       a.Qualification,
		Type:                Deal(a.DealType).wireType(),
		Target:              targets(a),
		CustomerProfile:     customer(a.CustomerProfile),
		Consent:             consent(a),
		Details:             details(a),
		Team:                members(a.Team),
		InviteContext:       inviteContext(a),
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func targets(a Answers) []target {
	kind := a.TargetType()
	if !Deal(a.DealType).HasTarget() || kind == "" {
		return []target{}
	}
	return []target{{Type: kind, ID: a.TargetID(kind)}}
}

func customer(c CustomerProfile) profile {
	at := c.Address
	return profile{
		Name: Clean(c.Name),
		Address: addressBody{Clean(at.AddressLine1), Clean(at.AddressLine2), Clean(at.City),
			Clean(at.State), Narrow(at.PostalCode), at.Country, Clean(at.Region)},
		Size: c.Size,
		Team: members(c.Team),
		IDs:  profileIDs(c),
	}
}

func profileIDs(c CustomerProfile) []profileID {
	ids := []profileID{}
	if d := dunsDigits(c.Duns); d != "" {
		ids = append(ids, profileID{"Duns", d})
	}
	if id := Clean(c.ExternalID); id != "" {
		ids = append(ids, profileID{"External", id})
	}
	return ids
}

func members(all []Member) []memberBody {
	var out []memberBody
	for _, m := range People(all) {
		p := m.ContactPreference
		out = append(out, memberBody{
			preference{p.Locale, p.DisableNotifications != "false"},
			Clean(m.FirstName), Clean(m.LastName), Phone(m.PhoneNumber), Mailbox(m.Email)})
	}
	return out
}

func consent(a Answers) consentBody {
	return consentBody{a.Consent.ShareInfo == "true", a.Consent.Contact == "true",
		Deal(a.DealType).VisibleToMicrosoft()}
}

func details(a Answers) detailsBody {
	d := a.Details
	out := detailsBody{
		Notes:        Clean(d.Notes),
		DealValue:    "0",
		Currency:     d.Currency,
		Requirements: needs(a),
	}
	if m, ok := ParseMoney(d.DealValue, d.Currency); ok {
		out.DealValue = json.Number(m)
	}
	if day, ok := d.Closing.Date(); ok {
		out.ClosingDateTime = day.Wire()
	}
	return out
}

func needs(a Answers) requirementsBody {
	r := a.Details.Requirements
	out := requirementsBody{Industries: tags(r.Industries), Products: tags(r.Products),
		Services: tags(r.Services), Solutions: solutions(a)}
	if all := attributes(a); len(all) > 0 {
		out.Additional = &requirements{all}
	}
	return out
}

func tags(ids []string) []tag {
	var out []tag
	for _, id := range ids {
		out = append(out, tag{id})
	}
	return out
}

// solutions are the published tags, those named by id, and the target itself: Microsoft wants the
// partner's solution in both places.
func solutions(a Answers) []solution {
	var out []solution
	for _, id := range a.Details.Requirements.Solutions {
		out = append(out, solution{LabelOf(Solutions(), id), "Category", id})
	}
	named := a.Details.Requirements.Given()
	if Deal(a.DealType).HasTarget() && a.TargetType() == TargetSolution {
		named = append(named, a.TargetID(TargetSolution))
	}
	seen := map[string]bool{"": true}
	for _, id := range named {
		if !seen[id] {
			out = append(out, solution{Type: "Name", ID: id})
		}
		seen[id] = true
	}
	return out
}

// inviteContext is left out of a private deal, which invites nobody.
func inviteContext(a Answers) *invite {
	if !Deal(a.DealType).HasTarget() {
		return nil
	}
	out := invite{Notes: Clean(a.InviteContext.Notes)}
	if id := Clean(a.InviteContext.InvitedBy.OrganizationID); id != "" {
		out.InvitedBy = &invitedBy{id}
	}
	if out == (invite{}) {
		return nil
	}
	return &out
}
