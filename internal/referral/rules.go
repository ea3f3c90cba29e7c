package referral

import (
	"regexp"
	"strings"
)

// The longest answers, in characters. The limits are ours: the API publishes none.
const (
	maxName  = 200
	maxTitle = 120
	maxShort = 100
	maxNotes = 1000
	maxZip   = 20
)

// Check returns what is wrong with the answers of one step, in page order; today decides whether
// the closing date has passed. What is asked follows from the deal type.
func Check(a Answers, s Step, today Date) Problems {
	switch s {
	case StepCustomer:
		return checkCustomer(a.CustomerProfile)
	case StepContacts:
		return checkContacts(a)
	case StepConsent:
		return checkConsent(a.Consent)
	case StepDeal:
		return checkDeal(a, today)
	case StepNeeds:
		return checkNeeds(a)
	case StepTeam:
		return checkTeam(a)
	case StepTarget:
		return checkTarget(a)
	}
	return nil
}

// CheckAll returns what is wrong with each step that has something wrong.
func CheckAll(a Answers, today Date) map[Step]Problems {
	out := map[Step]Problems{}
	for _, s := range Steps() {
		if ps := Check(a, s, today); len(ps) > 0 {
			out[s] = ps
		}
	}
	return out
}

func checkCustomer(c CustomerProfile) Problems {
	var ps Problems
	ps.text("customerProfile.name", c.Name, "Enter the organisation name",
		"Organisation name must be %s characters or less", maxName)
	if c.Size != "" && SizeLabel(c.Size) == c.Size {
		ps.add("customerProfile.size", "Select the number of employees from the list")
	}
	ps.checkAddress(c.Address)
	ps.atMost("customerProfile.address.region", c.Address.Region,
		"Region must be %s characters or less", maxShort)
	if d := dunsDigits(c.Duns); d != "" && !dunsPattern.MatchString(d) {
		ps.add("customerProfile.duns", "D-U-N-S number must be 9 numbers")
	}
	ps.atMost("customerProfile.externalId", c.ExternalID,
		"Your customer ID must be %s characters or less", maxShort)
	return ps
}

func (ps *Problems) checkAddress(a Address) {
	const at = "customerProfile.address."
	ps.oneOf(at+"country", a.Country, Countries(), "Select a country or region")
	ps.text(at+"addressLine1", a.AddressLine1,
		"Enter address line 1, typically the building and street",
		"Address line 1 must be %s characters or less", maxName)
	ps.atMost(at+"addressLine2", a.AddressLine2,
		"Address line 2 must be %s characters or less", maxName)
	ps.text(at+"city", a.City, "Enter the city", "City must be %s characters or less", maxShort)
	state, code := named(states(), a.Country), named(postalCodes(), a.Country)
	if StateRequired(a.Country) {
		ps.require(at+"state", a.State, state.missing)
	}
	ps.atMost(at+"state", a.State, state.tooLong, maxShort)
	if PostalCodeRequired(a.Country) {
		ps.require(at+"postalCode", a.PostalCode, code.missing)
	}
	ps.atMost(at+"postalCode", a.PostalCode, code.tooLong, maxZip)
}

var dunsPattern = regexp.MustCompile(`^\d{9}$`)

// dunsDigits drops the spaces and hyphens with which a D-U-N-S number is often written.
func dunsDigits(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(Narrow(s), " ", ""), "-", "")
}

func checkConsent(c Consent) Problems {
	var ps Problems
	if !yesNo(c.ShareInfo) {
		ps.add("consent.consentToToShareInfoWithOthers",
			"Select yes if the customer agreed that you share their information")
	}
	if !yesNo(c.Contact) {
		ps.add("consent.consentToContact", "Select yes if the customer agreed to be contacted")
	}
	return ps
}

func yesNo(s string) bool { return s == "true" || s == "false" }

// Stop says why a deal cannot go on although every answer is valid; empty when it can. Without the
// customer's agreement Microsoft may not see the deal. Its service refuses even private deals
// without it, with a 400 that does not say so.
func Stop(a Answers) string {
	switch {
	case a.Consent.ShareInfo == "false":
		return StopShare
	case a.Consent.Contact == "false" && Deal(a.DealType).Connects():
		return StopContact
	}
	return ""
}

// The reasons of Stop.
const (
	StopShare   = "share"
	StopContact = "contact"
)

func checkDeal(a Answers, today Date) Problems {
	var ps Problems
	ps.text("name", a.Name, "Enter a referral name",
		"Referral name must be %s characters or less", maxTitle)
	ps.atMost("externalReferenceId", a.ExternalReferenceID,
		"Your CRM reference must be %s characters or less", maxShort)
	ps.checkMoney("details.dealValue", a.Details.DealValue, a.Details.Currency)
	ps.oneOf("details.currency", a.Details.Currency, Currencies(), "Select a currency")
	ps.checkClosing(a.Details.Closing, today)
	ps.oneOf("qualification", a.Qualification, Qualifications(),
		"Select how qualified this deal is")
	// Microsoft's service wants the answer for every deal type, though its 400 does not say so.
	ps.oneOf("marketplaceIntent", a.MarketplaceIntent, MarketplaceIntents(),
		"Select whether the customer means to buy through Microsoft Marketplace")
	if Deal(a.DealType).Connects() {
		ps.require("details.notes", a.Details.Notes,
			"Enter notes for the people working on the deal")
	}
	ps.atMost("details.notes", a.Details.Notes, "Notes must be %s characters or less", maxNotes)
	return ps
}

func (ps *Problems) checkMoney(path, typed, code string) {
	if !ps.require(path, typed, "Enter the deal value") {
		return
	}
	m, ok := ParseMoney(typed, code)
	switch {
	case !ok:
		ps.add(path, "Deal value must be a number, like 50000 or 50,000.50")
	case !m.Positive():
		ps.add(path, "Deal value must be more than 0")
	case m.TooLarge():
		ps.add(path, "Deal value must be 999,999,999,999.99 or less")
	case m.HasDecimals() && Decimals(code) == 0:
		ps.add(path, "Deal value in %s must not have decimals", code)
	}
}

func (ps *Problems) checkClosing(c ClosingDate, today Date) {
	const path = "details.closingDateTime"
	day, real := c.Date()
	real = real && !c.yearWrong()
	switch {
	case real && day.Before(today):
		ps.add(path+".day", "Closing date must be today or in the future")
	case real:
	case c.Empty():
		ps.add(path+".day", "Enter the closing date")
	case ps.missingPart(path, c):
	case c.yearWrong():
		ps.add(path+".year", "Year must include 4 numbers")
	default:
		ps.add(path+".day", "Closing date must be a real date")
	}
}

// missingPart adds a message about the parts of a date that are empty, at the first of them. It
// reports whether there are any.
func (ps *Problems) missingPart(path string, c ClosingDate) bool {
	day, month, year := Clean(c.Day) == "", Clean(c.Month) == "", Clean(c.Year) == ""
	switch {
	case day && month:
		ps.add(path+".day", "Closing date must include a day and a month")
	case day && year:
		ps.add(path+".day", "Closing date must include a day and a year")
	case month && year:
		ps.add(path+".month", "Closing date must include a month and a year")
	case day:
		ps.add(path+".day", "Closing date must include a day")
	case month:
		ps.add(path+".month", "Closing date must include a month")
	case year:
		ps.add(path+".year", "Closing date must include a year")
	}
	return day || month || year
}
