package handlers

import (
	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
)

// field returns the text field for a path, with what is wrong with it.
func (v *visit) field(path string, label language.Key, value string) form.Field {
	return form.Field{Name: path, ID: referral.ElementID(path), Label: v.locale.T(label),
		Value: value,
		Error: v.errorAt(path), Autocomplete: "off"}
}

// errorAt is what is wrong with the input for a path: by our rules, else as Microsoft reported it.
// Microsoft may name the answer by another path than the input.
func (v *visit) errorAt(path string) string {
	text := sentenceAt(v.locale, v.problems, path)
	if text == "" && v.refused != "" && referral.ElementID(path) == v.refusedID() {
		return v.locale.T(reportedProblem, fieldLabel(v.locale, v.refused))
	}
	return text
}

// refusedID is the id of the input that holds the refused answer.
func (v *visit) refusedID() string {
	id := referral.ElementID(v.refused)
	if id == referral.ElementID("target[0].id") &&
		v.draft.Answers.TargetType() == referral.TargetLocation {
		return referral.ElementID(referral.LocationPath)
	}
	return id
}

// choice returns the field for a path with options to choose from, the chosen one selected.
func (v *visit) choice(
	path string, label language.Key, value string, choices []referral.Choice,
) form.Field {
	f := v.field(path, label, value)
	f.Autocomplete = ""
	f.Options = options(choices)
	return f.Choose(value)
}

// options are choices whose labels are in the language of the page.
func options(choices []referral.Choice) []form.Option {
	out := make([]form.Option, len(choices))
	for i, c := range choices {
		out[i] = form.Option{Value: c.ID, Label: c.Label}
	}
	return out
}

// groups puts a list of the domain into the language of the page.
func groups(l *language.Locale, all []referral.Group) []form.OptionGroup {
	var out []form.OptionGroup
	for _, g := range all {
		out = append(out,
			form.OptionGroup{Label: l.Label(g.Label), Options: options(labelled(l, g.Choices))})
	}
	return out
}

// chooseOne is the first option of a select without an answer.
func chooseOne(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Choose one")}}
}
