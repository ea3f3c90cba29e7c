package practice

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	alpha2 = regexp.MustCompile(`^[A-Za-z]{2}$`)
	alpha3 = regexp.MustCompile(`^[A-Za-z]{3}$`)
)

// refuseReason says why the service would refuse a referral, or "". It needs
// more than its documentation marks as required.
func refuseReason(doc document) string {
	for _, check := range []func(document) string{
		missingText, wrongChoice, wrongStatus, wrongFormat, missingConsent, missingSolution,
		incompleteTeam, missingIntent, missingContact, missingServices,
	} {
		if reason := check(doc); reason != "" {
			return reason
		}
	}
	return ""
}

func missingText(doc document) string {
	for _, path := range []string{
		"name", "type", "customerProfile.name", "customerProfile.address.addressLine1",
		"customerProfile.address.city", "customerProfile.address.country", "details.dealValue",
		"details.currency", "details.closingDateTime",
	} {
		if doc.text(path) == "" {
			return path + " is missing"
		}
	}
	return ""
}

func wrongChoice(doc document) string {
	for path, allowed := range map[string][]string{
		"type":          {"Shared", "Independent"},
		"qualification": {"None", "Direct", "MarketingQualified", "SalesQualified"},
		"inviteContext.assistanceRequestCode": {
			"Unknown", "GeneralOrOther", "CustomerTechnicalArchitecture", "ProofOfConceptOrDemo",
			"QuotesOrLicensing", "PostSalesCustomerSuccess", "WorkloadSpecificValueProposition",
		},
	} {
		if value := doc.text(path); value != "" && !oneOf(value, allowed...) {
			return path + " is none of the known values"
		}
	}
	return ""
}

func oneOf(value string, allowed ...string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, value) })
}

func wrongStatus(doc document) string {
	status, substatus := doc.text("status"), doc.text("substatus")
	if status == "" && substatus == "" || statusPair(status, substatus) {
		return ""
	}
	return fmt.Sprintf("status %q does not go with substatus %q", status, substatus)
}

func statusPair(status, substatus string) bool {
	switch strings.ToLower(status) {
	case "new":
		return oneOf(substatus, "Pending", "Received")
	case "active":
		return oneOf(substatus, "Accepted")
	case "closed":
		return oneOf(substatus, "Won", "Lost", "Declined", "Expired")
	}
	return false
}

func wrongFormat(doc document) string {
	if !alpha2.MatchString(doc.text("customerProfile.address.country")) {
		return "customerProfile.address.country is not an ISO 3166-1 alpha-2 code"
	}
	if !alpha3.MatchString(doc.text("details.currency")) {
		return "details.currency is not an ISO 4217 code"
	}
	if !positive(doc.text("details.dealValue")) {
		return "details.dealValue is not a number above 0"
	}
	if _, err := time.Parse(time.RFC3339, doc.text("details.closingDateTime")); err != nil {
		return "details.closingDateTime is not a UTC date and time"
	}
	return ""
}

// positive accepts what JSON calls a number, also when it came as a string.
func positive(s string) bool {
	v, err := strconv.ParseFloat(s, 64)
	return err == nil && v > 0 && json.Valid([]byte(s))
}

func missingConsent(doc document) string {
	if !doc.yes("consent.consentToToShareInfoWithOthers") {
		return "consent.consentToToShareInfoWithOthers is not true"
	}
	return ""
}

func missingSolution(doc document) string {
	for _, solution := range doc.list("details.requirements.solutions") {
		if solution.text("id") != "" {
			return ""
		}
	}
	return "details.requirements.solutions is empty"
}

func incompleteTeam(doc document) string {
	if anyWith(doc.list("team"), "firstName", "lastName", "phoneNumber", "email") {
		return ""
	}
	return "team has nobody with first name, last name, phone and e-mail"
}

// missingIntent lets bodies pass that lack the consent about Microsoft's sellers: the documented
// sample is older than that consent and the intent.
func missingIntent(doc document) string {
	if doc.at("consent.consentToShareReferralWithMicrosoftSellers") == nil {
		return ""
	}
	for _, a := range doc.list("details.requirements.additionalRequirements.attributes") {
		if oneOf(a.text("type"), "CustomerMarketplaceIntent") && a.text("id") != "" {
			return ""
		}
	}
	return "details.requirements.additionalRequirements has no CustomerMarketplaceIntent"
}

// missingContact applies to co-sell deals, in which Microsoft's seller has to reach somebody at the
// customer.
func missingContact(doc document) string {
	if !oneOf(doc.text("type"), "Shared") ||
		anyWith(doc.list("customerProfile.team"), "firstName", "phoneNumber", "email") {
		return ""
	}
	return "customerProfile.team has nobody with name, phone and e-mail"
}

// missingServices applies to services co-sell deals. Those are the ones with any of three
// attributes, and need all three.
func missingServices(doc document) string {
	given := map[string]bool{}
	for _, a := range doc.list("details.requirements.additionalRequirements.attributes") {
		if a.text("id") != "" {
			given[strings.ToLower(a.text("type"))] = true
		}
	}
	needed := []string{"PartnerRole", "SolutionArea", "SolutionPlay"}
	has := func(name string) bool { return given[strings.ToLower(name)] }
	if !slices.ContainsFunc(needed, has) {
		return ""
	}
	for _, name := range needed {
		if !has(name) {
			return "details.requirements.additionalRequirements has no " + name
		}
	}
	if !oneOf(doc.text("type"), "Shared") {
		return "a services co-sell deal is Shared"
	}
	return ""
}

// anyWith says whether one of the members has all these texts.
func anyWith(members []document, names ...string) bool {
	return slices.ContainsFunc(members, func(m document) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return m.text(name) == "" })
	})
}
