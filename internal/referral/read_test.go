package referral_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/language"
	"tandem/internal/referral"
)

func TestReadAnswersOfMicrosoftsSample(t *testing.T) {
	raw, err := os.ReadFile("testdata/seed-response.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := referral.ReadAnswers(raw)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{a.CustomerProfile.Name, a.CustomerProfile.Address.Country, a.Status,
		a.Details.DealValue, a.Details.Currency, a.TargetType(),
		referral.People(a.CustomerProfile.Team)[0].FullName()}
	want := []string{"Contoso Customer Inc", "US", "Active/Accepted", "50000", "USD",
		a.TargetType(), "Sue Smith"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestReadAnswersIsTheWayBackFromPayload(t *testing.T) {
	raw := []byte(`{"status":"New","substatus":"Pending","customerProfile":{"ids":[
		{"profileType":"Duns","id":"150483782"},{"profileType":"External","id":"C-7"}]},
		"details":{"dealValue":50000.5,"currency":"USD","closingDateTime":"2027-01-14T00:00:00Z",
			"requirements":{"products":[{"id":"Azure"}],"additionalRequirements":{"attributes":[
				{"type":"CustomerMarketplaceIntent","id":"Yes"}]}}},
		"target":[{"type":"SolutionProfile","id":"SOL-34104-EBB"}]}`)
	a, err := referral.ReadAnswers(raw)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{a.CustomerProfile.Duns, a.CustomerProfile.ExternalID, a.Details.DealValue,
		a.Details.Closing.Day, a.Details.Closing.Year, a.MarketplaceIntent,
		a.TargetID(referral.TargetSolution), a.Details.Requirements.Products[0]}
	want := []string{"150483782", "C-7", "50000.50", "14", "2027", "Yes", "SOL-34104-EBB", "Azure"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestReadAnswersTakesOddShapes(t *testing.T) {
	raw := []byte(`{"name":"N","customerProfile":{"name":"C","ids":{},"team":null,"size":7},
		"details":{"dealValue":"12.5","requirements":{"products":"none"}},"team":{}}`)
	a, err := referral.ReadAnswers(raw)
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "N" || a.CustomerProfile.Name != "C" || a.Details.DealValue != "12.5" {
		t.Errorf("got %+v", a)
	}
	for _, raw := range []string{`[]`, `"x"`, `{`, ``} {
		if _, err := referral.ReadAnswers([]byte(raw)); err == nil {
			t.Errorf("%q is taken for a referral", raw)
		}
	}
}

func TestShowValue(t *testing.T) {
	tests := []struct{ path, value, want string }{
		{"details.dealValue", "50000.0", "USD 50,000.00"},
		{"details.closingDateTime", "2027-01-14T00:00:00Z", "14 January 2027"},
		{"createdDateTime", "2026-11-22T14:40:12.1234567Z", "22 November 2026, 14:40:12 UTC"},
		{"createdDateTime", "soon", "soon"},
		{"customerProfile.address.country", "US", "United States"},
		{"customerProfile.size", "10to50employees", "10 to 50 employees"},
		{"qualification", "SalesQualified", "Sales qualified"},
		{"consent.consentToContact", "true", "Yes"},
		{"team[0].contactPreference.disableNotifications", "false", "No"},
		{"team[0].contactPreference.locale", "en-US", "English (United States)"},
		{"details.requirements.products", "SQL", "SQL Server"},
		{"inviteContext.assistanceRequestCode", "GeneralOrOther", "Something else"},
		{"details.notes", "true", "true"},
		{"details.dealValue", "", ""},
	}
	for _, tt := range tests {
		if got := referral.ShowValue(language.English(), tt.path, tt.value, "USD"); got != tt.want {
			t.Errorf("%s %q: got %q, want %q", tt.path, tt.value, got, tt.want)
		}
	}
}
