package handlers

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// listFilter is one of the questions above the list.
type listFilter struct {
	// name is its name in the URL.
	name  string
	label language.Key
	// choices are the possible values, the first one for not in use; nil for a text.
	choices func(l *language.Locale) []referral.Choice
	// long are further choices, nil for none.
	long func(l *language.Locale) longList
	// chip is the text of the link that removes the filter.
	chip language.Key
	// more puts the filter below "More filters".
	more bool
}

// listFilters are the filters of the list and of the pipeline, in the order of the page.
func listFilters() []listFilter {
	return []listFilter{
		{name: "q", label: "Search", chip: "Search: %s"},
		{name: "status", label: "Status", chip: "Status: %s", choices: statusChoices},
		{name: "ms", label: "Microsoft referral", chip: "Microsoft referral: %s",
			choices: microsoftChoices},
		{name: "owner", label: "Owner", chip: "Owner: %s", choices: ownerChoices},
		{name: "updated", label: "Updated", chip: "Updated: %s", choices: updatedChoices, more: true},
		{name: "closing", label: "Closing date", chip: "Closing date: %s", choices: closingChoices,
			more: true},
		{name: "email", label: "Team member’s email", chip: "Team member: %s", more: true},
		{name: "country", label: "Country", chip: "Country: %s", choices: anything, more: true,
			long: func(l *language.Locale) longList { return listsOf(l).countries }},
		{name: "substatus", label: "Substatus", chip: "Substatus: %s", choices: substatusChoices,
			more: true},
	}
}

func statusChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any status")},
		{ID: "open", Label: l.T("New and active")}, {ID: "New", Label: l.T("New")},
		{ID: "Active", Label: l.T("Active")}, {ID: "Closed", Label: l.T("Closed")}}
}

func microsoftChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any")}, {ID: "connected", Label: l.T("Connected")},
		{ID: "none", Label: l.T("Not created")}, {ID: "failed", Label: l.T("Failed")},
		{ID: "ended", Label: l.T("Closed, not won")}, {ID: "theirs", Label: l.T("From Microsoft")}}
}

func ownerChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Everyone")}, {ID: "me", Label: l.T("Me")}}
}

func updatedChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any time")}, {ID: "7", Label: l.T("Last 7 days")},
		{ID: "30", Label: l.T("Last 30 days")}, {ID: "90", Label: l.T("Last 90 days")}}
}

func closingChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any time")},
		{ID: "past", Label: l.T("Has passed")}, {ID: "30", Label: l.T("Next 30 days")},
		{ID: "90", Label: l.T("Next 90 days")}, {ID: "365", Label: l.T("Next 12 months")}}
}

func anything(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any")}}
}

func substatusChoices(l *language.Locale) []referral.Choice {
	all := anything(l)
	for _, name := range referral.Substatuses() {
		all = append(all, referral.Choice{ID: name, Label: l.Label(name)})
	}
	return all
}

// filter returns the filter for the store. now is the time where the person is.
func (q listQuery) filter(now time.Time) referral.Filter {
	v := q.values
	f := referral.Filter{Query: v["q"], Status: v["status"], Microsoft: v["ms"],
		Mine: v["owner"] == "me", Team: v["email"], Country: v["country"],
		Substatus: v["substatus"], Page: q.page}
	if days, err := strconv.Atoi(v["updated"]); err == nil {
		f.UpdatedSince = now.AddDate(0, 0, -days)
	}
	today := now.Format(time.DateOnly)
	if v["closing"] == "past" {
		f.ClosesBefore = today
	} else if days, err := strconv.Atoi(v["closing"]); err == nil {
		f.ClosesFrom = today
		f.ClosesBefore = now.AddDate(0, 0, days+1).Format(time.DateOnly)
	}
	f.Sort, f.Ascending = q.order()
	return f
}

// takes tells whether the filter can have the value.
func (f listFilter) takes(value string) bool {
	l := language.English()
	return f.choices == nil || referral.Has(f.choices(l), value) ||
		f.long != nil && f.long(l).has(value)
}

// shown is the value of a filter as people read it.
func (f listFilter) shown(l *language.Locale, value string) string {
	switch {
	case f.choices == nil:
		return value
	case f.long != nil:
		return referral.LabelOf(f.long(l).choices, value)
	}
	return referral.LabelOf(f.choices(l), value)
}

// chips are the filters in use, each with the list without it.
func (q listQuery) chips(l *language.Locale) []views.Chip {
	var out []views.Chip
	for _, f := range listFilters() {
		if value := q.values[f.name]; value != "" {
			out = append(out, views.Chip{Text: l.T(f.chip, f.shown(l, value)),
				Href: q.with(f.name, "").href()})
		}
	}
	return out
}

// form is what stands above the list.
func (q listQuery) form(l *language.Locale) templ.Component {
	if html := plainForms()[q.path+l.Tag()]; html != "" && len(q.values) == 0 {
		return templ.Raw(html)
	}
	return views.FilterForm(q.fields(l))
}

// plainForms are the rendered forms without any filter, for each page and language: they are the
// most frequent and always the same. One that could not be rendered is missing.
var plainForms = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, l := range language.All() {
		for _, path := range []string{"/referrals", "/pipeline"} {
			part := views.FilterForm(listQuery{path: path}.fields(l))
			html, err := draw(language.With(context.Background(), l), part)
			if err == nil {
				all[path+l.Tag()] = html
			}
		}
	}
	return all
})

// fields are the inputs above the list.
func (q listQuery) fields(l *language.Locale) views.Filters {
	out := views.Filters{Action: q.path}
	used := 0
	for _, f := range listFilters() {
		field := q.field(l, f)
		switch {
		case f.more:
			out.More = append(out.More, field)
			if q.values[f.name] != "" {
				used++
			}
		case f.name == "q":
			out.Query = field
		default:
			out.First = append(out.First, field)
		}
	}
	out.MoreOpen, out.MoreText = used > 0, l.T("More filters")
	if used > 0 {
		out.MoreText = l.T("More filters (%d in use)", used)
	}
	return out
}

func (q listQuery) field(l *language.Locale, f listFilter) form.Field {
	field := form.Field{Name: f.name, ID: f.name, Label: l.T(f.label), Value: q.values[f.name]}
	if f.choices == nil {
		return field
	}
	field.Options = options(f.choices(l))
	if f.long != nil {
		field.Groups = []form.OptionGroup{{List: f.long(l).options}}
	}
	return field.Choose(q.values[f.name])
}
