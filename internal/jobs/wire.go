package jobs

import (
	"encoding/json"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// fromWire reads Microsoft's referral into the domain. What Microsoft's answer leaves out, as it
// does with the closing date, is taken from the body that was sent; Raw stays as received.
func fromWire(w *partnercenter.Referral, sent []byte) referral.Referral {
	var own partnercenter.Referral
	// Members of unexpected kinds are left empty, which is what a missing one is.
	_ = json.Unmarshal(sent, &own)
	return referral.Referral{
		RemoteID: w.ID, EngagementID: w.EngagementID,
		Name:     or(w.Name, own.Name),
		Customer: or(w.CustomerProfile.Name, own.CustomerProfile.Name),

		ExternalReferenceID: or(w.ExternalReferenceID, own.ExternalReferenceID),
		Country:             or(w.CustomerProfile.Address.Country, own.CustomerProfile.Address.Country),
		DealValue:           money(w.Details, own.Details),
		Currency:            or(w.Details.Currency, own.Details.Currency),
		ClosingDate: or(day(w.Details.ClosingDateTime.Time),
			day(own.Details.ClosingDateTime.Time)),
		Status: w.Status, Substatus: w.Substatus, Direction: w.Direction, Team: addresses(w.Team),
		ETag: w.ETag, Raw: w.Raw, UpdatedAt: w.Updated.Time,
		Dates: referral.Dates{OpenedAt: w.Created.Time, DecidedAt: decided(w),
			ExpiresAt: w.Expires.Time},
	}
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

func money(answered, sent partnercenter.Details) string {
	if m, ok := referral.ParseMoney(string(answered.DealValue), ""); ok {
		return string(m)
	}
	m, _ := referral.ParseMoney(string(sent.DealValue), "")
	return string(m)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
