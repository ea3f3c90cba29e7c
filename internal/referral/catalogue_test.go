package referral_test

import (
	"testing"

	"tandem/internal/referral"
)

func TestCatalogues(t *testing.T) {
	for name, tt := range map[string]struct {
		choices []referral.Choice
		count   int
	}{
		"industries": {referral.Industries(), 14}, "products": {referral.Products(), 20},
		"services": {referral.Services(), 10}, "solutions": {referral.Solutions(), 48},
		"countries": {referral.Countries(), 249}, "statuses": {referral.Statuses(), 7},
		"help codes": {referral.HelpCodes(), 6},
	} {
		if len(tt.choices) != tt.count {
			t.Errorf("%s: %d values, want %d", name, len(tt.choices), tt.count)
		}
		seen := map[string]bool{}
		for _, c := range tt.choices {
			if seen[c.ID] || c.ID == "" || c.Label == "" {
				t.Errorf("%s: %+v stands twice or is empty", name, c)
			}
			seen[c.ID] = true
		}
	}
}

func TestFieldOf(t *testing.T) {
	for _, tt := range []struct {
		path, id, label string
	}{
		{"customerProfile.address.country", "country", "Country or region"},
		{"CustomerProfile.Address.Country", "country", "Country or region"},
		{"referral.details.dealValue", "deal-value", "Deal value"},
		{"$.details.dealValue", "deal-value", "Deal value"},
		{"/details/dealValue", "deal-value", "Deal value"},
		{"customerProfile.team[1].email", "c2-email", "Email address"},
		{"team[0].phoneNumber", "t1-phone", "Phone number"},
		{"target[0].id", "solution-id", "Target"},
		{"details.magic", "", ""},
		{"", "", ""},
	} {
		if got := referral.ElementID(tt.path); got != tt.id {
			t.Errorf("ElementID(%q) = %q, want %q", tt.path, got, tt.id)
		}
		if f, _, ok := referral.FieldOf(tt.path); f.Label != tt.label || ok != (tt.label != "") {
			t.Errorf("FieldOf(%q) is called %q, want %q", tt.path, f.Label, tt.label)
		}
	}
}
