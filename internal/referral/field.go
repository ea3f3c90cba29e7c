package referral

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Field is what Tandem knows about one answer: where it is asked and what it is called.
type Field struct {
	// Path is the name of the input: the API's JSON path, with %d for the number of a person.
	Path string
	// ID is the id of the input in the page, with %d for the person's number from 1.
	ID string
	// Label is what people read.
	Label string
	// Step is the page that asks; StepCheck when none does.
	Step Step
}

const attributesPath = "details.requirements.additionalRequirements.attributes"

func fields() []Field {
	return slices.Concat(customerFields(), dealFields(), targetFields(), microsoftFields())
}

// customerFields are those about the customer: profile, contacts and consent.
func customerFields() []Field {
	return []Field{
		{"customerProfile.name", "name", "Organisation name", StepCustomer},
		{"customerProfile.size", "size", "Number of employees", StepCustomer},
		{"customerProfile.address.country", "country", "Country or region", StepCustomer},
		{"customerProfile.address.addressLine1", "line1", "Address line 1", StepCustomer},
		{"customerProfile.address.addressLine2", "line2", "Address line 2", StepCustomer},
		{"customerProfile.address.city", "city", "City", StepCustomer},
		{"customerProfile.address.state", "state", "State or province", StepCustomer},
		{"customerProfile.address.postalCode", "postal", "Postal code", StepCustomer},
		{"customerProfile.address.region", "region", "Region", StepCustomer},
		{"customerProfile.duns", "duns", "D-U-N-S number", StepCustomer},
		{"customerProfile.externalId", "external", "Your customer ID", StepCustomer},
		{"customerProfile.ids", "duns", "Customer IDs", StepCustomer},
		{"customerProfile.team[%d].firstName", "c%d-first", "First name", StepContacts},
		{"customerProfile.team[%d].lastName", "c%d-last", "Last name", StepContacts},
		{"customerProfile.team[%d].email", "c%d-email", "Email address", StepContacts},
		{"customerProfile.team[%d].phoneNumber", "c%d-phone", "Phone number", StepContacts},
		{"customerProfile.team[%d].contactPreference.locale", "c%d-locale", "Language for emails",
			StepContacts},
		{"customerProfile.team[%d].contactPreference.disableNotifications", "c%d-mail",
			"Emails from Microsoft turned off", StepContacts},
		{"customerProfile.team", "c1-first", "Customer contacts", StepContacts},
		{"consent.consentToToShareInfoWithOthers", "share", "Share their information", StepConsent},
		{"consent.consentToContact", "contact", "Contact them", StepConsent},
		{"consent.consentToShareReferralWithMicrosoftSellers", "share",
			"Microsoft’s sellers can see it", StepConsent},
	}
}

// dealFields are those about the deal and what the customer needs.
func dealFields() []Field {
	return []Field{
		{"name", "referral-name", "Referral name", StepDeal},
		{"externalReferenceId", "crm-ref", "Your CRM reference", StepDeal},
		{"details.dealValue", "deal-value", "Deal value", StepDeal},
		{"details.currency", "currency", "Currency", StepDeal},
		{"details.closingDateTime", "closing-day", "Closing date", StepDeal},
		{"details.closingDateTime.day", "closing-day", "Closing date", StepDeal},
		{"details.closingDateTime.month", "closing-month", "Closing date", StepDeal},
		{"details.closingDateTime.year", "closing-year", "Closing date", StepDeal},
		{"qualification", "qual", "Qualification", StepDeal},
		{"marketplaceIntent", "intent", "Marketplace purchase", StepDeal},
		{attributesPath, "intent", "Marketplace purchase", StepDeal},
		{attributesPath + "[" + attributeIntent + "]", "intent", "Marketplace purchase", StepDeal},
		{attributesPath + "[" + attributeRole + "]", "partner-role", "Partner role", StepNeeds},
		{attributesPath + "[" + attributeArea + "]", "solution-area", "Solution area", StepNeeds},
		{attributesPath + "[" + attributePlay + "]", "solution-play", "Solution play", StepNeeds},
		{"services.partnerRole", "partner-role", "Partner role", StepNeeds},
		{"services.solutionArea", "solution-area", "Solution area", StepNeeds},
		{"services.solutionPlay", "solution-play", "Solution play", StepNeeds},
		{"services.otherRole", "other-role", "Another partner role", StepNeeds},
		{"services.otherArea", "other-area", "Another solution area", StepNeeds},
		{"services.otherPlay", "other-play", "Another solution play", StepNeeds},
		{"details.notes", "notes", "Notes", StepDeal},
		{"details.requirements.industries", "industries", "Industries", StepNeeds},
		{"details.requirements.products", "products", "Products", StepNeeds},
		{"details.requirements.services", "services", "Services", StepNeeds},
		{"details.requirements.solutions", "solutions", "Solutions", StepNeeds},
		{"details.requirements.ownSolutions", "own-solutions", "Our solutions", StepNeeds},
		{"details.requirements.solutionIds", "solution-ids", "Solutions by ID", StepNeeds},
	}
}

