package handlers

import (
	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// servicesQuestions are those of a services co-sell deal, nil for other deals.
func (v *visit) servicesQuestions() *views.ServicesQuestions {
	if v.draft.Deal() != referral.ServicesCoSell {
		return nil
	}
	const at = "services."
	s := v.draft.Answers.Services
	q := &views.ServicesQuestions{
		Role: v.listed(at+"partnerRole", "Partner role", s.PartnerRole, referral.PartnerRoles),
		Area: v.listed(at+"solutionArea", "Solution area", s.SolutionArea,
			referral.SolutionAreas),
		Play: v.listed(at+"solutionPlay", "Solution play", s.SolutionPlay,
			referral.SolutionPlays),
		OtherRole: v.other(at+"otherRole", "Another partner role", s.OtherRole),
		OtherArea: v.other(at+"otherArea", "Another solution area", s.OtherArea),
		OtherPlay: v.other(at+"otherPlay", "Another solution play", s.OtherPlay),
	}
	q.Role.Hint = v.locale.T("What you do in this deal")
	for _, f := range []form.Field{q.OtherRole, q.OtherArea, q.OtherPlay} {
		q.OtherOpen = q.OtherOpen || f.Value+f.Error != ""
	}
	return q
}

// other takes a value that the list lacks. It wins over the choice.
func (v *visit) other(path string, label language.Key, value string) form.Field {
	f := v.field(path, label, value)
	f.Hint = v.locale.T("As Partner Center spells it. It is sent in place of your choice above")
	f.Optional, f.NoSpellcheck = true, true
	return f
}

// listed is a select of a list of the settings. A value that is not offered any more stays until
// another is chosen.
func (v *visit) listed(
	path string, label language.Key, value string, k referral.EntryKind,
) form.Field {
	f := v.choice(path, label, value, chooseOne(v.locale))
	f.Warning = sentenceAt(v.locale, v.warnings, path)
	all := []referral.Group{{Choices: v.settings.Offered(k, v.today)}}
	if k == referral.SolutionPlays {
		all = v.settings.OfferedPlays(v.today)
	}
	for _, g := range all {
		if g.Label == "" {
			f.Options = append(f.Options, options(g.Choices)...)
		} else {
			f.Groups = append(f.Groups,
				form.OptionGroup{Label: g.Label, Options: options(g.Choices)})
		}
	}
	f = f.Choose(value)
	if value != "" && len(f.Chosen()) == 0 {
		f.Options = append(f.Options,
			form.Option{Value: value, Label: v.settings.NameOf(k, value)})
		f = f.Choose(value)
	}
	return f
}
