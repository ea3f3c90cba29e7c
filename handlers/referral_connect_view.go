package handlers

import (
	"strings"

	"tandem/internal/form"
	"tandem/internal/language"
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
func connectLabel(l *language.Locale, path string) string {
	switch path {
	case "inviteContext.assistanceRequestCode":
		return l.T("Help from Microsoft")
	case "inviteContext.notes":
		return l.T("Message to Microsoft")
	case "team":
		return l.T("Your team")
	case "details.notes":
		return l.T("Notes for Microsoft")
	}
	return fieldLabel(l, path)
}

// connectView is the wizard's first page, with what is wrong beside the fields.
func connectView(d deal, me referral.User, wrong referral.Problems) views.Connect {
	l := d.locale
	field := func(path string, label language.Key, value string) form.Field {
		return form.Field{Name: path, ID: connectID(path), Label: l.T(label), Value: value,
			Error: sentenceAt(l, wrong, path)}
	}
	v := views.Connect{ID: d.own.ID, Name: d.own.Name, Pair: wizardPair(d),
		Copied: d.copied(false), Restored: d.note}
	if d.widened {
		v.Done = l.T("You changed who works on this deal.")
	}
	v.Help = field("inviteContext.assistanceRequestCode",
		"What help do you want from Microsoft?", "")
	v.Help.Width, v.Help.Options = "w28", helpOptions(l)
	v.Help = v.Help.Choose(d.answers.HelpCode)
	v.Message = field("inviteContext.notes", "Message to Microsoft", d.answers.Message)
	v.Message.Hint = l.T("Say what you need and by when")
	v.Message.Rows, v.Message.Max = 4, 1000
	v.Contacts = field("customerProfile.team", "Which customer contacts should Microsoft see?", "")
	v.Contacts.Hint = l.T("Choose at least one person")
	v.Contacts.Options = personOptions(l, d.draft.Answers.CustomerProfile.Team, "")
	v.Contacts = v.Contacts.Choose(d.answers.Contacts...)
	v.Team = field("team", "Who from your team should Microsoft contact?", "")
	v.Team.Options = personOptions(l, d.draft.Answers.Team, me.Email)
	v.Team = v.Team.Choose(d.answers.Team...)
	v.Different = form.Field{Name: "different", ID: "different", Value: "true",
		Label:   l.T("Use different notes or deal value for Microsoft"),
		Checked: d.answers.Different == "true"}
	v.Notes = field("details.notes", "Notes for Microsoft", d.answers.Notes)
	v.Notes.Rows, v.Notes.Max = 4, 1000
	v.Value = field("details.dealValue", "Deal value", d.answers.DealValue)
	v.Value.Label = l.T("Deal value for Microsoft in %s", d.draft.Answers.Details.Currency)
	v.Value.InputMode, v.Value.Autocomplete, v.Value.Width = "decimal", "off", "w20"
	v.Different.Checked = v.Different.Checked || v.Notes.Error+v.Value.Error != ""
	v.Errors = form.Summary(v.Help, v.Message, v.Contacts, v.Team, v.Notes, v.Value)
	return v
}

func helpOptions(l *language.Locale) []form.Option {
	return options(append(chooseOne(l), labelled(l, referral.HelpCodes())...))
}

// personOptions are checkboxes for people; the one whose e-mail address is mine is "you".
func personOptions(l *language.Locale, team []referral.Member, mine string) []form.Option {
	var out []form.Option
	for _, m := range referral.People(team) {
		name := m.FullName()
		if mine != "" && strings.EqualFold(referral.PersonKey(m), mine) {
			name = l.T("%s (you)", name)
		}
		out = append(out, form.Option{Value: referral.PersonKey(m), Label: name,
			Hint: referral.Mailbox(m.Email)})
	}
	return out
}

func wizardPair(d deal) views.PairData {
	p := pairOf(d.locale, d.own, nil)
	p.Own.Tag, p.Own.Note = d.locale.T("Created"), targetNote(d.locale, d.draft.Answers)
	p.Microsoft.Note = d.locale.T("Target: business profile location %s", "msft")
	return p
}

func targetNote(l *language.Locale, a referral.Answers) string {
	kind := a.TargetType()
	switch kind {
	case referral.TargetSolution:
		return l.T("Target: solution %s", a.TargetID(kind))
	case referral.TargetLocation:
		return l.T("Target: business profile location %s", a.TargetID(kind))
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
	l, r := d.locale, a.Details.Requirements
	needs := labels(l, referral.Industries(), r.Industries)
	needs = append(needs, labels(l, referral.Products(), r.Products)...)
	needs = append(needs, labels(l, referral.Services(), r.Services)...)
	needs = append(needs, labels(l, referral.Solutions(), r.Solutions)...)
	at := referral.Address{City: a.CustomerProfile.Address.City,
		Country: a.CustomerProfile.Address.Country}
	return []views.SumRow{
		{Key: l.T("Customer"), Text: joined(", ", a.CustomerProfile.Name, area(l, at))},
		{Key: l.T("Deal"), Text: l.T("%s, closing %s", value, longDay(l, closingDate(a)))},
		{Key: l.T("Needs"), Text: strings.Join(needs, " · ")},
	}
}

func labels(l *language.Locale, choices []referral.Choice, ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, labelOf(l, choices, id))
	}
	return out
}

// answerRows are the wizard's answers with links to change them.
func (d deal) answerRows() []views.SumRow {
	l, a, w := d.locale, d.draft.Answers, d.answers
	row := func(path string, change language.Key, lines ...string) views.SumRow {
		href := connectPath(d.own.ID) + "#" + connectID(path)
		return views.SumRow{Key: connectLabel(l, path),
			Content: views.ChangedAnswer(lines, href, change)}
	}
	rows := []views.SumRow{
		row("inviteContext.assistanceRequestCode", "Change[ the help]",
			labelOf(l, referral.HelpCodes(), w.HelpCode)),
		row("inviteContext.notes", "Change[ the message]",
			strings.Split(referral.Clean(w.Message), "\n")...),
		row("customerProfile.team", "Change[ the customer contacts]",
			chosenPeople(l, a.CustomerProfile.Team, w.Contacts)...),
		row("team", "Change[ your team]", chosenPeople(l, a.Team, w.Team)...),
	}
	if w.Different == "true" {
		rows = append(rows, row("details.notes", "Change[ the notes]",
			strings.Split(referral.Clean(w.Notes), "\n")...))
	}
	return rows
}

// chosenPeople names those whose key was ticked.
func chosenPeople(l *language.Locale, team []referral.Member, keys []string) []string {
	var out []string
	f := form.Field{Options: personOptions(l, team, "")}
	for _, o := range f.Choose(keys...).Options {
		if o.Selected {
			out = append(out, l.List([]string{o.Label, o.Hint}))
		}
	}
	return out
}
