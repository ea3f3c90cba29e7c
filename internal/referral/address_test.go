package referral_test

import (
	"net/url"
	"strings"
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

// TestLongPartsOfAddresses holds that what is too long is called by the name that its field has in
// the country.
func TestLongPartsOfAddresses(t *testing.T) {
	const at = "customerProfile.address."
	long := strings.Repeat("x", 101)
	for _, c := range referral.Countries() {
		var a referral.Answers
		err := form.Decode(url.Values{at + "country": {c.ID}, at + "state": {long},
			at + "postalCode": {long}}, &a)
		if err != nil {
			t.Fatal(err)
		}
		ps := referral.Check(a, referral.StepCustomer, referral.Date{})
		for path, label := range map[string]string{at + "state": referral.StateLabel(c.ID),
			at + "postalCode": referral.PostalCodeLabel(c.ID)} {
			if got := ps.At(path); !strings.HasPrefix(got, label+" must be ") {
				t.Errorf("%s: the sentence about %q is %q", c.ID, label, got)
			}
		}
	}
}
