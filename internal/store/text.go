package store

import (
	"strings"
	"unicode/utf8"

	"tandem/internal/referral"
)

// The most bytes of a text in an index: PostgreSQL refuses rows of an index of more than 2704
// (error 54000). What is typed in Tandem fits into what is searched, in any script.
const (
	maxCode   = 64
	maxSought = 2000
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
	for _, code := range []*string{&r.Country, &r.Status, &r.Substatus} {
		*code = start(*code, maxCode)
	}
	return r
}

// start is as much of the beginning of a text as n bytes hold.
func start(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
