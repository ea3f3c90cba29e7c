package handlers

import (
	"strings"

	"github.com/a-h/templ"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// sections are the summary cards of a referral, from what Microsoft's JSON says.
func sections(l *language.Locale, own referral.Referral, a referral.Answers) []views.Section {
	return []views.Section{
		{Card: views.Card{ID: "customer", Title: l.T("Customer profile"), Rows: customerRows(l, a)}},
		peopleSection(l, "contacts", "Customer contacts", a.CustomerProfile.Team),
		{Card: views.Card{ID: "deal", Title: l.T("Deal details"), Rows: dealRows(l, own, a)}},
		{Card: views.Card{ID: "needs", Title: l.T("What the customer needs"), Rows: needRows(l, a)}},
		peopleSection(l, "our-team", "Our team", a.Team),
		{Card: views.Card{ID: "ids", Title: l.T("At Microsoft"), Rows: []views.SumRow{
			{Key: l.T("Engagement ID"), Text: own.EngagementID, Mono: true},
			{Key: l.T("Referral ID"), Text: own.RemoteID, Mono: true},
			{Key: l.T("Who works on it"), Text: whoWorks(l, own)},
			{Key: l.T("Target"), Text: targetText(l, a)},
			{Key: l.T("Status"), Text: standingText(l, own.Status, own.Substatus)},
			{Key: l.T("Status reason"), Text: a.StatusReason}}}},
	}
}

// whoWorks is empty for a deal of which nothing is known.
func whoWorks(l *language.Locale, own referral.Referral) string {
	if fromMicrosoft(own) && own.DraftID == "" {
		return l.T("Microsoft shared this deal with you")
	}
	return l.Label(own.Deal.Summary())
}

// peopleSection shows people, or says that there are none.
func peopleSection(
	l *language.Locale, id string, title language.Key, team []referral.Member,
) views.Section {
	s := views.Section{Card: views.Card{ID: id, Title: l.T(title)}}
	for _, m := range referral.People(team) {
		s.People = append(s.People, views.PersonCard{Name: m.FullName(),
			Lines: nonEmpty(m.Email, m.PhoneNumber)})
	}
	if len(s.People) == 0 {
		s.Rows = []views.SumRow{{Key: l.T("People")}}
	}
	return s
}

func nonEmpty(values ...string) []string {
	var out []string
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

func customerRows(l *language.Locale, a referral.Answers) []views.SumRow {
	p := a.CustomerProfile
	return []views.SumRow{
		{Key: l.T("Organisation"), Text: p.Name},
		{Key: l.T("Address"), Lines: addressLines(l, p.Address)},
		{Key: l.T("Size"), Text: sizeLabel(l, p.Size)},
		{Key: l.T("D-U-N-S number"), Text: p.Duns},
		{Key: l.T("Your customer ID"), Text: p.ExternalID},
	}
}

func dealRows(l *language.Locale, own referral.Referral, a referral.Answers) []views.SumRow {
	return []views.SumRow{
		{Key: l.T("Referral name"), Text: a.Name},
		{Key: l.T("Your CRM reference"), Text: givenReference(own, a)},
		{Key: l.T("Deal value"), Text: dealValue(a.Details.DealValue, a.Details.Currency),
			Strong: true},
		closingRow(l, own, a),
		{Key: l.T("Qualification"), Text: labelOf(l, referral.Qualifications(), a.Qualification)},
		{Key: l.T("Marketplace purchase"),
			Text: labelOf(l, referral.MarketplaceIntents(), a.MarketplaceIntent)},
		{Key: l.T("Notes"), Lines: nonEmpty(strings.Split(a.Details.Notes, "\n")...)},
	}
}

func dealValue(value, currency string) string {
	if value == "" {
		return ""
	}
	return referral.Money(value).Format(currency)
}

// givenReference is the rep's CRM reference; a stamp of ours is none.
func givenReference(own referral.Referral, a referral.Answers) string {
	if a.ExternalReferenceID == (referral.Draft{ID: own.DraftID}).Stamp() {
		return ""
	}
	return a.ExternalReferenceID
}

// closingRow shows the closing date that was sent when Microsoft's answer left it out.
func closingRow(l *language.Locale, own referral.Referral, a referral.Answers) views.SumRow {
	r := views.SumRow{Key: l.T("Closing date"), Text: longDay(l, closingDate(a))}
	if day, ok := referral.ParseDate(own.ClosingDate); ok && r.Text == "" {
		r.Content = views.Remarked(longDay(l, day), l.T("Not in Microsoft’s answer"))
	}
	return r
}

func needRows(l *language.Locale, a referral.Answers) []views.SumRow {
	r := a.Details.Requirements
	var rows []views.SumRow
	if s := a.Services; s != (referral.ServicesDeal{}) {
		rows = []views.SumRow{{Key: l.T("Partner role"), Text: s.Role()},
			{Key: l.T("Solution area"), Text: s.Area()}, {Key: l.T("Solution play"), Text: s.Play()}}
	}
	return append(rows, []views.SumRow{
		{Key: l.T("Industries"), Content: chipsOf(l, referral.Industries(), r.Industries)},
		{Key: l.T("Products"), Content: chipsOf(l, referral.Products(), r.Products)},
		{Key: l.T("Services"), Content: chipsOf(l, referral.Services(), r.Services)},
		{Key: l.T("Solutions"), Content: chipsOf(l, referral.Solutions(), r.Solutions)},
	}...)
}

// chipsOf shows the labels of ids; nil when there are none.
func chipsOf(l *language.Locale, choices []referral.Choice, ids []string) templ.Component {
	if len(ids) == 0 {
		return nil
	}
	return views.Chips(labels(l, choices, ids))
}
