package handlers

import (
	"tandem/internal/form"
	"tandem/internal/referral"
)

// field returns the text field for a path, with what is wrong with it.
func (v visit) field(path, label, value string) form.Field {
	return form.Field{Name: path, ID: referral.ElementID(path), Label: label, Value: value,
		Error: v.errorAt(path), Autocomplete: "off"}
}

// errorAt is what is wrong with the input for a path: by our rules, else as Microsoft reported it.
// Microsoft may name the answer by another path than the input.
func (v visit) errorAt(path string) string {
	text := v.problems.At(path)
	if text == "" && v.refused != "" && referral.ElementID(path) == v.refusedID() {
		return reported(referral.FieldLabel(v.refused))
	}
	return text
}

// refusedID is the id of the input that holds the refused answer.
func (v visit) refusedID() string {
	id := referral.ElementID(v.refused)
	if id == referral.ElementID("target[0].id") &&
		v.draft.Answers.TargetType() == referral.TargetLocation {
		return referral.ElementID(referral.LocationPath)
	}
	return id
}

// choice returns the field for a path with options to choose from, the chosen one selected.
func (v visit) choice(path, label, value string, choices []referral.Choice) form.Field {
	f := v.field(path, label, value)
	f.Autocomplete = ""
	f.Options = options(choices)
	return f.Choose(value)
}

func options(choices []referral.Choice) []form.Option {
	var out []form.Option
	for _, c := range choices {
		out = append(out, form.Option{Value: c.ID, Label: c.Label})
	}
	return out
}

func groups(all []referral.Group) []form.OptionGroup {
	var out []form.OptionGroup
	for _, g := range all {
		out = append(out, form.OptionGroup{Label: g.Label, Options: options(g.Choices)})
	}
	return out
}

// chooseOne is the first option of a select without an answer.
func chooseOne() []referral.Choice { return []referral.Choice{{ID: "", Label: "Choose one"}} }

// split takes the choices with these ids, in the order of the ids, out of all.
func split(all []referral.Choice, ids ...string) (first, rest []referral.Choice) {
	taken := map[string]bool{}
	for _, id := range ids {
		if referral.Has(all, id) && !taken[id] {
			first = append(first, referral.Choice{ID: id, Label: referral.LabelOf(all, id)})
			taken[id] = true
		}
	}
	for _, c := range all {
		if !taken[c.ID] {
			rest = append(rest, c)
		}
	}
	return first, rest
}
