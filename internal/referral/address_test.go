package referral_test

import (
	"net/url"
	"testing"

	"tandem/internal/form"
	"tandem/internal/referral"
)

// TestMissingPartsOfAddresses holds that whatever a country needs has its own sentence.
func TestMissingPartsOfAddresses(t *testing.T) {
	for _, c := range referral.Countries() {
		var a referral.Answers
		err := form.Decode(url.Values{"customerProfile.address.country": {c.ID}}, &a)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range referral.Check(a, referral.StepCustomer, referral.Date{}) {
			if p.Message == "" {
				t.Errorf("%s: nothing is said of %s", c.ID, p.Path)
			}
		}
		if referral.StateLabel(c.ID) == "" || referral.PostalCodeLabel(c.ID) == "" {
			t.Errorf("%s: parts of addresses have no names", c.ID)
		}
	}
}
