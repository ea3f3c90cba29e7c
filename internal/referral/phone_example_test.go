package referral_test

import (
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestExamplePhones takes every example as Tandem takes what people type.
func TestExamplePhones(t *testing.T) {
	known := 0
	for _, country := range referral.Countries() {
		number := referral.ExamplePhone(country.ID)
		if number == "" {
			continue
		}
		known++
		wrong := referral.CheckPreferences(referral.Preferences{Phone: number})
		if len(wrong) > 0 || !strings.HasPrefix(number, "+") {
			t.Errorf("%s: %q is no example", country.ID, number)
		}
	}
	if known != 38 {
		t.Errorf("%d countries", known)
	}
	for _, country := range []string{"", "XX", "U", "\n", "us", "+1"} {
		if got := referral.ExamplePhone(country); got != "" {
			t.Errorf("%q: %q", country, got)
		}
	}
}
