package handlers

import (
	"strings"

	"github.com/a-h/templ"

	"tandem/internal/referral"
	"tandem/views"
)

// sections are the summary cards of a referral, from what Microsoft's JSON says.
func sections(own referral.Referral, a referral.Answers) []views.Section {
	return []views.Section{
		{Card: views.Card{ID: "customer", Title: "Customer profile", Rows: customerRows(a)}},
		peopleSection("contacts", "Customer contacts", a.CustomerProfile.Team),
		{Card: views.Card{ID: "deal", Title: "Deal details", Rows: dealRows(own, a)}},
		{Card: views.Card{ID: "needs", Title: "What the customer needs", Rows: needRows(a)}},
		peopleSection("our-team", "Our team", a.Team),
		{Card: views.Card{ID: "ids", Title: "At Microsoft", Rows: []views.SumRow{
			{Key: "Engagement ID", Text: own.EngagementID, Mono: true},
			{Key: "Referral ID", Text: own.RemoteID, Mono: true},
			{Key: "Who works on it", Text: own.Deal.Summary()},
			{Key: "Target", Text: targetText(a)},
			{Key: "Status", Text: referral.StatusLabel(own.Status, own.Substatus)},
			{Key: "Status reason", Text: a.StatusReason}}}},
	}
}

// peopleSection shows people, or says that there are none.
func peopleSection(id, title string, team []referral.Member) views.Section {
	s := views.Section{Card: views.Card{ID: id, Title: title}}
	for _, m := range referral.People(team) {
		s.People = append(s.People, views.PersonCard{Name: m.FullName(),
			Lines: nonEmpty(m.Email, m.PhoneNumber)})
	}
	if len(s.People) == 0 {
		s.Rows = []views.SumRow{{Key: "People"}}
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

func customerRows(a referral.Answers) []views.SumRow {
	p := a.CustomerProfile
	return []views.SumRow{
		{Key: "Organisation", Text: p.Name},
		{Key: "Address", Lines: addressLines(p.Address)},
		{Key: "Size", Text: referral.SizeLabel(p.Size)},
		{Key: "D-U-N-S number", Text: p.Duns},
		{Key: "Your customer ID", Text: p.ExternalID},
	}
}

func dealRows(own referral.Referral, a referral.Answers) []views.SumRow {
	return []views.SumRow{
		{Key: "Referral name", Text: a.Name},
		{Key: "Your CRM reference", Text: givenReference(own, a)},
		{Key: "Deal value", Text: dealValue(a.Details.DealValue, a.Details.Currency), Strong: true},
		closingRow(own, a),
		{Key: "Qualification", Text: referral.LabelOf(referral.Qualifications(), a.Qualification)},
		{Key: "Marketplace purchase",
			Text: referral.LabelOf(referral.MarketplaceIntents(), a.MarketplaceIntent)},
		{Key: "Notes", Lines: nonEmpty(strings.Split(a.Details.Notes, "\n")...)},
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
func closingRow(own referral.Referral, a referral.Answers) views.SumRow {
	r := views.SumRow{Key: "Closing date", Text: closingDay(a)}
	if day, ok := referral.ParseDate(own.ClosingDate); ok && r.Text == "" {
		r.Content = views.Remarked(day.Long(), "Not in Microsoft’s answer")
	}
	return r
}

func closingDay(a referral.Answers) string {
	if day, ok := a.Details.Closing.Date(); ok {
		return day.Long()
	}
	return ""
}

func needRows(a referral.Answers) []views.SumRow {
	r := a.Details.Requirements
	var rows []views.SumRow
	if s := a.Services; s != (referral.ServicesDeal{}) {
		rows = []views.SumRow{{Key: "Partner role", Text: s.Role()},
			{Key: "Solution area", Text: s.Area()}, {Key: "Solution play", Text: s.Play()}}
	}
	return append(rows, []views.SumRow{
		{Key: "Industries", Content: chipsOf(referral.Industries(), r.Industries)},
		{Key: "Products", Content: chipsOf(referral.Products(), r.Products)},
		{Key: "Services", Content: chipsOf(referral.Services(), r.Services)},
		{Key: "Solutions", Content: chipsOf(referral.Solutions(), r.Solutions)},
	}...)
}

// chipsOf shows the labels of ids; nil when there are none.
func chipsOf(choices []referral.Choice, ids []string) templ.Component {
	if len(ids) == 0 {
		return nil
	}
	return views.Chips(labels(choices, ids))
}
