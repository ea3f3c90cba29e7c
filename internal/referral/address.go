package referral

// part is the name of a part of an address in some countries, with the messages for when it is
// missing or too long.
type part struct {
	label, missing, tooLong sentence
	countries               string
}

// states lists what the states or provinces of countries are called. Source: state_name_type in
// the address metadata of Google's libaddressinput, June 2025; the United Kingdom has it for the
// counties of former addresses.
func states() []part {
	return []part{
		{"State", "Enter the state", "State must be %s characters or less",
			" AS AU BR FM IN MH MP MX MY NG PW UM US VE VI "},
		{"Province", "Enter the province", "Province must be %s characters or less",
			" AM AR BY CA CC CL CN CR CU CX EE EG ES ID IQ IR IT KP " +
				"KZ LT LV MN MZ NF PA PE PG PH RO SO SR SV TH TR UY UZ VN "},
		{"Prefecture", "Enter the prefecture", "Prefecture must be %s characters or less", " JP "},
		{"County", "", "County must be %s characters or less", " GB IE TW "},
		{"Emirate", "", "Emirate must be %s characters or less", " AE "},
		{"Department", "", "Department must be %s characters or less", " CO HN NI "},
		{"Parish", "", "Parish must be %s characters or less", " BB JM "},
		{"Island", "", "Island must be %s characters or less", " BS CV KI KN KY PF SC TV "},
		{"Oblast", "", "Oblast must be %s characters or less", " RU UA "},
		{"District", "", "District must be %s characters or less", " HK NR "},
		{"Province or city", "", "Province or city must be %s characters or less", " KR "},
		{"State or province", "Enter the state or province",
			"State or province must be %s characters or less", ""},
	}
}

// postalCodes lists what the postal codes of countries are called. Source: zip_name_type there, and
// the post of each country that writes postcode.
func postalCodes() []part {
	return []part{
		{"ZIP code", "Enter the ZIP code", "ZIP code must be %s characters or less",
			" AS FM GU MH MP PR PW UM US VI "},
		{"Postcode", "Enter the postcode", "Postcode must be %s characters or less",
			" AU GB GG IM JE NZ "},
		{"PIN code", "Enter the PIN code", "PIN code must be %s characters or less", " IN "},
		{"Eircode", "", "Eircode must be %s characters or less", " IE "},
		{"Postal code", "Enter the postal code", "Postal code must be %s characters or less", ""},
	}
}

// named returns the part for the country, or else the last one, which is for all other countries.
func named(all []part, country string) part {
	for _, p := range all {
		if inSet(p.countries, country) {
			return p
		}
	}
	return all[len(all)-1]
}

// StateLabel is what the state or province is called in addresses of the country.
func StateLabel(country string) string { return string(named(states(), country).label) }

// PostalCodeLabel is what the postal code is called in the country.
func PostalCodeLabel(country string) string { return string(named(postalCodes(), country).label) }

// codeFirst are the countries in whose addresses the postal code stands before the city. Source:
// fmt there; countries that begin with the largest part are left out.
const codeFirst = " AD AL AM AR AT AX AZ BA BE BG BL BY CH CL CV CY CZ DE DK DO DZ EC EE EH ES ET FI " +
	"FO FR GE GF GL GN GP GR GT GW HR HT IS IT KG KW LA LI LR LT LU MA MC MD ME MF MG MK MQ MU MX MY " +
	"MZ NC NE NI NL NO OM PF PL PM PT PY RE RO RS SE SI SJ SK SM SN SV TJ TM TN TR TZ UY UZ VA WF YT " +
	"ZM "

// PostalCodeFirst tells whether people in the country write the postal code before the city.
func PostalCodeFirst(country string) bool { return inSet(codeFirst, country) }
