package referral

import (
	"strings"
	"sync"
)

// lists are the catalogues that are long and asked for often.
type lists struct {
	countries, currencies, locales, products, solutions []Choice
	fields                                              []Field
}

// shared makes the lists at the first call. Afterwards everybody gets the same ones.
var shared = sync.OnceValue(func() lists {
	return lists{countries: countries(), currencies: currencies(), locales: locales(),
		products: productTags(), solutions: ungrouped(SolutionGroups()), fields: fields()}
})

// Countries lists the countries and regions of ISO 3166-1 by their English CLDR names. The caller
// must not change the list.
func Countries() []Choice { return shared().countries }

// Currencies lists the circulating currencies of ISO 4217 by code, with their English names as in
// CLDR. The caller must not change the list.
func Currencies() []Choice { return shared().currencies }

// Locales lists the languages in which Microsoft may email a person, as culture names. The caller
// must not change the list.
func Locales() []Choice { return shared().locales }

// Products lists the product tags Microsoft publishes. The caller must not change the list.
func Products() []Choice { return shared().products }

// Solutions lists the solution tags without their groups. The caller must not change the list.
func Solutions() []Choice { return shared().solutions }

// Fields lists the answers that Tandem knows. The caller must not change the list.
func Fields() []Field { return shared().fields }

func locales() []Choice {
	return []Choice{
		{"ar-ae", "Arabic (United Arab Emirates)"},
		{"ar-sa", "Arabic (Saudi Arabia)"},
		{"bg-bg", "Bulgarian"},
		{"zh-cn", "Chinese (Simplified)"},
		{"zh-tw", "Chinese (Traditional, Taiwan)"},
		{"zh-hk", "Chinese (Traditional, Hong Kong)"},
		{"hr-hr", "Croatian"},
		{"cs-cz", "Czech"},
		{"da-dk", "Danish"},
		{"nl-nl", "Dutch"},
		{"en-au", "English (Australia)"},
		{"en-ca", "English (Canada)"},
		{"en-in", "English (India)"},
		{"en-gb", "English (United Kingdom)"},
		{"en-us", "English (United States)"},
		{"et-ee", "Estonian"},
		{"fi-fi", "Finnish"},
		{"fr-ca", "French (Canada)"},
		{"fr-fr", "French (France)"},
		{"de-at", "German (Austria)"},
		{"de-de", "German (Germany)"},
		{"de-ch", "German (Switzerland)"},
		{"el-gr", "Greek"},
		{"he-il", "Hebrew"},
		{"hi-in", "Hindi"},
		{"hu-hu", "Hungarian"},
		{"id-id", "Indonesian"},
		{"it-it", "Italian"},
		{"ja-jp", "Japanese"},
		{"ko-kr", "Korean"},
		{"lv-lv", "Latvian"},
		{"lt-lt", "Lithuanian"},
		{"nb-no", "Norwegian (Bokmål)"},
		{"pl-pl", "Polish"},
		{"pt-br", "Portuguese (Brazil)"},
		{"pt-pt", "Portuguese (Portugal)"},
		{"ro-ro", "Romanian"},
		{"ru-ru", "Russian"},
		{"sk-sk", "Slovak"},
		{"sl-si", "Slovenian"},
		{"es-mx", "Spanish (Mexico)"},
		{"es-es", "Spanish (Spain)"},
		{"sv-se", "Swedish"},
		{"th-th", "Thai"},
		{"tr-tr", "Turkish"},
		{"uk-ua", "Ukrainian"},
		{"vi-vn", "Vietnamese"},
	}
}

// Qualifications lists how qualified a deal can be.
func Qualifications() []Choice {
	return []Choice{
		{"SalesQualified", "Sales qualified"},
		{"MarketingQualified", "Marketing qualified"},
		{"Direct", "Direct from the customer"},
		{"None", "Not qualified yet"},
	}
}

// MarketplaceIntents lists the answers to whether the customer means to buy through Microsoft
// Marketplace. HaveNotDecided is certain; the ids of the other two are likely.
func MarketplaceIntents() []Choice {
	return []Choice{{"Yes", "Yes"}, {"No", "No"}, {"HaveNotDecided", "Have not decided"}}
}

// Statuses lists the allowed pairs of status and substatus, joined by a slash.
func Statuses() []Choice {
	return []Choice{
		{"New/Pending", "New – Pending"},
		{"New/Received", "New – Received"},
		{"Active/Accepted", "Active – Accepted"},
		{"Closed/Won", "Closed – Won"},
		{"Closed/Lost", "Closed – Lost"},
		{"Closed/Declined", "Closed – Declined"},
		{"Closed/Expired", "Closed – Expired"},
	}
}

// HelpCodes lists what help a partner can ask of Microsoft, by assistanceRequestCode.
func HelpCodes() []Choice {
	return []Choice{
		{"ProofOfConceptOrDemo", "Proof of concept or demo"},
		{"CustomerTechnicalArchitecture", "Technical architecture"},
		{"QuotesOrLicensing", "Quotes or licensing"},
		{"PostSalesCustomerSuccess", "Customer success after the sale"},
		{"WorkloadSpecificValueProposition", "Value of a specific workload"},
		{"GeneralOrOther", "Something else"},
	}
}

// ChoicesAt lists the values that the answer with a JSON path can have, nil for an answer that is
// typed or that depends on the settings.
func ChoicesAt(path string) []Choice {
	switch path {
	case "customerProfile.address.country":
		return Countries()
	case "details.currency":
		return Currencies()
	case "status":
		return Statuses()
	case "details.requirements.solutions": // other ids are typed
		return nil
	}
	if strings.HasSuffix(path, ".contactPreference.locale") {
		return Locales()
	}
	return choicesFor(strings.ToLower(path))
}

// FindChoice returns the id of the choice that has the text as its id or, in English, as its label,
// in any case.
func FindChoice(choices []Choice, text string) (id string, ok bool) {
	text = Clean(text)
	for _, c := range choices {
		if strings.EqualFold(c.ID, text) || strings.EqualFold(c.Label, text) {
			return c.ID, true
		}
	}
	return "", false
}
