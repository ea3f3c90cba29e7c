package referral_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/form"
	"tandem/internal/referral"
)

// today is before the closing date of Microsoft's sample.
var today = referral.Date{Year: 2018, Month: time.October, Day: 1}

// seed is what a rep types to get the request of Microsoft's sample, with himself first in the
// team.
func seed() url.Values {
	v := url.Values{
		"dealType":                               {"cosell"},
		"customerProfile.name":                   {"Contoso Customer Inc"},
		"customerProfile.size":                   {"10to50employees"},
		"customerProfile.address.country":        {"US"},
		"customerProfile.address.addressLine1":   {"One Microsoft Way"},
		"customerProfile.address.addressLine2":   {"34"},
		"customerProfile.address.city":           {"Redmond"},
		"customerProfile.address.state":          {"WA"},
		"customerProfile.address.postalCode":     {"98052"},
		"consent.consentToToShareInfoWithOthers": {"true"},
		"consent.consentToContact":               {"true"},
		"name":                                   {"Test Cosell Invite_20"},
		"details.dealValue":                      {"50,000.00"},
		"details.currency":                       {"USD"},
		"details.closingDateTime.day":            {"14"},
		"details.closingDateTime.month":          {"nov"},
		"details.closingDateTime.year":           {"2018"},
		"details.notes": {"Customer is looking to leverage Dynamics 365 to manage their supply " +
			"chain. There is also a need to leverage a set of custom apps to enable their " +
			"business processes."},
		"qualification":                   {"SalesQualified"},
		"marketplaceIntent":               {"HaveNotDecided"},
		"details.requirements.industries": {"Manufacturing"},
		"details.requirements.products":   {"Dynamics365Enterprise"},
		"details.requirements.services":   {"DeploymentOrMigration"},
		"details.requirements.solutions":  {"Dynamics365forFieldService"},
		"target[0].type":                  {"SolutionProfile"},
		"target[0].id":                    {"SOL-34104-EBB", ""},
		"status":                          {"New/Pending"},
		"statusReason":                    {"Customer engagement was a success!"},
		"inviteContext.notes": {"Hi ABC Partner, hoping you can help this customer. " +
			"Thanks, John @ Microsoft"},
		"inviteContext.invitedBy.organizationId": {"msft"},
	}
	person(v, "customerProfile.team[0]", "Sue", "Smith", "1234567890", "sue.smith@contoso.com")
	person(v, "customerProfile.team[1]", "Joe", "Hansen", "4035698759", "joe.hansen@contoso.com")
	person(v, "team[0]", "Priya", "Raman", "+44 20 7946 0018", "priya.raman@northbridge.example")
	person(v, "team[1]", "John", "Doe", "1231231234", "john.doe@microsoft.com")
	return v
}

func person(v url.Values, at, first, last, phone, email string) {
	v.Set(at+".firstName", first)
	v.Set(at+".lastName", last)
	v.Set(at+".phoneNumber", phone)
	v.Set(at+".email", email)
	v.Set(at+".contactPreference.locale", "en-us")
	v.Set(at+".contactPreference.disableNotifications", "false")
}

func answers(t testing.TB, v url.Values) referral.Answers {
	t.Helper()
	var a referral.Answers
	if err := form.Decode(v, &a); err != nil {
		t.Fatalf("decoding the form: %v", err)
	}
	return a
}

// with returns the seed's answers with some inputs changed; a nil value takes the input away.
func with(t testing.TB, changes url.Values) referral.Answers {
	t.Helper()
	v := seed()
	for name, values := range changes {
		v[name] = values
	}
	return answers(t, v)
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
