package handlers

import (
	"strings"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// The domain speaks English; here its words are put into the language of a page.

// sentenceOf is what a rule says about an answer.
func sentenceOf(l *language.Locale, p referral.Problem) string {
	return l.T(language.Key(p.Message), p.Args...)
}

// sentenceAt is what the rules say about the path, empty when it is right.
func sentenceAt(l *language.Locale, ps referral.Problems, path string) string {
	for _, p := range ps {
		if p.Path == path {
			return sentenceOf(l, p)
		}
	}
	return ""
}

// fieldLabel is what people call an answer: "Contact 2: Email address", or the path itself when
// nothing is known about it.
func fieldLabel(l *language.Locale, path string) string {
	f, n, ok := referral.FieldOf(path)
	switch {
	case !ok:
		return path
	case n > 0:
		return l.T("%s: %s", personLabel(l, path), l.Label(f.Label))
	}
	return l.Label(f.Label)
}

// personLabel is what the person is called whom a path names: "Contact 2".
func personLabel(l *language.Locale, path string) string {
	f, n, _ := referral.FieldOf(path)
	if f.Step == referral.StepContacts {
		return l.T("Contact %d", n)
	}
	return l.T("Team member %d", n)
}

// labelOf is the label of an id, or the id itself when the list does not have it.
func labelOf(l *language.Locale, choices []referral.Choice, id string) string {
	if !referral.Has(choices, id) {
		return id
	}
	return l.Label(referral.LabelOf(choices, id))
}

// sizeLabel is the label of a customer size.
func sizeLabel(l *language.Locale, id string) string { return l.Label(referral.SizeLabel(id)) }

// standingText is status and substatus: Active – Accepted.
func standingText(l *language.Locale, status, substatus string) string {
	return referral.Standing{Status: status, Substatus: substatus}.In(l)
}

// labelled returns choices with their labels in the language.
func labelled(l *language.Locale, choices []referral.Choice) []referral.Choice {
	out := make([]referral.Choice, len(choices))
	for i, c := range choices {
		out[i] = referral.Choice{ID: c.ID, Label: l.Label(c.Label)}
	}
	return out
}

// standings returns the pairs of status and substatus with their labels in the language.
func standings(l *language.Locale) []referral.Choice {
	out := referral.Statuses()
	for i, c := range out {
		status, substatus, _ := strings.Cut(c.ID, "/")
		out[i].Label = standingText(l, status, substatus)
	}
	return out
}

// longDay is a day in a text, empty for no day.
func longDay(l *language.Locale, d referral.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.Date(d.Time())
}

// names returns the full names of people as one list.
func names(l *language.Locale, people []referral.Member) string {
	var out []string
	for _, m := range people {
		out = append(out, m.FullName())
	}
	return l.List(out)
}

// area is where an address is, without the street.
func area(l *language.Locale, a referral.Address) string {
	if l.LargestFirst() {
		return joined(" ", l.Region(a.Country), a.State, a.City)
	}
	return joined(", ", a.City, a.State, l.Region(a.Country))
}

// addressLines writes an address as on an envelope in its country, without empty lines.
func addressLines(l *language.Locale, a referral.Address) []string {
	code := referral.Narrow(a.PostalCode)
	town := joined(" ", joined(", ", a.City, a.State), code)
	if referral.PostalCodeFirst(a.Country) {
		town = joined(", ", joined(" ", code, a.City), a.State)
	}
	lines := []string{
		joined(", ", a.AddressLine1, a.AddressLine2),
		town,
		referral.Clean(a.Region),
		l.Region(a.Country),
	}
	if l.LargestFirst() {
		lines = []string{
			joined(" ", l.Region(a.Country), a.Region),
			joined(" ", a.State, a.City),
			joined(" ", a.AddressLine1, a.AddressLine2),
			code,
		}
	}
	return nonEmpty(lines...)
}
