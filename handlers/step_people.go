package handlers

import (
	"fmt"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// crowd is a list of people as a page asks for them. The legend is the heading of a person, and
// remove and removed take the same number and the person's name.
type crowd struct {
	path, id      string
	legend, add   language.Key
	remove        personTexts
	removed       personTexts
	members       []referral.Member
	phoneOptional bool
	// country is where these people are, empty when that is not known.
	country string
}

// personTexts are a text about a person: with the number and the name, and with the number alone
// when the name is not known.
type personTexts struct{ named, nameless language.Key }

// of is the text about one person, and its arguments.
func (w personTexts) of(n int, m referral.Member) (language.Key, []any) {
	if name := m.FullName(); name != "" {
		return w.named, []any{n, name}
	}
	return w.nameless, []any{n}
}

// peopleQuestions asks for at least one person.
func (v *visit) peopleQuestions(w crowd) views.PeopleQuestions {
	if len(w.members) == 0 {
		w.members = []referral.Member{referral.NewMember(v.last.Locale)}
	}
	q := views.PeopleQuestions{JustRemoved: v.query.removed > 0}
	if r := v.draft.Removed; r != nil && r.Step == v.step {
		text, args := w.removed.of(r.Index+1, r.Member)
		q.Removed = v.locale.T(text, args...)
	}
	if len(w.members) < mostPeople(v.step) {
		q.Add = v.locale.T(w.add)
	}
	for i := range w.members {
		q.People = append(q.People, v.person(w, i))
	}
	return q
}

func (v *visit) person(w crowd, i int) views.Person {
	l, m, n := v.locale, w.members[i], i+1
	at := fmt.Sprintf("%s[%d].", w.path, i)
	p := views.Person{
		ID:     fmt.Sprintf("%s-%d", w.id, n),
		Legend: l.T(w.legend, n),
		Number: n,
		First:  v.field(at+"firstName", "First name", m.FirstName),
		Last:   v.field(at+"lastName", "Last name", m.LastName),
		Email:  v.field(at+"email", "Email address", m.Email),
		Phone:  v.field(at+"phoneNumber", "Phone number", m.PhoneNumber),
		Locale: v.mailLanguage(at+"contactPreference.locale", m.ContactPreference.Locale),
		Mail: v.field(at+"contactPreference.disableNotifications",
			"Microsoft may email this person about the referral", "false"),
		FamilyFirst: l.FamilyNameFirst(),
	}
	if len(w.members) > 1 {
		text, args := w.remove.of(n, m)
		p.Remove = views.Rich(text, args...)
	}
	p.Mail.Checked = m.ContactPreference.DisableNotifications == "false"
	p.Mail.Autocomplete = ""
	p.First.NoSpellcheck, p.Last.NoSpellcheck, p.Email.NoSpellcheck = true, true, true
	p.Email.Type, p.Phone.Type, p.Phone.Optional = "email", "tel", w.phoneOptional
	if example := referral.ExamplePhone(w.country); example != "" {
		p.Phone.Hint = l.T("For example, %s", example)
	}
	first := &p.First
	if p.FamilyFirst {
		first = &p.Last
	}
	first.Autofocus = v.query.focus == n && len(v.problems) == 0
	return p
}

// mailLanguage offers "Choose one" only while nothing of the list is chosen.
func (v *visit) mailLanguage(path, chosen string) form.Field {
	all := listsOf(v.locale).mailLanguages
	var first []referral.Choice
	if !all.has(chosen) {
		first = chooseOne(v.locale)
	}
	f := v.choice(path, "Language for emails", chosen, first)
	f.Groups = []form.OptionGroup{{List: all.options}}
	return f
}
