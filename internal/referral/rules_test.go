package referral_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

func TestRules(t *testing.T) {
	long := strings.Repeat("x", 201)
	tests := map[string]struct {
		changes url.Values
		step    referral.Step
		want    []string
	}{
		"no name": {url.Values{"customerProfile.name": {" \u200b"}}, "customer",
			[]string{"Enter the organisation name"}},
		"long name in runes": {url.Values{"customerProfile.name": {strings.Repeat("北", 201)}},
			"customer", []string{"Organisation name must be 200 characters or less"}},
		"200 runes are right": {url.Values{"customerProfile.name": {strings.Repeat("北", 200)}},
			"customer", nil},
		"no country": {url.Values{"customerProfile.address.country": nil}, "customer",
			[]string{"Select a country or region"}},
		"unknown country": {url.Values{"customerProfile.address.country": {"UK"}}, "customer",
			[]string{"Select a country or region"}},
		"address": {url.Values{"customerProfile.address.addressLine1": nil,
			"customerProfile.address.city": nil, "customerProfile.address.state": nil,
			"customerProfile.address.postalCode": nil}, "customer",
			[]string{"Enter address line 1, typically the building and street", "Enter the city",
				"Enter the state", "Enter the ZIP code"}},
		"no state in Germany": {url.Values{"customerProfile.address.country": {"DE"},
			"customerProfile.address.state": nil}, "customer", nil},
		"no postal code in Hong Kong": {url.Values{"customerProfile.address.country": {"HK"},
			"customerProfile.address.postalCode": nil}, "customer", nil},
		"long lines": {url.Values{"customerProfile.address.addressLine1": {long},
			"customerProfile.address.addressLine2": {long},
			"customerProfile.address.postalCode":   {long}}, "customer",
			[]string{"Address line 1 must be 200 characters or less",
				"Address line 2 must be 200 characters or less",
				"ZIP code must be 20 characters or less"}},
		"duns":                 {url.Values{"customerProfile.duns": {"12345678"}}, "customer", []string{"D-U-N-S number must be 9 numbers"}},
		"duns with full width": {url.Values{"customerProfile.duns": {"１２-３４５ 6789"}}, "customer", nil},
		"unknown size": {url.Values{"customerProfile.size": {"huge"}}, "customer",
			[]string{"Select the number of employees from the list"}},

		"contact": {url.Values{"customerProfile.team[1].firstName": nil,
			"customerProfile.team[1].lastName": nil, "customerProfile.team[1].email": {"joe@"},
			"customerProfile.team[1].phoneNumber":              nil,
			"customerProfile.team[1].contactPreference.locale": nil}, "contacts",
			[]string{"Enter a first name for contact 2", "Enter a last name for contact 2",
				"Enter an email address for contact 2 in the correct format, like name@example.com",
				"Enter a phone number for contact 2",
				"Select a language for emails to contact 2"}},
		"same email": {url.Values{"customerProfile.team[1].email": {"SUE.SMITH@contoso.com"}},
			"contacts", []string{"Contact 2 has the same email address as contact 1"}},
		"phone": {url.Values{"customerProfile.team[0].phoneNumber": {"call me"}}, "contacts",
			[]string{"Enter a phone number for contact 1, like +1 202 555 0143"}},
		"phone where no example is known": {url.Values{"customerProfile.address.country": {"AQ"},
			"customerProfile.team[0].phoneNumber": {"call me"}}, "contacts",
			[]string{"Enter a phone number for contact 1, like 01632 960 001 or +44 808 157 0192"}},
		"phone with extension": {url.Values{
			"customerProfile.team[0].phoneNumber": {"+44 (0)20 7946-0018 ext. 12"}}, "contacts", nil},
		"copied from an address book": {url.Values{
			"customerProfile.team[0].email":       {"Sue Smith <mailto:Sue.Smith@contoso.com>;"},
			"customerProfile.team[0].phoneNumber": {"\u202a+44 20–7946‑0018 Ext: 12\u202c"},
		}, "contacts", nil},
		"phone from a mail program": {url.Values{
			"customerProfile.team[0].phoneNumber": {"tel:+49-30-23125-012;ext=7"}}, "contacts", nil},
		"phone with a Chinese extension": {url.Values{
			"customerProfile.team[0].phoneNumber": {"＋86 10 8888 8888 转 12"}}, "contacts", nil},
		"phone with a comma before the extension": {url.Values{
			"customerProfile.team[0].phoneNumber": {"+1 (202) 555-0143, ext. 12"}}, "contacts", nil},
		"phone in Arabic digits": {url.Values{
			"customerProfile.team[0].phoneNumber": {"+٩٧١ ٢ ٢٣٤ ٥٦٧٨"}}, "contacts", nil},
		"nobody": {url.Values{"customerProfile.team[0].firstName": nil,
			"customerProfile.team[0].lastName": nil, "customerProfile.team[0].email": nil,
			"customerProfile.team[0].phoneNumber": nil, "customerProfile.team[1].firstName": nil,
			"customerProfile.team[1].lastName": nil, "customerProfile.team[1].email": nil,
			"customerProfile.team[1].phoneNumber": {" "}}, "contacts",
			[]string{"Enter a first name for contact 1", "Enter a last name for contact 1",
				"Enter an email address for contact 1", "Enter a phone number for contact 1"}},
		"two phones": {url.Values{"customerProfile.address.country": {"GB"},
			"customerProfile.team[0].phoneNumber": {"+44 20 7946 0018 or +44 20 7946 0019"}}, "contacts",
			[]string{"Enter a phone number for contact 1, like +44 20 7946 0018"}},
		"short phone": {url.Values{"customerProfile.address.country": {"CN"},
			"customerProfile.team[0].phoneNumber": {"123456"}}, "contacts",
			[]string{"Enter a phone number for contact 1, like +86 10 1234 5678"}},

		"consent": {url.Values{"consent.consentToToShareInfoWithOthers": nil,
			"consent.consentToContact": {"maybe"}}, "consent",
			[]string{"Select yes if the customer agreed that you share their information",
				"Select yes if the customer agreed to be contacted"}},

		"no deal": {url.Values{"name": nil, "details.dealValue": nil, "details.currency": nil,
			"details.closingDateTime.day": nil, "details.closingDateTime.month": nil,
			"details.closingDateTime.year": nil, "qualification": nil, "details.notes": nil,
			"marketplaceIntent": nil}, "deal",
			[]string{"Enter a referral name", "Enter the deal value", "Select a currency",
				"Enter the closing date", "Select how qualified this deal is",
				"Select whether the customer means to buy through Microsoft Marketplace",
				"Enter notes for the people working on the deal"}},
		"value in words": {url.Values{"details.dealValue": {"fifty thousand"}}, "deal",
			[]string{"Deal value must be a number, like 50000 or 50,000.50"}},
		"zero": {url.Values{"details.dealValue": {"0.00"}}, "deal",
			[]string{"Deal value must be more than 0"}},
		"negative": {url.Values{"details.dealValue": {"-5"}}, "deal",
			[]string{"Deal value must be more than 0"}},
		"too large": {url.Values{"details.dealValue": {"1,000,000,000,000"}}, "deal",
			[]string{"Deal value must be 999,999,999,999.99 or less"}},
		"yen with decimals": {url.Values{"details.dealValue": {"1000.50"},
			"details.currency": {"JPY"}}, "deal",
			[]string{"Deal value in JPY must not have decimals"}},
		"no month": {url.Values{"details.closingDateTime.month": {" "}}, "deal",
			[]string{"Closing date must include a month"}},
		"short year": {url.Values{"details.closingDateTime.year": {"27"}}, "deal",
			[]string{"Year must include 4 numbers"}},
		"no such day": {url.Values{"details.closingDateTime.day": {"31"}}, "deal",
			[]string{"Closing date must be a real date"}},
		"day alone": {url.Values{"details.closingDateTime.month": nil,
			"details.closingDateTime.year": nil}, "deal",
			[]string{"Closing date must include a month and a year"}},
		"month alone": {url.Values{"details.closingDateTime.day": nil,
			"details.closingDateTime.year": nil}, "deal",
			[]string{"Closing date must include a day and a year"}},
		"whole date": {url.Values{"details.closingDateTime.day": nil,
			"details.closingDateTime.month": nil,
			"details.closingDateTime.year":  {"2127-11-14"}}, "deal", nil},
		"past": {url.Values{"details.closingDateTime.year": {"2017"}}, "deal",
			[]string{"Closing date must be today or in the future"}},
		"long notes": {url.Values{"details.notes": {strings.Repeat("n", 1001)}}, "deal",
			[]string{"Notes must be 1,000 characters or less"}},

		"nothing needed": {url.Values{"details.requirements.products": nil,
			"details.requirements.services": nil, "details.requirements.solutions": nil}, "needs",
			[]string{"Select at least one product, service or solution"}},
		"unknown product": {url.Values{"details.requirements.products": {"Abacus"}}, "needs",
			[]string{"Select a product from the list"}},
		"bad solution id": {url.Values{"details.requirements.solutionIds": {"SOL-1, 7"}}, "needs",
			[]string{"Enter solution IDs like SOL-34104-EBB, one on each line"}},
		"no solution when private": {url.Values{"dealType": {"private"},
			"details.requirements.solutions": nil}, "needs",
			[]string{"Select at least one solution. Microsoft does not accept this deal without one"}},

		"team": {url.Values{"team[0].phoneNumber": nil, "team[1].email": {"x"}}, "team",
			[]string{"Enter a phone number for team member 1",
				"Enter an email address for team member 2 in the correct format, like name@example.com"}},

		"no target": {url.Values{"target[0].type": nil}, "target",
			[]string{"Select what the referral is for"}},
		"no solution id": {url.Values{"target[0].id": {"34104", ""}}, "target",
			[]string{"Enter a solution ID, like SOL-34104-EBB"}},
		"solution id in another case and width": {url.Values{
			"target[0].id": {" ｓol－34104－ebb ", ""}}, "target", nil},
		"no location": {url.Values{"target[0].type": {"BusinessProfileLocation"}}, "target",
			[]string{"Enter the business profile location ID"}},
		"location with braces": {url.Values{"target[0].type": {"BusinessProfileLocation"},
			"target[0].id": {"", "{01E2ABCD-52B0-4AF3-A3AE-1FD1530B3563}"}}, "target", nil},
		"bad location": {url.Values{"target[0].type": {"BusinessProfileLocation"},
			"target[0].id": {"SOL-34104-EBB", "x"}}, "target",
			[]string{"Business profile location ID must be 36 characters, " +
				"like 01e2abcd-52b0-4af3-a3ae-1fd1530b3563"}},
		"lost without reason": {url.Values{"status": {"Closed/Lost"}, "statusReason": nil}, "target",
			[]string{"Enter a status reason"}},
		"no target when private": {url.Values{"dealType": {"private"}, "target[0].type": nil},
			"target", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range referral.Check(with(t, tt.changes), tt.step, today) {
				got = append(got, p.Text())
				if f, _, ok := referral.FieldOf(p.Path); !ok || f.Step != tt.step || f.ID == "" {
					t.Errorf("%s: no input on the page for %q", p.Path, p.Text())
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStop(t *testing.T) {
	tests := map[string]struct {
		deal, share, contact, want string
	}{
		"all agreed":                  {"cosell", "true", "true", ""},
		"co-sell without sharing":     {"cosell", "false", "true", referral.StopShare},
		"co-sell without contact":     {"cosell", "true", "false", referral.StopContact},
		"partner-led without sharing": {"partner-led", "false", "true", referral.StopShare},
		"partner-led without contact": {"partner-led", "true", "false", ""},
		"private without sharing":     {"private", "false", "false", referral.StopShare},
		"private without contact":     {"private", "true", "false", ""},
		"not answered is not a stop":  {"cosell", "", "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := referral.Answers{DealType: tt.deal,
				Consent: referral.Consent{ShareInfo: tt.share, Contact: tt.contact}}
			if got := referral.Stop(a); got != tt.want {
				t.Errorf("Stop = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestContactsOptional(t *testing.T) {
	blank := url.Values{}
	for name := range seed() {
		if strings.HasPrefix(name, "customerProfile.team[") {
			blank[name] = nil
		}
	}
	for deal, want := range map[string]int{"cosell": 5, "partner-led": 0, "private": 0} {
		blank["dealType"] = []string{deal}
		got := referral.Check(with(t, blank), referral.StepContacts, today)
		if len(got) != want {
			t.Errorf("%s: %d problems, want %d: %v", deal, len(got), want, got)
		}
	}
}

func TestParseMoney(t *testing.T) {
	tests := map[string]struct {
		want referral.Money
		ok   bool
	}{
		"50000": {"50000", true}, "50,000.50": {"50000.5", true}, "USD 50 000": {"50000", true},
		"$1'000.00": {"1000", true}, "５０，０００．５０": {"50000.5", true}, "12,34,567": {"1234567", true},
		"007": {"7", true}, "0": {"0", true}, "-1": {"-1", true}, "50000 USD": {"50000", true},
		"1.234,56": {"", false}, "1,5": {"", false}, "1.234": {"", false}, "1e5": {"", false},
		"fifty": {"", false}, "": {"", false}, "1,23,45": {"", false}, "1..5": {"", false},
		"１，２５０，０００．５０元": {"1250000.5", true}, "円5000": {"5000", true}, "₩5000": {"5000", true},
		"٥٠٠٠٠": {"50000", true}, "۵۰٬۰۰۰٫۵": {"50000.5", true}, "R$5": {"", false},
		"USD 25k": {"", false}, "EUR 5": {"", false}, "5 万": {"", false}, "12$50": {"", false},
		"50000.0000": {"50000", true}, "1.5000": {"1.5", true}, "50.000": {"", false},
		"1.1250": {"", false}, "NaN": {"", false}, "0x10": {"", false}, "+5": {"", false}, ".5": {"", false},
	}
	for typed, tt := range tests {
		got, ok := referral.ParseMoney(typed, "USD")
		if got != tt.want || ok != tt.ok {
			t.Errorf("ParseMoney(%q) = %q, %v; want %q, %v", typed, got, ok, tt.want, tt.ok)
		}
	}
}

// TestMoneyWithoutCurrency reads a value that brings its currency while none is selected.
func TestMoneyWithoutCurrency(t *testing.T) {
	for typed, want := range map[string]referral.Money{"USD 25,000.00": "25000", "500 jpy": "500",
		"XXX 5": "", "USD": "", "USDEUR5": "", "5": "5"} {
		if got, ok := referral.ParseMoney(typed, ""); got != want || ok != (want != "") {
			t.Errorf("ParseMoney(%q) = %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestMoneyFormat(t *testing.T) {
	for _, tt := range []struct{ value, code, want string }{
		{"50000", "USD", "USD 50,000.00"}, {"50000.5", "EUR", "EUR 50,000.50"},
		{"1000", "JPY", "JPY 1,000"}, {"999999999999.99", "CNY", "CNY 999,999,999,999.99"},
		{"7", "", "7.00"}, {"what", "USD", "USD what"}, {"", "USD", "USD"},
	} {
		if got := referral.Money(tt.value).Format(tt.code); got != tt.want {
			t.Errorf("Money(%q).Format(%q) = %q, want %q", tt.value, tt.code, got, tt.want)
		}
	}
}

func TestClosingDate(t *testing.T) {
	for _, tt := range []struct {
		day, month, year, want string
		ok                     bool
	}{
		{"14", "1", "2027", "2027-01-14", true}, {"1", "Jan", "2027", "2027-01-01", true},
		{"２９", "February", "２０２８", "2028-02-29", true}, {"29", "2", "2027", "2027-02-29", false},
		{"31", "sept.", "2027", "2027-09-31", false}, {"0", "1", "2027", "2027-01-00", false},
		{"1", "ja", "2027", "0000-00-00", false}, {"1", "13", "2027", "0000-00-00", false},
		{"-1", "1", "2027", "0000-00-00", false}, {"1", "1", "20277", "0000-00-00", false},
		{"1", "一月", "2027", "2027-01-01", true}, {"1", "十二", "2027", "2027-12-01", true},
		{"1", "十三月", "2027", "", false}, {"1", "月", "2027", "", false},
		{"１４日", "11月", "2027年", "2027-11-14", true}, {"2027-01-14", "", "", "2027-01-14", true},
		{"\u202a2027‑01‑14\u202c", "", " ", "2027-01-14", true}, {"14", "", "", "", false},
		{"2027-01-14", "1", "2027", "", false}, {"2027-02-30", "", "", "", false},
		{"2027-01-14T00:00", "", "", "", false},
		{"", "", "2027-01-14 ", "2027-01-14", true},
	} {
		c := referral.ClosingDate{Day: tt.day, Month: tt.month, Year: tt.year}
		got, ok := c.Date()
		if ok != tt.ok || ok && got.String() != tt.want {
			t.Errorf("%v = %s, %v; want %s, %v", c, got, ok, tt.want, tt.ok)
		}
	}
}
