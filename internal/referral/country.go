package referral

import (
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func countries() []Choice {
	var out []Choice
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); IsCountry(code) {
				out = append(out, Choice{code, names.Name(language.MustParseRegion(code))})
			}
		}
	}
	order := collate.New(language.English)
	slices.SortFunc(out, func(x, y Choice) int { return order.CompareString(x.Label, y.Label) })
	return out
}

// notISO are codes that CLDR knows as countries though ISO 3166-1 does not assign them.
const notISO = " AC CP CQ DG EA EU EZ IC TA UN XA XB XK ZZ QO AN BU CS DD FQ FX NT PC SU TP YD YU ZR "

// IsCountry tells whether Countries has the code.
func IsCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.String() == code && r.Canonicalize() == r &&
		!strings.Contains(notISO, " "+code+" ")
}

// needsState lists the countries whose addresses are not complete without a state or province.
const needsState = " US CA AU BR IN MX CN JP "

// withoutPostalCode lists the countries that have no postal codes, by the Universal Postal Union.
const withoutPostalCode = " AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA " +
	"GD GH GM GN GQ GY HK IE JM KI KM KN KP LC LY ML MO MR MW NR NU PA QA RW SB SC SL SO SR ST SY " +
	"TD TF TG TK TL TO TV UG VU YE ZW "

// StateRequired tells whether an address in the country needs a state or province.
func StateRequired(country string) bool { return inSet(needsState, country) }

// PostalCodeRequired tells whether an address in the country needs a postal code.
func PostalCodeRequired(country string) bool {
	return country != "" && !inSet(withoutPostalCode, country)
}

func inSet(set, code string) bool { return code != "" && strings.Contains(set, " "+code+" ") }
