package main

import (
	"net/url"
	"strconv"
	"strings"
)

// bareReferral is the referral that the bare program makes from a form and posts.
type bareReferral struct {
	Name            string       `json:"name"`
	ExternalID      string       `json:"externalReferenceId"`
	ReferralType    string       `json:"referralType"`
	Qualification   string       `json:"qualification"`
	CustomerProfile bareCustomer `json:"customerProfile"`
	Consent         bareConsent  `json:"consent"`
	Details         bareDetails  `json:"details"`
	Team            []bareMember `json:"team"`
	InviteContext   bareInvite   `json:"inviteContext"`
	Target          []bareTarget `json:"target"`
}

type bareCustomer struct {
	Name    string       `json:"name"`
	Size    string       `json:"size"`
	Address bareAddress  `json:"address"`
	Team    []bareMember `json:"team"`
}

type bareAddress struct {
	Line1      string `json:"addressLine1"`
	City       string `json:"city"`
	State      string `json:"state"`
	PostalCode string `json:"postalCode"`
	Country    string `json:"country"`
}

type bareMember struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
	Phone     string `json:"phoneNumber"`
}

type bareConsent struct {
	Share   bool `json:"consentToShareInfoWithOthers"`
	Contact bool `json:"consentToContact"`
}

type bareDetails struct {
	Notes     string         `json:"notes"`
	DealValue float64        `json:"dealValue"`
	Currency  string         `json:"currency"`
	Closing   string         `json:"closingDateTime"`
	Solutions []bareSolution `json:"solutions"`
}

type bareSolution struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

type bareInvite struct {
	Notes string `json:"notes"`
	Code  string `json:"assistanceRequestCode"`
}

type bareTarget struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// bareForm is a deal with two contacts and three solutions, as a browser posts it.
func bareForm() url.Values {
	return url.Values{"name": {"Contoso field service rollout"}, "external_reference_id": {"CRM-1"},
		"customer_name": {"Contoso Customer Inc"}, "customer_size": {"10to50employees"},
		"address_line": {"One Microsoft Way"}, "city": {"Redmond"}, "state": {"WA"},
		"postal_code": {"98052"}, "country": {"US"}, "contact_first": {"Sue", "Joe"},
		"contact_last": {"Smith", "Doe"}, "contact_phone": {"1234567890", "1234567891"},
		"contact_email": {"sue.smith@contoso.com", "joe.doe@contoso.com"},
		"consent_share": {"true"}, "consent_contact": {"true"}, "deal_value": {"50000"},
		"currency": {"USD"}, "closing_date": {"2099-01-14"},
		"solution": {"Dynamics365forFieldService", "Microsoft365Business", "Security"},
		"notes":    {strings.Repeat("Supply chain on Dynamics 365. ", 10)}}
}

// bareOf makes a referral from a form without checking anything.
func bareOf(f url.Values) bareReferral {
	value, _ := strconv.ParseFloat(f.Get("deal_value"), 64)
	r := bareReferral{
		Name: f.Get("name"), ExternalID: f.Get("external_reference_id"),
		ReferralType: "Independent", Qualification: "Direct",
		CustomerProfile: bareCustomer{Name: f.Get("customer_name"), Size: f.Get("customer_size"),
			Address: bareAddress{Line1: f.Get("address_line"), City: f.Get("city"),
				State: f.Get("state"), PostalCode: f.Get("postal_code"), Country: f.Get("country")}},
		Consent: bareConsent{f.Get("consent_share") == "true", f.Get("consent_contact") == "true"},
		Details: bareDetails{Notes: f.Get("notes"), DealValue: value, Currency: f.Get("currency"),
			Closing: f.Get("closing_date") + "T00:00:00Z"},
		Team: []bareMember{{"Priya", "Raman", "priya.raman@northbridge.example", "+44 20 7946 0018"}},
		InviteContext: bareInvite{Notes: "Please join the call with the customer.",
			Code: "WorkloadSpecificValueProposition"},
		Target: []bareTarget{{"msft", "BusinessProfileLocation"}},
	}
	first, last, phone := f["contact_first"], f["contact_last"], f["contact_phone"]
	for i, mail := range f["contact_email"] {
		if i < min(len(first), len(last), len(phone)) {
			r.CustomerProfile.Team = append(r.CustomerProfile.Team,
				bareMember{first[i], last[i], mail, phone[i]})
		}
	}
	for _, s := range f["solution"] {
		r.Details.Solutions = append(r.Details.Solutions, bareSolution{"SOL-" + s, s, "Name"})
	}
	return r
}
