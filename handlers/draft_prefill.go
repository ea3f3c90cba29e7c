package handlers

import (
	"cmp"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// How many answers a link from a CRM may bring at most, and how many characters each.
const (
	mostPrefilled = 100
	longPrefilled = 2000
)

// prefill are the answers that a link, or the form that shows it, brings for a new draft. They are
// treated as if they had been typed: each step checks them.
type prefill struct {
	// values are the answers by the names of their inputs, without consent and deal type.
	values  url.Values
	ignored []ignoredAnswer
}

// ignoredAnswer is the name of a value that is ignored, and why.
type ignoredAnswer struct {
	name string
	why  language.Key
}

const (
	notAsked    language.Key = "No question has this name"
	notByLink   language.Key = "Ask the customer, and answer it yourself"
	tooLong     language.Key = "The answer is too long"
	tooManyMore language.Key = "The link has too many answers"
	notInList   language.Key = "The list of answers does not have it"
	noDay       language.Key = "Closing date must be a real date"
)

// notAnswers are parameters of the page that are not answers.
const notAnswers = " dealType lang rev go "

// readPrefill reads the parameters of a link. The answers are in the order of the form.
func readPrefill(came url.Values) prefill {
	p := prefill{values: url.Values{}}
	came = wholeDates(came)
	for _, name := range slices.SortedFunc(maps.Keys(came), byQuestion) {
		if strings.Contains(notAnswers, " "+name+" ") {
			continue
		}
		values, why := came[name], refusal(name, came[name])
		if why == "" {
			values, why = chosen(name, values)
		}
		if why != "" {
			p.ignored = append(p.ignored, ignoredAnswer{name, why})
		} else if len(p.values) >= mostPrefilled {
			p.ignored = append(p.ignored, ignoredAnswer{name, tooManyMore})
		} else if strings.Join(values, "") != "" {
			p.values[name] = values
		}
	}
	p.ignored = p.ignored[:min(len(p.ignored), mostPrefilled)]
	return p
}

// wholeDates splits a closing date such as 2027-01-14, as CRMs write it, into its three inputs.
func wholeDates(came url.Values) url.Values {
	day, ok := referral.ParseDate(came.Get(closingPath))
	if !ok {
		return came
	}
	out := maps.Clone(came)
	delete(out, closingPath)
	typed := day.Typed()
	out.Set(closingPath+".day", typed.Day)
	out.Set(closingPath+".month", typed.Month)
	out.Set(closingPath+".year", typed.Year)
	return out
}

// chosen returns the values of an answer that is chosen from a list as the list has them: CRMs
// write de-DE, usd or Germany. One that the list lacks is not taken, and no other of the answer.
func chosen(name string, values []string) (ids []string, why language.Key) {
	choices := referral.ChoicesAt(name)
	if choices == nil || strings.Join(values, "") == "" {
		return values, ""
	}
	for _, v := range values {
		id, ok := referral.FindChoice(choices, v)
		if !ok {
			return nil, notInList
		}
		ids = append(ids, id)
	}
	return ids, ""
}

func byQuestion(a, b string) int {
	return cmp.Or(cmp.Compare(referral.FieldRank(a), referral.FieldRank(b)), strings.Compare(a, b))
}

// refusal is why an answer is ignored, empty if it is not.
func refusal(name string, values []string) language.Key {
	switch {
	case strings.HasPrefix(name, "consent."):
		return notByLink
	case name == closingPath:
		return noDay
	}
	var a referral.Answers
	err := form.Decode(url.Values{name: {"x"}}, &a)
	if err != nil || reflect.DeepEqual(a, referral.Answers{}) {
		return notAsked
	}
	for _, v := range values {
		if utf8.RuneCountInString(v) > longPrefilled {
			return tooLong
		}
	}
	if len(values) > mostPrefilled {
		return tooManyMore
	}
	return ""
}

// into puts the answers into a new draft. The rep stays the first of the team.
func (p prefill) into(d *referral.Draft) error {
	var given referral.Answers
	if err := form.Decode(p.values, &given); err != nil {
		return err
	}
	rep, blank := d.Answers.Team, d.Answers.CustomerProfile.Team
	d.Answers.Team, d.Answers.CustomerProfile.Team = nil, nil
	if err := form.Decode(p.values, &d.Answers); err != nil {
		return err
	}
	d.Answers.Details.Requirements.SortSolutions()
	d.Answers.Team = referral.Joined(rep, given.Team, referral.MaxTeam)
	d.Answers.CustomerProfile.Team = referral.Joined(nil, given.CustomerProfile.Team,
		referral.MaxContacts)
	if len(d.Answers.CustomerProfile.Team) == 0 {
		d.Answers.CustomerProfile.Team = blank
	}
	return nil
}

// view shows the answers before the draft is made; nil when the link brings nothing.
func (p prefill) view(l *language.Locale) *views.Prefill {
	if len(p.values)+len(p.ignored) == 0 {
		return nil
	}
	out := &views.Prefill{}
	for _, name := range slices.SortedFunc(maps.Keys(p.values), byQuestion) {
		row := views.SumRow{Key: fieldLabel(l, name)}
		for _, v := range p.values[name] {
			out.Hidden = append(out.Hidden, views.Hidden{Name: name, Value: v})
			row.Lines = append(row.Lines, prefilledText(l, name, v))
		}
		if !strings.HasPrefix(name, closingPath) {
			out.Rows = append(out.Rows, row)
		} else if last := len(out.Rows) - 1; last < 0 || out.Rows[last].Key != row.Key {
			out.Rows = append(out.Rows, views.SumRow{Key: row.Key, Text: p.closing(l)})
		}
	}
	for _, x := range p.ignored {
		out.Ignored = append(out.Ignored, views.SumRow{Key: cut60(fieldLabel(l, x.name)),
			Text: l.T(x.why)})
	}
	return out
}

// closing is the closing date, whose three parts are one answer to people.
func (p prefill) closing(l *language.Locale) string {
	if v := p.values.Get(closingPath); v != "" {
		return v
	}
	return typedDay(l, referral.ClosingDate{Day: p.values.Get(closingPath + ".day"),
		Month: p.values.Get(closingPath + ".month"), Year: p.values.Get(closingPath + ".year")})
}

// prefilledText is an answer as people read it; what may be wrong stays as it came.
func prefilledText(l *language.Locale, name, value string) string {
	if name == "details.dealValue" || strings.HasSuffix(name, "notes") {
		return value
	}
	return referral.Clean(referral.ShowValue(l, name, value, ""))
}

// cut60 shortens an unknown name to 60 characters.
func cut60(name string) string {
	if runes := []rune(name); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return name
}

// askedPrefill reads the prefill from the page's URL or, after a sign-in, from its restored form.
func askedPrefill(c echo.Context, kept restored) prefill {
	if len(kept.values) > 0 {
		return readPrefill(kept.values)
	}
	return readPrefill(c.QueryParams())
}
