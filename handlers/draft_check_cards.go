package handlers

import (
	"strings"

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
		Title:      s.Title(),
		What:       strings.ToLower(s.Title()),
		ChangeHref: strings.TrimSuffix(first, "#"),
		Rows:       rows,
	}}
}

// row is one answer. The first problem with any of the paths stands in its place.
func (w review) row(s referral.Step, key, text string, paths ...string) views.SumRow {
	r := views.SumRow{Key: key, Text: referral.Clean(text), Href: fieldURL(w.draft.ID, s, paths[0])}
	for _, path := range paths {
		if sentence := w.problems[s].At(path); sentence != "" && r.Missing == "" {
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
	address.Lines = addressLines(c.Address)
	rows := []views.SumRow{
		w.row(s, "Organisation", c.Name, at+"name"),
		address,
		w.row(s, "Size", referral.SizeLabel(c.Size), at+"size"),
		w.row(s, "D-U-N-S number", c.Duns, at+"duns"),
	}
	if external := w.row(s, "Your customer ID", c.ExternalID, at+"externalId"); c.ExternalID != "" {
		rows = append(rows, external)
	}
	return w.card(s, rows)
}

// addressLines writes an address as on an envelope, without empty lines.
func addressLines(a referral.Address) []string {
	var out []string
	for _, line := range []string{
		joined(", ", a.AddressLine1, a.AddressLine2),
		joined(" ", joined(", ", a.City, a.State), a.PostalCode),
		referral.Clean(a.Region),
		referral.CountryName(a.Country),
	} {
		if line != "" {
			out = append(out, line)
		}
	}
	return out
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
		out.Wrong = append(out.Wrong, views.SumRow{Key: referral.FieldLabel(p.Path),
			Missing: p.Text(), Href: fieldURL(w.draft.ID, s, p.Path)})
	}
	if len(out.People)+len(out.Wrong) == 0 {
		out.Wrong = []views.SumRow{{Key: "Contacts"}}
	}
	return out
}

func (w review) personCard(s referral.Step, m referral.Member) views.PersonCard {
	p := views.PersonCard{Name: m.FullName()}
	for _, line := range []string{referral.Clean(m.Email), referral.Clean(m.PhoneNumber)} {
		if line != "" {
			p.Lines = append(p.Lines, line)
		}
	}
	language := referral.LabelOf(referral.Locales(), m.ContactPreference.Locale)
	p.Note = "Email notifications in " + language
	if m.ContactPreference.DisableNotifications != "false" {
		p.Note = "No email notifications"
	}
	if s == referral.StepTeam && w.rep.Email != "" &&
		referral.PersonKey(m) == referral.PersonKey(referral.Member{Email: w.rep.Email}) {
		p.Note = "You"
	}
	return p
}

func (w review) consentCard() views.CheckCard {
	const s, at = referral.StepConsent, "consent."
	c := w.draft.Answers.Consent
	return w.card(s, []views.SumRow{
		agreed(w.row(s, "Share their information", c.ShareInfo,
			at+"consentToToShareInfoWithOthers"), "Yes, with Microsoft and other partners"),
		agreed(w.row(s, "Contact them", c.Contact, at+"consentToContact"), "Yes, about this deal"),
	})
}

// agreed turns an answer into words, with a tick when it is yes.
func agreed(r views.SumRow, yes string) views.SumRow {
	switch r.Text {
	case "true":
		r.Content = views.Ticked(yes)
	case "false":
		r.Text = "No, or not yet"
	}
	return r
}

func (w review) targetCard() views.CheckCard {
	const s = referral.StepTarget
	a := w.draft.Answers
	deal := views.SumRow{Key: "Who works on it", Content: views.Changeable(
		w.draft.Deal().Summary(), "/drafts/"+w.draft.ID+"/type?return=check", "who works on it")}
	rows := []views.SumRow{deal}
	if w.draft.Deal().HasTarget() {
		rows = append(rows, w.row(s, "Target", w.targetText(), "target[0].type", "target[0].id",
			referral.OtherSolutionPath, referral.LocationPath),
			w.row(s, "Invite message", a.InviteContext.Notes, "inviteContext.notes"),
			w.row(s, "Invited by", a.InviteContext.InvitedBy.OrganizationID,
				"inviteContext.invitedBy.organizationId"))
	}
	rows = append(rows,
		w.row(s, "Status on sending", referral.LabelOf(referral.Statuses(), a.Status), "status"))
	if reason := w.row(s, "Status reason", a.StatusReason, "statusReason"); reason.Text+
		reason.Missing != "" {
		rows = append(rows, reason)
	}
	return w.card(s, rows)
}

// targetText names the target, a solution of the settings by its name, too.
func (w review) targetText() string {
	text := targetText(w.draft.Answers)
	id := w.draft.Answers.TargetID(referral.TargetSolution)
	if name := w.settings.NameOf(referral.OwnSolutions, id); name != id &&
		w.draft.Answers.TargetType() == referral.TargetSolution {
		return text + " – " + name
	}
	return text
}

func targetText(a referral.Answers) string {
	switch kind := a.TargetType(); kind {
	case referral.TargetSolution:
		return "Solution profile " + a.TargetID(kind)
	case referral.TargetLocation:
		return "Business profile location " + a.TargetID(kind)
	}
	return ""
}
