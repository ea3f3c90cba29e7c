package store

import (
	"strings"

	"tandem/internal/referral"
)

// plain is the stored form of a text that somebody else wrote. PostgreSQL refuses zero bytes in
// texts (error 22021), so a replacement character takes their place.
func plain(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }

// readable makes Microsoft's texts about a referral fit for text columns. Raw stays as received.
func readable(r referral.Referral) referral.Referral {
	for _, text := range []*string{&r.RemoteID, &r.EngagementID, &r.Name, &r.Customer,
		&r.ExternalReferenceID, &r.Country, &r.DealValue, &r.Currency, &r.ClosingDate, &r.Status,
		&r.Substatus, &r.Direction, &r.ETag} {
		*text = plain(*text)
	}
	return r
}
