package handlers

import (
	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

const mostCharacters = 1000

func (v *visit) dealQuestions() views.DealQuestions {
	l, a := v.locale, v.draft.Answers
	q := views.DealQuestions{
		Name:     v.field("name", "Referral name", a.Name),
		CRM:      v.field("externalReferenceId", "Your CRM reference", a.ExternalReferenceID),
		Value:    v.field("details.dealValue", "Deal value", a.Details.DealValue),
		Currency: v.currency(a.Details.Currency),
		Closing:  v.closing(a.Details.Closing),
		Qualification: v.choice("qualification", "How qualified is this deal?", a.Qualification,
			labelled(l, referral.Qualifications())),
		Marketplace: v.choice("marketplaceIntent",
			"Does the customer mean to buy through Microsoft Marketplace?", a.MarketplaceIntent,
			labelled(l, referral.MarketplaceIntents())),
		Notes: v.field("details.notes", "Notes for the people working on the deal",
			a.Details.Notes),
	}
	q.Name.Hint = l.T("Everyone working on the deal sees this name")
	q.CRM.Hint = l.T("For example, the Dynamics 365 opportunity ID")
	q.CRM.Width = "w20"
	q.CRM.Optional, q.CRM.NoSpellcheck = true, true
	q.Value.InputMode = "decimal"
	q.Qualification.Options[0].Hint = l.T("Your sales team has confirmed the need and the budget")
	q.Qualification.Options[1].Hint = l.T("Interest shown in a campaign or event")
	q.Notes.Optional = !v.draft.Deal().Connects()
	q.Notes.Rows, q.Notes.Max = 5, mostCharacters
	return q
}

func (v *visit) currency(code string) form.Field {
	l := v.locale
	f := v.choice("details.currency", "Currency", code, chooseOne(l))
	all, often := listsOf(l).currencies, referral.OftenUsed()
	f.Groups = []form.OptionGroup{
		{Label: l.T("Often used"), Options: options(all.some(often...))},
		{Label: l.T("All others"), List: all.options, Without: often}}
	return f.Choose(code)
}

const closingPath = "details.closingDateTime"

func (v *visit) closing(c referral.ClosingDate) form.Date {
	d := dateField(v.locale, closingPath, "closing", "Closing date", c)
	d.Hint = v.locale.T("When the customer wants to decide, for example 27 3 2027")
	for _, part := range v.locale.DateOrder() {
		if d.Error == "" {
			d.Error, d.Wrong = v.errorAt(closingPath+"."+part), part
		}
	}
	if d.Error == "" || wholeDate(c, d.Wrong) {
		d.Wrong = ""
	}
	return d
}

// dateField asks for a day in the order of the language.
func dateField(
	l *language.Locale, name, id string, label language.Key, typed referral.ClosingDate,
) form.Date {
	return form.Date{Name: name, ID: id, Label: l.T(label), Day: typed.Day, Month: typed.Month,
		Year: typed.Year, Order: l.DateOrder(), DayLabel: l.T("Day"), MonthLabel: l.T("Month"),
		YearLabel: l.T("Year")}
}

// wholeDate tells whether the problem at a part is about all three: nothing was typed, or what was
// typed is no possible day.
func wholeDate(c referral.ClosingDate, part string) bool {
	return c.Empty() || part == "day" && referral.Clean(c.Day) != ""
}
