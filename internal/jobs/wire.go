package jobs

import (
	"encoding/json"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// fromWire converts Microsoft's referral to the domain's type. Fields that the answer leaves out,
// such as the closing date, are taken from the body that was sent. Raw stays as received.
func fromWire(w *partnercenter.Referral, sent []byte) referral.Referral {
	r := referral.Referral{
		RemoteID: w.ID, EngagementID: w.EngagementID,
		Name: w.Name, Customer: w.CustomerProfile.Name, ExternalReferenceID: w.ExternalReferenceID,
		Country: w.CustomerProfile.Address.Country, DealValue: money(w.Details.DealValue),
		Currency: w.Details.Currency, ClosingDate: day(w.Details.ClosingDateTime.Time),
		Status: w.Status, Substatus: w.Substatus, Direction: w.Direction, Team: addresses(w.Team),
		ETag: w.ETag, Raw: w.Raw, UpdatedAt: w.Updated.Time,
		Dates: referral.Dates{OpenedAt: w.Created.Time, DecidedAt: decided(w),
			ExpiresAt: w.Expires.Time},
	}
	if r.Name == "" || r.Customer == "" || r.ExternalReferenceID == "" || r.Country == "" ||
		r.DealValue == "" || r.Currency == "" || r.ClosingDate == "" {
		complete(&r, sent)
	}
	return r
}

// complete fills in empty fields from the body that was sent.
func complete(r *referral.Referral, sent []byte) {
	var own struct {
		Name                string `json:"name"`
		ExternalReferenceID string `json:"externalReferenceId"`
		CustomerProfile     struct {
			Name    string `json:"name"`
			Address struct {
				Country string `json:"country"`
			} `json:"address"`
		} `json:"customerProfile"`
		Details struct {
			DealValue       partnercenter.Decimal `json:"dealValue"`
			Currency        string                `json:"currency"`
			ClosingDateTime partnercenter.Time    `json:"closingDateTime"`
		} `json:"details"`
	}
	// Members of an unexpected type are left empty, like missing ones.
	_ = json.Unmarshal(sent, &own)
	r.Name = or(r.Name, own.Name)
	r.Customer = or(r.Customer, own.CustomerProfile.Name)
	r.ExternalReferenceID = or(r.ExternalReferenceID, own.ExternalReferenceID)
	r.Country = or(r.Country, own.CustomerProfile.Address.Country)
	r.DealValue = or(r.DealValue, money(own.Details.DealValue))
	r.Currency = or(r.Currency, own.Details.Currency)
	r.ClosingDate = or(r.ClosingDate, day(own.Details.ClosingDateTime.Time))
}

// addresses are the e-mail addresses of a team.
func addresses(team []partnercenter.Member) []string {
	var all []string
	for _, m := range team {
		if m.Email != "" {
			all = append(all, m.Email)
		}
	}
	return all
}

// decided is when a referral was accepted, or closed without that.
func decided(w *partnercenter.Referral) time.Time {
	if w.Accepted.IsZero() {
		return w.Closed.Time
	}
	return w.Accepted.Time
}

func or(value, instead string) string {
	if value == "" {
		return instead
	}
	return value
}

func money(value partnercenter.Decimal) string {
	m, _ := referral.ParseMoney(string(value), "")
	return string(m)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
