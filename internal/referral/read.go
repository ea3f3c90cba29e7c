package referral

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// answer is the body of an answer. It differs from what is sent: Microsoft sometimes prints ids as
// {} and values as text, and adds names.
type answer struct {
	body
	CampaignID string `json:"campaignId"`
	SalesStage string `json:"salesStage"`
	Details    struct {
		detailsBody
		DealValue any `json:"dealValue"`
	} `json:"details"`
	CustomerProfile struct {
		profile
		IDs any `json:"ids"`
	} `json:"customerProfile"`
}

// ReadAnswers returns a referral's JSON as answers, to be shown to people: it reverses Payload as
// far as that is possible. Fields of an unexpected type are left empty; it fails only when raw is
// not a JSON object.
func ReadAnswers(raw []byte) (Answers, error) {
	var b answer
	err := json.Unmarshal(raw, &b)
	var odd *json.UnmarshalTypeError
	if err != nil && (!errors.As(err, &odd) || odd.Field == "") {
		return Answers{}, fmt.Errorf("reading a referral: %w", err)
	}
	a := Answers{
		Name: b.Name, ExternalReferenceID: b.ExternalReferenceID, Qualification: b.Qualification,
		StatusReason: b.StatusReason, CustomerProfile: readProfile(b), Details: readDetails(b),
		Team: readMembers(b.Team), Consent: readConsent(b.Consent),
	}
	a.CampaignID, a.SalesStage = b.CampaignID, b.SalesStage
	a.Status = strings.TrimSuffix(b.Status+"/"+b.Substatus, "/")
	for _, t := range b.Target {
		a.Target = append(a.Target, Target{Type: t.Type, ID: []string{t.ID}})
	}
	if b.InviteContext != nil {
		a.InviteContext.Notes = b.InviteContext.Notes
	}
	if more := b.Details.Requirements.Additional; more != nil {
		a.MarketplaceIntent = readAttribute(more.Attributes, attributeIntent)
		a.Services = readServices(more.Attributes)
	}
	return a, nil
}

func readProfile(b answer) CustomerProfile {
	p, at := b.CustomerProfile, b.CustomerProfile.Address
	return CustomerProfile{Name: p.Name, Size: p.Size, Team: readMembers(p.Team),
		Address: Address(at), Duns: readID(p.IDs, "Duns"), ExternalID: readID(p.IDs, "External")}
}

func readID(ids any, kind string) string {
	list, _ := ids.([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		if profileType, _ := m["profileType"].(string); strings.EqualFold(profileType, kind) {
			id, _ := m["id"].(string)
			return id
		}
	}
	return ""
}

func readDetails(b answer) Details {
	d := b.Details
	out := Details{Currency: d.Currency, Notes: d.Notes}
	if day, ok := ParseDate(d.ClosingDateTime); ok {
		out.Closing = day.Typed()
	}
	switch v := d.DealValue.(type) {
	case float64:
		out.DealValue = strings.TrimSuffix(fmt.Sprintf("%.2f", v), ".00")
	case string:
		out.DealValue = v
	}
	r := d.Requirements
	out.Requirements = Requirements{Industries: readTags(r.Industries),
		Products: readTags(r.Products), Services: readTags(r.Services)}
	for _, s := range r.Solutions {
		out.Requirements.Solutions = append(out.Requirements.Solutions, s.ID)
	}
	return out
}

func readTags(tags []tag) []string {
	var out []string
	for _, t := range tags {
		out = append(out, t.ID)
	}
	return out
}

func readMembers(all []memberBody) []Member {
	var out []Member
	for _, m := range all {
		out = append(out, Member{FirstName: m.FirstName, LastName: m.LastName, Email: m.Email,
			PhoneNumber: m.PhoneNumber, ContactPreference: ContactPreference{
				Locale:               strings.ToLower(m.ContactPreference.Locale),
				DisableNotifications: fmt.Sprint(m.ContactPreference.DisableNotifications)}})
	}
	return out
}

func readConsent(c consentBody) Consent {
	return Consent{ShareInfo: fmt.Sprint(c.ShareInfo), Contact: fmt.Sprint(c.Contact)}
}
