package referral_test

import (
	"testing"

	"tandem/internal/referral"
)

func TestCheckPreferences(t *testing.T) {
	for name, test := range map[string]struct {
		p          referral.Preferences
		path, want string
	}{
		"nothing": {referral.Preferences{}, "", ""},
		"all": {referral.Preferences{Currency: "GBP", Locale: "en-gb", Phone: "+44 20 7946 0018",
			Zone: "Europe/London"}, "", ""},
		"currency": {referral.Preferences{Currency: "XXL"}, "currency",
			"Select a currency from the list"},
		"locale": {referral.Preferences{Locale: "xx"}, "locale", "Select a language from the list"},
		"phone": {referral.Preferences{Phone: "ask me"}, "phone",
			"Enter your phone number, like 01632 960 001 or +44 808 157 0192"},
		"zone": {referral.Preferences{Zone: "../etc/passwd"}, "zone",
			"Select a time zone from the list"},
	} {
		ps := referral.CheckPreferences(test.p)
		if got := ps.At(test.path); got != test.want || (test.path == "") != (len(ps) == 0) {
			t.Errorf("%s: %v, want %q", name, ps, test.want)
		}
	}
}

func TestPreferencesComeBeforeTheLastAnswers(t *testing.T) {
	last := referral.Last{Country: "GB", Currency: "GBP", Locale: "en-gb", Phone: "1"}
	if got := last.With(referral.Preferences{}); got != last {
		t.Errorf("without preferences %+v", got)
	}
	want := referral.Last{Country: "GB", Currency: "EUR", Locale: "de-de", Phone: "2"}
	p := referral.Preferences{Currency: "EUR", Locale: "de-de", Phone: " 2 "}
	if got := last.With(p); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
