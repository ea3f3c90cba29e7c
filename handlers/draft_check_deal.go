package handlers

import (
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// dealCard shows the answers of both pages of step 4.
func (w review) dealCard() views.CheckCard {
	const s = referral.StepDeal
	a := w.draft.Answers
	value := w.row(s, "Deal value", typedValue(a), "details.dealValue", "details.currency")
	value.Strong = true
	rows := []views.SumRow{
		w.row(s, "Referral name", a.Name, "name"),
		w.row(s, "Your CRM reference", a.ExternalReferenceID, "externalReferenceId"),
		value,
		w.row(s, "Closing date", longDay(w.locale, closingDate(a)), closingPath+".day",
			closingPath+".month",
			closingPath+".year"),
		w.row(s, "Qualification", labelOf(w.locale, referral.Qualifications(), a.Qualification),
			"qualification"),
		w.row(s, "Marketplace purchase",
			labelOf(w.locale, referral.MarketplaceIntents(), a.MarketplaceIntent),
			"marketplaceIntent"),
		w.row(s, "Notes", a.Details.Notes, "details.notes"),
	}
	return w.card(s, append(rows, w.needsRows()...))
}

// closingDate is the day that was typed, none when it is no day.
func closingDate(a referral.Answers) referral.Date {
	day, _ := a.Details.Closing.Date()
	return day
}

func (w review) needsRows() []views.SumRow {
	const at = "details.requirements."
	r := w.draft.Answers.Details.Requirements
	change := views.Changeable("", fieldURL(w.draft.ID, referral.StepNeeds, at+"products"),
		"Change[ what the customer needs]")
	rows := []views.SumRow{
		{Key: w.locale.Label(referral.StepNeeds.Title()), Content: change},
		w.chips("Industries", "industries", r.Industries, referral.Industries()),
		w.chips("Products", "products", r.Products, referral.Products()),
		w.chips("Services", "services", r.Services, referral.Services()),
		w.chips("Solutions", "solutions", r.Solutions, referral.Solutions()),
	}
	rows = append(rows[:1:1], append(w.servicesRows(), rows[1:]...)...)
	byID := w.chips("Solutions by ID", "solutionIds", r.Given(), w.namedSolutions(r.Given()))
	if byID.Content != nil || byID.Missing != "" {
		rows = append(rows, byID)
	}
	return rows
}

// servicesRows are the answers of a services co-sell deal.
func (w review) servicesRows() []views.SumRow {
	if w.draft.Deal() != referral.ServicesCoSell {
		return nil
	}
	const s, at = referral.StepNeeds, "services."
	d := w.draft.Answers.Services
	return []views.SumRow{
		w.row(s, "Partner role", w.listed(referral.PartnerRoles, d.Role()),
			at+"partnerRole", at+"otherRole"),
		w.row(s, "Solution area", w.listed(referral.SolutionAreas, d.Area()),
			at+"solutionArea", at+"otherArea"),
		w.row(s, "Solution play", w.listed(referral.SolutionPlays, d.Play()),
			at+"solutionPlay", at+"otherPlay"),
	}
}

// listed is the name of a value of a list. One that the list does not have is what was typed, or
// was taken out of the list or changed there since.
func (w review) listed(k referral.EntryKind, code string) string {
	if _, known := w.settings.Find(k, code); known || code == "" {
		return w.settings.NameOf(k, code)
	}
	return w.locale.T("%s (not in your organisation’s list)", code)
}

// namedSolutions are the ids with the names that the settings have for them.
func (w review) namedSolutions(ids []string) []referral.Choice {
	var out []referral.Choice
	for _, id := range ids {
		if name := w.settings.NameOf(referral.OwnSolutions, id); name != id {
			out = append(out, referral.Choice{ID: id, Label: name + " (" + id + ")"})
		}
	}
	return out
}

// chips shows the chosen labels, or what is wrong with them.
func (w review) chips(
	key language.Key, name string, ids []string, catalogue []referral.Choice,
) views.SumRow {
	r := w.row(referral.StepNeeds, key, "", "details.requirements."+name)
	if r.Missing != "" || len(ids) == 0 {
		return r
	}
	var labels []string
	for _, id := range ids {
		labels = append(labels, labelOf(w.locale, catalogue, id))
	}
	r.Content = views.Chips(labels)
	return r
}
