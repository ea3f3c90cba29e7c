package handlers

import (
	"strings"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// cards are the six sections in step order.
func (w review) cards() []views.CheckCard {
	return []views.CheckCard{
		w.customerCard(), w.contactsCard(), w.consentCard(), w.dealCard(), w.teamCard(),
		w.targetCard(),
	}
}

func (w review) card(s referral.Step, rows []views.SumRow) views.CheckCard {
	first := ""
	if len(rows) > 0 {
		first = rows[0].Href
	}
	if first == "" {
		first = fieldURL(w.draft.ID, s, "")
	}
	return views.CheckCard{Card: views.Card{
		ID:         "card-" + string(s),
		Title:      w.locale.Label(s.Title()),
		Change:     changeStep(s),
		ChangeHref: strings.TrimSuffix(first, "#"),
		Rows:       rows,
	}}
}

// changeStep is the text of the link that changes a section.
func changeStep(s referral.Step) language.Key {
	switch s {
	case referral.StepCustomer:
		return "Change[ customer profile]"
	case referral.StepContacts:
		return "Change[ customer contacts]"
	case referral.StepConsent:
		return "Change[ consent]"
	case referral.StepDeal:
		return "Change[ deal details]"
	case referral.StepTeam:
		return "Change[ our team]"
	}
	return "Change[ target and invite]"
}

// row is one answer. The first problem with any of the paths stands in its place.
func (w review) row(
	s referral.Step, key language.Key, text string, paths ...string,
) views.SumRow {
	r := views.SumRow{Key: w.locale.T(key), Text: referral.Clean(text),
		Href: fieldURL(w.draft.ID, s, paths[0])}
	if strings.Contains(r.Text, "\n") {
		r.Lines = strings.Split(r.Text, "\n")
	}
	for _, path := range paths {
		if sentence := sentenceAt(w.locale, w.problems[s], path); sentence != "" && r.Missing == "" {
			r.Missing, r.Href = sentence, fieldURL(w.draft.ID, s, path)
		}
	}
	return r
}

func (w review) customerCard() views.CheckCard {
	const s, at = referral.StepCustomer, "customerProfile."
	c := w.draft.Answers.CustomerProfile
	address := w.row(s, "Address", "", at+"address.country", at+"address.addressLine1",
		at+"address.addressLine2", at+"address.city", at+"address.state", at+"address.postalCode",
		at+"address.region")
	address.Lines = addressLines(w.locale, c.Address)
	rows := []views.SumRow{
		w.row(s, "Organisation", c.Name, at+"name"),
		address,
		w.row(s, "Size", sizeLabel(w.locale, c.Size), at+"size"),
		w.row(s, "D-U-N-S number", c.Duns, at+"duns"),
	}
	if external := w.row(s, "Your customer ID", c.ExternalID, at+"externalId"); c.ExternalID != "" {
		rows = append(rows, external)
	}
	return w.card(s, rows)
}

func (w review) contactsCard() views.CheckCard {
	return w.peopleCard(referral.StepContacts, w.draft.Answers.CustomerProfile.Team)
}

func (w review) teamCard() views.CheckCard {
	return w.peopleCard(referral.StepTeam, w.draft.Answers.Team)
}

// peopleCard shows the people, and below them what is wrong with any of them.
func (w review) peopleCard(s referral.Step, all []referral.Member) views.CheckCard {
	out := w.card(s, nil)
	for _, m := range referral.People(all) {
		out.People = append(out.People, w.personCard(s, m))
	}
	for _, p := range w.problems[s] {
		out.Wrong = append(out.Wrong, views.SumRow{Key: fieldLabel(w.locale, p.Path),
			Missing: sentenceOf(w.locale, p), Href: fieldURL(w.draft.ID, s, p.Path)})
	}
	if len(out.People)+len(out.Wrong) == 0 {
		out.Wrong = []views.SumRow{{Key: w.locale.T("Contacts")}}
	}
	return out
}

func (w review) personCard(s referral.Step, m referral.Member) views.PersonCard {
	p := views.PersonCard{Name: m.FullName()}
	for _, line := range []string{referral.Mailbox(m.Email), referral.Phone(m.PhoneNumber)} {
		if line != "" {
			p.Lines = append(p.Lines, line)
		}
	}
	p.Note = w.locale.T("Email notifications in %s",
		labelOf(w.locale, referral.Locales(), m.ContactPreference.Locale))
	if m.ContactPreference.DisableNotifications != "false" {
		p.Note = w.locale.T("No email notifications")
	}
	if s == referral.StepTeam && w.rep.Email != "" &&
		referral.PersonKey(m) == referral.PersonKey(referral.Member{Email: w.rep.Email}) {
		p.Note = w.locale.T("You")
	}
	return p
}

func (w review) consentCard() views.CheckCard {
	const s, at = referral.StepConsent, "consent."
	c := w.draft.Answers.Consent
	return w.card(s, []views.SumRow{
		w.agreed(w.row(s, "Share their information", c.ShareInfo,
			at+"consentToToShareInfoWithOthers"), "Yes, with Microsoft and other partners"),
		w.agreed(w.row(s, "Contact them", c.Contact, at+"consentToContact"), "Yes, about this deal"),
	})
}

// agreed turns an answer into words, with a tick when it is yes.
func (w review) agreed(r views.SumRow, yes language.Key) views.SumRow {
	switch r.Text {
	case "true":
		r.Content = views.Ticked(w.locale.T(yes))
	case "false":
		r.Text = w.locale.T("No, or not yet")
	}
	return r
}

func (w review) targetCard() views.CheckCard {
	const s = referral.StepTarget
	a := w.draft.Answers
	l := w.locale
	deal := views.SumRow{Key: l.T("Who works on it"), Content: views.Changeable(
		l.Label(w.draft.Deal().Summary()), "/drafts/"+w.draft.ID+"/type?return=check",
		"Change[ who works on it]")}
	rows := []views.SumRow{deal}
	if w.draft.Deal().HasTarget() {
		rows = append(rows, w.row(s, "Target", w.targetText(), "target[0].type", "target[0].id",
			referral.OtherSolutionPath, referral.LocationPath),
			w.row(s, "Invite message", a.InviteContext.Notes, "inviteContext.notes"),
			w.row(s, "Invited by", a.InviteContext.InvitedBy.OrganizationID,
				"inviteContext.invitedBy.organizationId"))
	}
	rows = append(rows,
		w.row(s, "Status on sending", labelOf(l, standings(l), a.Status), "status"))
	if reason := w.row(s, "Status reason", a.StatusReason, "statusReason"); reason.Text+
		reason.Missing != "" {
		rows = append(rows, reason)
	}
	return w.card(s, rows)
}

// targetText names the target, a solution of the settings by its name, too.
func (w review) targetText() string {
	text := targetText(w.locale, w.draft.Answers)
	id := w.draft.Answers.TargetID(referral.TargetSolution)
	if name := w.settings.NameOf(referral.OwnSolutions, id); name != id &&
		w.draft.Answers.TargetType() == referral.TargetSolution {
		return text + " – " + name
	}
	return text
}

func targetText(l *language.Locale, a referral.Answers) string {
	switch kind := a.TargetType(); kind {
	case referral.TargetSolution:
		return l.T("Solution profile %s", a.TargetID(kind))
	case referral.TargetLocation:
		return l.T("Business profile location %s", a.TargetID(kind))
	}
	return ""
}
