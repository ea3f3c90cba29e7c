package handlers

import (
	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

func (v *visit) customerQuestions() *views.CustomerQuestions {
	const at = "customerProfile."
	c := v.draft.Answers.CustomerProfile
	q := v.addressQuestions(c.Address)
	q.LargestFirst = v.locale.LargestFirst()
	q.Name = v.field(at+"name", "Organisation name", c.Name)
	q.Name.NoSpellcheck = true
	q.Size = v.choice(at+"size", "Number of employees", c.Size, chooseOne(v.locale))
	q.Size.Groups = groups(v.locale, referral.CustomerSizes())
	q.Size, q.Size.Optional = q.Size.Choose(c.Size), true
	q.Duns = v.field(at+"duns", "D-U-N-S number", c.Duns)
	q.Duns.Hint = v.locale.T("9 numbers")
	q.Duns.Width, q.Duns.InputMode = "w20", "numeric"
	q.Duns.Optional = true
	q.ExternalID = v.field(at+"externalId", "Your customer ID", c.ExternalID)
	q.ExternalID.Hint = v.locale.T("The number you use for this customer")
	q.ExternalID.Width = "w20"
	q.ExternalID.Optional, q.ExternalID.NoSpellcheck = true, true
	return q
}

func (v *visit) addressQuestions(a referral.Address) *views.CustomerQuestions {
	const at = "customerProfile.address."
	l := v.locale
	q := &views.CustomerQuestions{
		Country: v.choice(at+"country", "Country or region", a.Country, chooseOne(l)),
		Line1:   v.field(at+"addressLine1", "Address line 1", a.AddressLine1),
		Line2:   v.field(at+"addressLine2", "Address line 2", a.AddressLine2),
		City:    v.field(at+"city", "City", a.City),
		State:   v.field(at+"state", "", a.State),
		Postal:  v.field(at+"postalCode", "", a.PostalCode),
		Region:  v.field(at+"region", "Region", a.Region),
	}
	all := listsOf(l).countries
	if recent := all.some(v.last.Country); len(recent) > 0 {
		q.Country.Groups = []form.OptionGroup{{Label: l.T("Last used"), Options: options(recent)}}
	}
	q.Country.Groups = append(q.Country.Groups, form.OptionGroup{
		Label: l.T("All countries and regions"), List: all.options,
		Without: []string{v.last.Country}})
	q.Country = q.Country.Choose(a.Country)
	q.Line1.Hint = l.T("Street and number, or company name")
	q.Line2.Optional, q.Region.Optional = true, true
	q.State.Label = l.Label(referral.StateLabel(a.Country))
	q.Postal.Label = l.Label(referral.PostalCodeLabel(a.Country))
	q.State.Optional = a.Country != "" && !referral.StateRequired(a.Country)
	q.Postal.Optional = a.Country != "" && !referral.PostalCodeRequired(a.Country)
	q.Postal.Width = "w20"
	return q
}
