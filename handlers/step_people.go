package handlers

import (
	"fmt"

	"tandem/internal/referral"
	"tandem/views"
)

// crowd is a list of people as a page asks for them.
type crowd struct {
	path, id, legend, add string
	members               []referral.Member
	phoneOptional         bool
}

// peopleQuestions asks for at least one person.
func (v visit) peopleQuestions(w crowd) views.PeopleQuestions {
	if len(w.members) == 0 {
		w.members = []referral.Member{referral.NewMember(v.last.Locale)}
	}
	q := views.PeopleQuestions{Removed: v.removedName(w), JustRemoved: v.query.removed > 0}
	if len(w.members) < mostPeople(v.step) {
		q.Add = w.add
	}
	for i := range w.members {
		q.People = append(q.People, v.person(w, i))
	}
	return q
}

// removedName names the person who was taken out last, such as "Contact 2, Joe Hansen".
func (v visit) removedName(w crowd) string {
	r := v.draft.Removed
	if r == nil || r.Step != v.step {
		return ""
	}
	return joined(", ", fmt.Sprintf("%s %d", w.legend, r.Index+1), r.Member.FullName())
}

func (v visit) person(w crowd, i int) views.Person {
	m, n := w.members[i], i+1
	at := fmt.Sprintf("%s[%d].", w.path, i)
	p := views.Person{
		ID:        fmt.Sprintf("%s-%d", w.id, n),
		Legend:    fmt.Sprintf("%s %d", w.legend, n),
		Number:    n,
		Removable: len(w.members) > 1,
		First:     v.field(at+"firstName", "First name", m.FirstName),
		Last:      v.field(at+"lastName", "Last name", m.LastName),
		Email:     v.field(at+"email", "Email address", m.Email),
		Phone:     v.field(at+"phoneNumber", "Phone number", m.PhoneNumber),
		Locale: v.choice(at+"contactPreference.locale", "Language for emails",
			m.ContactPreference.Locale, localeChoices(m.ContactPreference.Locale)),
		Mail: v.field(at+"contactPreference.disableNotifications",
			"Microsoft may email this person about the referral", "false"),
	}
	p.Mail.Checked = m.ContactPreference.DisableNotifications == "false"
	p.Mail.Autocomplete = ""
	p.First.NoSpellcheck, p.Last.NoSpellcheck, p.Email.NoSpellcheck = true, true, true
	p.Email.Type, p.Phone.Type, p.Phone.Optional = "email", "tel", w.phoneOptional
	p.First.Autofocus = v.query.focus == n && len(v.problems) == 0
	return p
}

// localeChoices offers "Choose one" only while nothing of the list is chosen.
func localeChoices(chosen string) []referral.Choice {
	if referral.Has(referral.Locales(), chosen) {
		return referral.Locales()
	}
	return append(chooseOne(), referral.Locales()...)
}
