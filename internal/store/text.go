package store

import (
	"strings"

	"tandem/internal/referral"
)

// plain is the stored form of a text that somebody else wrote: PostgreSQL keeps no zero byte in a
// text (its error 22021), and a sign that stands for it says that there was one.
func plain(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }

// readable makes what Microsoft says of a referral fit for columns of text. Raw stays as received.
func readable(r referral.Referral) referral.Referral {
	for _, text := range []*string{&r.RemoteID, &r.EngagementID, &r.Name, &r.Customer,
		&r.ExternalReferenceID, &r.Country, &r.DealValue, &r.Currency, &r.ClosingDate, &r.Status,
		&r.Substatus, &r.Direction, &r.ETag} {
		*text = plain(*text)
	}
	return r
}