// targetFields are those about our team, the target and the invitation.
func targetFields() []Field {
	return []Field{
		{"team[%d].firstName", "t%d-first", "First name", StepTeam},
		{"team[%d].lastName", "t%d-last", "Last name", StepTeam},
		{"team[%d].email", "t%d-email", "Email address", StepTeam},
		{"team[%d].phoneNumber", "t%d-phone", "Phone number", StepTeam},
		{"team[%d].contactPreference.locale", "t%d-locale", "Language for emails", StepTeam},
		{"team[%d].contactPreference.disableNotifications", "t%d-mail",
			"Emails from Microsoft turned off", StepTeam},
		{"team", "t1-first", "Our team", StepTeam},
		{"target[0].type", "target-type", "Target", StepTarget},
		{"target[0].id", "solution-id", "Target", StepTarget},
		{OtherSolutionPath, "other-solution", "Another solution ID", StepTarget},
		{LocationPath, "location-id", "Business profile location ID", StepTarget},
		{"target", "target-type", "Target", StepTarget},
		{"inviteContext.notes", "invite", "Invite message", StepTarget},
		{"inviteContext.invitedBy.organizationId", "invited-by", "Invited by", StepTarget},
		{"status", "status", "Status", StepTarget},
		{"substatus", "status", "Substatus", StepTarget},
		{"statusReason", "reason", "Status reason", StepTarget},
	}
}

// microsoftFields are those that no page of a draft asks for; most of them only Microsoft sets.
func microsoftFields() []Field {
	return []Field{
		{"salesStage", "sales-stage", "Sales stage", StepCheck},
		{"campaignId", "campaign", "Campaign", StepCheck},
		{"referralProgram", "", "Referral program", StepCheck},
		{"id", "", "Referral ID", StepCheck},
		{"engagementId", "", "Engagement ID", StepCheck},
		{"organizationId", "", "Organisation ID", StepCheck},
		{"organizationName", "", "Organisation", StepCheck},
		{"createdDateTime", "", "Created", StepCheck},
		{"updatedDateTime", "", "Updated", StepCheck},
		{"expirationDateTime", "", "Expires", StepCheck},
		{"acceptedDateTime", "", "Accepted", StepCheck},
		{"closedDateTime", "", "Closed", StepCheck},
		{"type", "", "Type", StepCheck},
		{"direction", "", "Direction", StepCheck},
		{"inviteContext.assistanceRequestCode", "help", "Help asked of Microsoft", StepCheck},
		{"inviteContext.invitedBy.organizationName", "", "Inviting organisation", StepCheck},
	}
}

var personIndex = regexp.MustCompile(`\[(\d{1,3})\]`)

// FieldOf finds the field of a JSON path, in any case and with or without a leading "referral." or
// "$."; ok is false when there is none. Number is that of the person, from 1, or 0 when the path
// names no person.
func FieldOf(path string) (f Field, number int, ok bool) {
	path = strings.ReplaceAll(strings.TrimSpace(path), "/", ".")
	path = strings.TrimLeft(path, "$.")
	path = cutPrefixFold(path, "referral.")
	generic, n := path, 0
	if m := personIndex.FindStringSubmatch(path); m != nil && !hasPrefixFold(path, "target") {
		i, _ := strconv.Atoi(m[1])
		generic, n = strings.Replace(path, m[0], "[%d]", 1), i+1
	}
	for _, f := range Fields() {
		if strings.EqualFold(f.Path, generic) {
			return numbered(f, n), n, true
		}
	}
	return Field{}, 0, false
}

func numbered(f Field, n int) Field {
	if n > 0 {
		f.Path = index(f.Path, n-1)
		f.ID = strings.Replace(f.ID, "%d", strconv.Itoa(n), 1)
	}
	return f
}

// ElementID returns the id of the input that takes the path, or "" when there is none.
func ElementID(path string) string {
	f, _, _ := FieldOf(path)
	return f.ID
}

// FieldRank orders paths as their questions are asked; unknown paths come last.
func FieldRank(path string) int {
	f, n, ok := FieldOf(path)
	if !ok {
		return math.MaxInt
	}
	i := slices.IndexFunc(Fields(), func(x Field) bool { return numbered(x, n).Path == f.Path })
	return slices.Index(Steps(), f.Step)*10_000 + n*100 + i
}
