package handlers

import (
	"strings"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

func (v *visit) needsQuestions() views.NeedsQuestions {
	const at = "details.requirements."
	r := v.draft.Answers.Details.Requirements
	q := views.NeedsQuestions{
		Pickers: []views.PickerData{
			v.picker(at+"industries", "Industries", r.Industries, one(referral.Industries())),
			v.picker(at+"products", "Products", r.Products, one(referral.Products())),
			v.picker(at+"services", "Services", r.Services, one(referral.Services())),
			v.picker(at+"solutions", "Solutions", r.Solutions, referral.SolutionGroups()),
		},
		SolutionIDs: v.field(at+"solutionIds", "Solutions by ID", r.SolutionIDs),
	}
	q.Services = v.servicesQuestions()
	for i, texts := range pickerTexts() {
		q.Pickers[i].Find, q.Pickers[i].Shown = v.locale.T(texts.find), texts.shown
	}
	q.Pickers[0].Field.Optional = true
	openPicker(q.Pickers)
	q.SolutionIDs.Hint = v.locale.T("SOL-34104-EBB or a GUID, one on each line")
	q.SolutionIDs.Warning = sentenceAt(v.locale, v.warnings, at+"solutionIds")
	if own := v.ownSolutions(r.OwnSolutions); len(own.Field.Options) > 0 {
		q.Pickers = append(q.Pickers, own)
	}
	q.SolutionIDs.Optional, q.SolutionIDs.NoSpellcheck, q.SolutionIDs.Rows = true, true, 2
	return q
}

// ownSolutions offers the solutions of the settings. One that is chosen stays when it is retired.
func (v *visit) ownSolutions(chosen []string) views.PickerData {
	offered := v.settings.Offered(referral.OwnSolutions, v.today)
	for _, id := range chosen {
		if !referral.Has(offered, id) {
			offered = append(offered, referral.Choice{ID: id,
				Label: v.settings.NameOf(referral.OwnSolutions, id)})
		}
	}
	p := v.picker("details.requirements.ownSolutions", "Our solutions", chosen, one(offered))
	p.Field.Optional = true
	p.Find, p.Shown = v.locale.T("Find a solution"), "%d of %d solutions"
	return p
}

// pickerText is what the filter of a picker is called, and how it says how many options it shows.
type pickerText struct{ find, shown language.Key }

func pickerTexts() []pickerText {
	return []pickerText{
		{"Find an industry", "%d of %d industries"}, {"Find a product", "%d of %d products"},
		{"Find a service", "%d of %d services"}, {"Find a solution", "%d of %d solutions"},
	}
}

// one is a catalogue without headings.
func one(choices []referral.Choice) []referral.Group {
	return []referral.Group{{Choices: choices}}
}

func (v *visit) picker(
	path string, label language.Key, chosen []string, catalogue []referral.Group,
) views.PickerData {
	f := v.field(path, label, "")
	f.Autocomplete = ""
	if len(catalogue) == 1 {
		f.Options = options(labelled(v.locale, catalogue[0].Choices))
		alsoCalled(v.locale, f.Options, catalogue[0].Choices)
	} else {
		f.Groups = groups(v.locale, catalogue)
	}
	for i, g := range f.Groups {
		alsoCalled(v.locale, g.Options, catalogue[i].Choices)
	}
	return views.PickerData{Field: f.Choose(chosen...)}
}

// alsoCalled adds what the options, which are made of the choices, are called in other languages.
func alsoCalled(l *language.Locale, options []form.Option, choices []referral.Choice) {
	for _, other := range language.All() {
		if other.Tag() == l.Tag() {
			continue
		}
		for i, c := range choices {
			if name := other.Label(c.Label); name != options[i].Label {
				options[i].Also = strings.TrimSpace(options[i].Also + " " + name)
			}
		}
	}
}

// openPicker opens the first picker without a choice, unless one is open because it is wrong.
func openPicker(pickers []views.PickerData) {
	for _, p := range pickers {
		if p.Field.Error != "" {
			return
		}
	}
	for i, p := range pickers {
		if len(p.Field.Chosen()) == 0 {
			pickers[i].Open = true
			return
		}
	}
}
