package referral

import "strings"

// examplePhones has a number for each country in its international form. Countries that reserve
// numbers for fiction have one of those, all others one whose digits only count up.
const examplePhones = `
US +1 202 555 0143
CA +1 604 555 0143
MX +52 55 1234 5678
BR +55 11 2345 6789
AR +54 11 2345 6789
GB +44 20 7946 0018
IE +353 20 910 1234
FR +33 1 99 00 12 34
DE +49 30 23125 012
AT +43 1 234567
CH +41 21 234 56 78
NL +31 10 123 4567
BE +32 2 123 45 67
LU +352 27 12 34 56
ES +34 91 123 45 67
PT +351 21 123 4567
IT +39 02 1234 5678
SE +46 8 465 004 12
NO +47 21 23 45 67
DK +45 32 12 34 56
FI +358 9 1234567
PL +48 12 345 67 89
CZ +420 212 345 678
TR +90 212 345 67 89
AE +971 2 234 5678
SA +966 11 234 5678
IL +972 2 123 4567
ZA +27 10 123 4567
IN +91 11 2345 6789
CN +86 10 1234 5678
HK +852 2123 4567
TW +886 2 2123 4567
JP +81 3 1234 5678
KR +82 2 1234 5678
SG +65 6123 4567
MY +60 3 1234 5678
AU +61 491 570 156
NZ +64 9 123 4567
`

// ExamplePhone returns an example of a phone number of the country (ISO 3166-1), empty when none is
// known.
func ExamplePhone(country string) string {
	if country == "" {
		return ""
	}
	_, rest, _ := strings.Cut(examplePhones, "\n"+country+" ")
	number, _, _ := strings.Cut(rest, "\n")
	return number
}
