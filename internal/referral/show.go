package referral

import (
	"strings"
	"time"
)

// ShowValue returns a leaf of a referral's JSON as people read it: amounts with the currency, days
// and UTC times in words, labels for ids, yes and no. What it does not know it returns as it is.
func ShowValue(path, value, currency string) string {
	path = strings.ToLower(path)
	switch {
	case value == "":
		return ""
	case path == "details.dealvalue":
		return Money(value).Format(currency)
	case strings.HasSuffix(path, "datetime"):
		return showTime(value)
	case strings.HasSuffix(path, ".disablenotifications"), strings.HasPrefix(path, "consent."):
		return showYesNo(value)
	case strings.HasSuffix(path, ".locale"):
		return LabelOf(Locales(), strings.ToLower(value))
	}
	return showChoice(path, value)
}

func showChoice(path, value string) string {
	switch path {
	case "customerprofile.address.country":
		return CountryName(value)
	case "customerprofile.size":
		return SizeLabel(value)
	case "qualification":
		return LabelOf(Qualifications(), value)
	case "details.requirements.additionalrequirements.attributes[customermarketplaceintent]":
		return LabelOf(MarketplaceIntents(), value)
	case "invitecontext.assistancerequestcode":
		return LabelOf(HelpCodes(), value)
	case "details.requirements.industries":
		return LabelOf(Industries(), value)
	case "details.requirements.products":
		return LabelOf(Products(), value)
	case "details.requirements.services":
		return LabelOf(Services(), value)
	case "details.requirements.solutions":
		return LabelOf(Solutions(), value)
	}
	return value
}

func showYesNo(value string) string {
	switch value {
	case "true":
		return "Yes"
	case "false":
		return "No"
	}
	return value
}

// showTime shows midnight UTC as a day: that is how the API writes days.
func showTime(value string) string {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format("2 January 2006")
	}
	return t.Format("2 January 2006, 15:04:05 (UTC)")
}

// StatusLabel returns status and substatus as people read them: Active – Accepted.
func StatusLabel(status, substatus string) string {
	if substatus == "" {
		return status
	}
	return status + " – " + substatus
}
