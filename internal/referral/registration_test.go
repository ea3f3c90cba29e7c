package referral_test

import (
	"net/url"
	"slices"
	"testing"

	"tandem/internal/referral"
)

func TestRegistrationRules(t *testing.T) {
	for name, test := range map[string]struct {
		changes url.Values
		want    []string
	}{
		"the sample": {nil, []string{referral.RegistrationWait}},
		"sent as won": {url.Values{"status": {"Closed/Won"}},
			[]string{referral.RegistrationWonAtOnce}},
		"without a solution": {url.Values{"target[0].type": {"BusinessProfileLocation"}},
			[]string{referral.RegistrationWait, referral.RegistrationNoSolution}},
		"marketplace": {url.Values{"marketplaceIntent": {"Yes"}},
			[]string{referral.RegistrationWait, referral.RegistrationMarketplace}},
	} {
		var got []string
		for _, r := range referral.RegistrationRules() {
			if r.Applies(with(t, test.changes)) {
				got = append(got, r.Key)
			}
			if r.Source == "" || r.Read.IsZero() {
				t.Errorf("rule %s has no source", r.Key)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
