package handlers

import (
	"sync"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
)

// longList is a list that would take longer to make than the rest of a page. It is sorted, and
// rendered as options, once for each language. It must not be changed.
type longList struct {
	choices []referral.Choice
	options *form.List
}

func newLongList(choices []referral.Choice) longList {
	return longList{choices, form.NewList(options(choices))}
}

func (l longList) has(id string) bool { return referral.Has(l.choices, id) }

// some are the choices with these ids, in the order of the ids.
func (l longList) some(ids ...string) []referral.Choice {
	var out []referral.Choice
	for _, id := range ids {
		if l.has(id) {
			out = append(out, referral.Choice{ID: id, Label: referral.LabelOf(l.choices, id)})
		}
	}
	return out
}

// longLists are the countries and regions by name, the languages in which Microsoft may email a
// person by name, and the currencies by code.
type longLists struct{ countries, mailLanguages, currencies longList }

var allLists = sync.OnceValue(func() map[string]longLists {
	all := map[string]longLists{}
	for _, l := range language.All() {
		var countries []referral.Choice
		for _, c := range referral.Countries() {
			countries = append(countries, referral.Choice{ID: c.ID, Label: l.Region(c.ID)})
		}
		mail, currencies := labelled(l, referral.Locales()), labelled(l, referral.Currencies())
		for i, c := range currencies {
			currencies[i].Label = c.ID + " – " + c.Label
		}
		for _, list := range [][]referral.Choice{countries, mail} {
			language.Sort(l, list, func(c referral.Choice) string { return c.Label })
		}
		all[l.Tag()] = longLists{newLongList(countries), newLongList(mail), newLongList(currencies)}
	}
	return all
})

// listsOf returns the long lists in the language.
func listsOf(l *language.Locale) longLists { return allLists()[l.Tag()] }
