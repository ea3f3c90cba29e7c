package handlers

import (
	"strings"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

// connectID is the id of the wizard's input for the path, "" when it does not ask it.
func connectID(path string) string {
	switch path {
	case "inviteContext.assistanceRequestCode":
		return "help"
	case "inviteContext.notes":
		return "message"
	case "customerProfile.team":
		return "contacts"
	case "team":
		return "team"
	case "details.notes":
		return "notes"
	case "details.dealValue":
		return "deal-value"
	}
	return ""
}

// connectLabel is what the wizard calls the answer, or what the form calls it when only that asks.
func connectLabel(path string) string {
	switch path {
	case "inviteContext.assistanceRequestCode":
		return "Help from Microsoft"
	case "inviteContext.notes":
		return "Message to Microsoft"
	case "team":
		return "Your team"
	case "details.notes":
		return "Notes for Microsoft"
	}
	return referral.FieldLabel(path)
}

// connectView is the wizard's first page, with what is wrong beside the fields.
func connectView(d deal, me referral.User, wrong referral.Problems) views.Connect {
	field := func(path, label, value string) form.Field {
		return form.Field{Name: path, ID: connectID(path), Label: label, Value: value,
			Error: wrong.At(path)}
	}
	v := views.Connect{ID: d.own.ID, Name: d.own.Name, Pair: wizardPair(d),
		Copied: d.copied(false), Restored: d.note}
	v.Help = field("inviteContext.assistanceRequestCode",
		"What help do you want from Microsoft?", "")
	v.Help.Width, v.Help.Options = "w28", helpOptions()
	v.Help = v.Help.Choose(d.answers.HelpCode)
	v.Message = field("inviteContext.notes", "Message to Microsoft", d.answers.Message)
	v.Message.Hint, v.Message.Rows, v.Message.Max = "Say what you need and by when", 4, 1000
	v.Contacts = field("customerProfile.team", "Which customer contacts should Microsoft see?", "")
	v.Contacts.Hint = "Choose at least one person"
	v.Contacts.Options = personOptions(d.draft.Answers.CustomerProfile.Team, "")
	v.Contacts = v.Contacts.Choose(d.answers.Contacts...)
	v.Team = field("team", "Who from your team should Microsoft contact?", "")
	v.Team.Options = personOptions(d.draft.Answers.Team, me.Email)
	v.Team = v.Team.Choose(d.answers.Team...)
	v.Different = form.Field{Name: "different", ID: "different", Value: "true",
		Label: "Use different notes or deal value for Microsoft", Checked: d.answers.Different == "true"}
	v.Notes = field("details.notes", "Notes for Microsoft", d.answers.Notes)
	v.Notes.Rows, v.Notes.Max = 4, 1000
	v.Value = field("details.dealValue", "Deal value for Microsoft in "+
		d.draft.Answers.Details.Currency, d.answers.DealValue)
	v.Value.InputMode, v.Value.Autocomplete, v.Value.Width = "decimal", "off", "w20"
	v.Different.Checked = v.Different.Checked || v.Notes.Error+v.Value.Error != ""
	v.Errors = form.Summary(v.Help, v.Message, v.Contacts, v.Team, v.Notes, v.Value)
	return v
}

func helpOptions() []form.Option {
	options := []form.Option{{Label: "Choose one"}}
	for _, c := range referral.HelpCodes() {
		options = append(options, form.Option{Value: c.ID, Label: c.Label})
	}
	return options
}

// personOptions are checkboxes for people; the one whose e-mail address is mine is "you".
func personOptions(team []referral.Member, mine string) []form.Option {
	var out []form.Option
	for _, m := range referral.People(team) {
		label := m.FullName()
		if mine != "" && strings.EqualFold(referral.PersonKey(m), mine) {
			label += " (you)"
		}
		out = append(out, form.Option{Value: referral.PersonKey(m), Label: label,
			Hint: referral.Narrow(m.Email)})
	}
	return out
}

func wizardPair(d deal) views.PairData {
	p := pairOf(d.own, nil)
	p.Own.Tag, p.Own.Note = "Created", targetNote(d.draft.Answers)
	p.Microsoft.Note = "Target: business profile location msft"
	return p
}

func targetNote(a referral.Answers) string {
	kind := a.TargetType()
	switch kind {
	case referral.TargetSolution:
		return "Target: solution " + a.TargetID(kind)
	case referral.TargetLocation:
		return "Target: business location " + a.TargetID(kind)
	}
	return ""
}

// copied are the answers that both referrals share. With the changes of the wizard, the deal value
// is that which Microsoft gets.
func (d deal) copied(changed bool) []views.SumRow {
	a := d.draft.Answers
	value := a.Details.DealValue
	if changed && d.answers.Different == "true" {
		value = d.answers.DealValue
	}
	if m, ok := referral.ParseMoney(value, a.Details.Currency); ok {
		value = m.Format(a.Details.Currency)
	}
	at := a.CustomerProfile.Address
	r := a.Details.Requirements
	needs := labels(referral.Industries(), r.Industries)
	needs = append(needs, labels(referral.Products(), r.Products)...)
	needs = append(needs, labels(referral.Services(), r.Services)...)
	needs = append(needs, labels(referral.Solutions(), r.Solutions)...)
	return []views.SumRow{
		{Key: "Customer", Text: strings.Join(nonEmpty(referral.Clean(a.CustomerProfile.Name),
			referral.Clean(at.City), referral.CountryName(at.Country)), ", ")},
		{Key: "Deal", Text: value + ", closing " + closingDay(a)},
		{Key: "Needs", Text: strings.Join(needs, " · ")},
	}
}

func labels(choices []referral.Choice, ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, referral.LabelOf(choices, id))
	}
	return out
}

// answerRows are the wizard's answers with links to change them.
func (d deal) answerRows() []views.SumRow {
	a, w := d.draft.Answers, d.answers
	row := func(key, path, what string, lines ...string) views.SumRow {
		href := connectPath(d.own.ID) + "#" + connectID(path)
		return views.SumRow{Key: key, Content: views.ChangedAnswer(lines, href, what)}
	}
	rows := []views.SumRow{
		row("Help from Microsoft", "inviteContext.assistanceRequestCode", "the help",
			referral.LabelOf(referral.HelpCodes(), w.HelpCode)),
		row("Message to Microsoft", "inviteContext.notes", "the message",
			strings.Split(referral.Clean(w.Message), "\n")...),
		row("Customer contacts", "customerProfile.team", "the customer contacts",
			chosenPeople(a.CustomerProfile.Team, w.Contacts)...),
		row("Your team", "team", "your team", chosenPeople(a.Team, w.Team)...),
	}
	if w.Different == "true" {
		rows = append(rows, row("Notes for Microsoft", "details.notes", "the notes",
			strings.Split(referral.Clean(w.Notes), "\n")...))
	}
	return rows
}

// chosenPeople names those whose key was ticked.
func chosenPeople(team []referral.Member, keys []string) []string {
	var out []string
	for _, o := range (form.Field{Options: personOptions(team, "")}).Choose(keys...).Options {
		if o.Selected {
			out = append(out, o.Label+", "+o.Hint)
		}
	}
	return out
}
