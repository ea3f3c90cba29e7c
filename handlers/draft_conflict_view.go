package handlers

import (
	"fmt"
	"net/url"
	"strings"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// choices are the answers that were changed in both windows. None is preselected.
func (k twoVersions) choices(l *language.Locale) []views.Choice {
	var out []views.Choice
	for i, x := range k.merge.Both {
		f := form.Field{Name: x.Name, ID: fmt.Sprintf("choice-%d", i+1),
			Label: k.unitLabel(l, x.Name), Value: k.chosen.Get(x.Name)}
		if k.problems[x.Name] {
			f.Error = chooseText(l, x.Name, f.Label)
		}
		out = append(out, views.Choice{Field: f,
			MineLabel: l.T("Your change here"), Mine: k.shown(l, x.Mine),
			TheirsLabel: l.T("Saved in the other window"), Theirs: k.shown(l, x.Theirs)})
	}
	return out
}

func (k twoVersions) onlyTheirs(l *language.Locale) views.KeptChanges {
	out := views.KeptChanges{Title: l.T("Changed only in the other window"),
		Text: l.T("We keep these changes.")}
	for _, x := range k.merge.Theirs {
		out.Rows = append(out.Rows, k.row(l, x, x.Theirs))
	}
	return out
}

func (k twoVersions) onlyMine(l *language.Locale) views.KeptChanges {
	out := views.KeptChanges{Title: l.T("Changed only here"),
		Text: l.T("We save these changes with your choices.")}
	for _, x := range k.merge.Mine {
		out.Rows = append(out.Rows, k.row(l, x, x.Mine))
	}
	return out
}

func (k twoVersions) row(l *language.Locale, x form.Clash, now url.Values) views.KeptRow {
	row := views.KeptRow{Label: k.unitLabel(l, x.Name), Now: k.shown(l, now)}
	if len(x.Base) > 0 {
		row.Was = k.shown(l, x.Base)
	}
	return row
}

// unitLabel is what an answer is called. People are called by their number, or all by the page.
func (k twoVersions) unitLabel(l *language.Locale, unit string) string {
	switch {
	case strings.HasSuffix(unit, "team"):
		return l.Label(k.step.Title())
	case strings.Contains(unit, "team["):
		return personLabel(l, unit+".firstName")
	case unit == "target[0]":
		return fieldLabel(l, "target[0].type")
	case unit == "details.closingDateTime":
		return l.T("Closing date")
	}
	return fieldLabel(l, unit)
}

// shown is a version of an answer as people read it: what was typed, with labels for ids.
func (k twoVersions) shown(l *language.Locale, values url.Values) string {
	var a referral.Answers
	if form.Decode(values, &a) != nil {
		return ""
	}
	var out []string
	for _, m := range append(a.CustomerProfile.Team, a.Team...) {
		out = append(out, joined(", ", m.FullName(), m.Email, m.PhoneNumber))
	}
	out = append(out, typedDay(l, a.Details.Closing))
	if len(a.Target) > 0 {
		out = append(out, targetText(l, a))
	}
	for name, texts := range values {
		if parts.MatchString(name) {
			continue
		}
		for _, text := range texts {
			if name != "details.dealValue" {
				text = referral.ShowValue(l, name, text, "")
			}
			out = append(out, text)
		}
	}
	if text := joined(", ", out...); text != "" {
		return text
	}
	return l.T("Not provided")
}

// typedDay is a date in words, or as it was typed.
func typedDay(l *language.Locale, d referral.ClosingDate) string {
	if day, ok := d.Date(); ok {
		return longDay(l, day)
	}
	return joined(" ", d.Day, d.Month, d.Year)
}
