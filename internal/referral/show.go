package referral

import (
	"strings"
	"time"
)

// Words is a language: how it translates labels of this package, countries and times.
type Words interface {
	// Label translates a label, and returns one that it does not know unchanged.
	Label(english string) string
	Region(code string) string
	Date(t time.Time) string
	// FullTime has seconds and the time zone.
	FullTime(t time.Time) string
}

// ShowValue returns a leaf of a referral's JSON as people read it: amounts with the currency, days
// and UTC times in words, labels for ids, yes and no. Anything else is returned unchanged.
func ShowValue(w Words, path, value, currency string) string {
	path = strings.ToLower(path)
	switch {
	case value == "":
		return ""
	case path == "details.dealvalue":
		return Money(value).Format(currency)
	case strings.HasSuffix(path, "datetime"):
		return showTime(w, value)
	case strings.HasSuffix(path, ".disablenotifications"), strings.HasPrefix(path, "consent."):
		return showYesNo(w, value)
	case strings.HasSuffix(path, ".locale"):
		return label(w, Locales(), strings.ToLower(value))
	}
	return showChoice(w, path, value)
}

func showChoice(w Words, path, value string) string {
	switch path {
	case "status":
		return ParseStanding(value).In(w)
	case "substatus", "type":
		return w.Label(value)
	case "customerprofile.address.country":
		return w.Region(value)
	}
	return label(w, choicesFor(path), value)
}

// choicesFor returns the list that the value at a path in lower case is from, nil for a path without
// one.
func choicesFor(path string) []Choice {
	switch path {
	case "customerprofile.size":
		return ungrouped(CustomerSizes())
	case "qualification":
		return Qualifications()
	case "marketplaceintent",
		"details.requirements.additionalrequirements.attributes[customermarketplaceintent]":
		return MarketplaceIntents()
	case "invitecontext.assistancerequestcode":
		return HelpCodes()
	case "details.requirements.industries":
		return Industries()
	case "details.requirements.products":
		return Products()
	case "details.requirements.services":
		return Services()
	case "details.requirements.solutions":
		return Solutions()
	}
	return nil
}

// label returns the label of an id, or the id if the list does not have it.
func label(w Words, choices []Choice, id string) string {
	if !Has(choices, id) {
		return id
	}
	return w.Label(LabelOf(choices, id))
}

func showYesNo(w Words, value string) string {
	switch value {
	case "true":
		return w.Label("Yes")
	case "false":
		return w.Label("No")
	}
	return value
}

// showTime shows midnight UTC as a day: that is how the API writes days.
func showTime(w Words, value string) string {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return w.Date(t)
	}
	return w.FullTime(t)
}
