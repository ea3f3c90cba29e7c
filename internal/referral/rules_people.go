package referral

import (
	"regexp"
	"strings"
)

// The most people on a referral: contacts by our own limit, the team by Partner Center's.
const (
	MaxContacts = 10
	MaxTeam     = 50
)

const maxEmail = 254 // RFC 5321, 4.5.3.1.3

var (
	emailPattern = regexp.MustCompile(`^[^\s@<>()",;:\\\[\]]+@[^\s@<>()",;:\\\[\].]+(\.[^\s@<>()",;:\\\[\].]+)+$`)
	phonePattern = regexp.MustCompile(`^[0-9 +\-()./]*(?:(?:ext|x)\.? ?[0-9]+)?$`)
)

// who names a list of people in sentences and paths.
type who struct {
	path, word, title string
	phone             bool
}

func checkContacts(a Answers) Problems {
	var ps Problems
	deal := Deal(a.DealType)
	team := a.CustomerProfile.Team
	w := who{"customerProfile.team[%d]", "contact", "Contact", deal.Connects()}
	if !deal.Connects() && len(People(team)) == 0 {
		return nil
	}
	if len(team) > MaxContacts {
		ps.add(index(w.path, MaxContacts)+".firstName", "Add %d contacts or fewer", MaxContacts)
	}
	ps.people(w, team, deal.Connects())
	return ps
}

func checkTeam(a Answers) Problems {
	var ps Problems
	if len(a.Team) > MaxTeam {
		ps.add(index("team[%d].firstName", MaxTeam), "Add %d team members or fewer", MaxTeam)
	}
	ps.people(who{"team[%d]", "team member", "Team member", true}, a.Team, true)
	return ps
}

// people checks each person; a blank one is skipped unless nobody is left and one is needed.
func (ps *Problems) people(w who, all []Member, needed bool) {
	if len(all) == 0 && needed {
		all = []Member{{}}
	}
	anybody := len(People(all)) > 0
	for i, m := range all {
		if m.Blank() && (anybody || !needed) {
			continue
		}
		ps.person(w, m, i)
		if j := sameEmail(all, i); j >= 0 {
			ps.add(index(w.path, i)+".email", "%s %d has the same email address as %s %d",
				w.title, i+1, w.word, j+1)
		}
	}
}

func (ps *Problems) person(w who, m Member, i int) {
	at, n := index(w.path, i), i+1
	ps.personName(at+".firstName", m.FirstName, "first name", w, n)
	ps.personName(at+".lastName", m.LastName, "last name", w, n)
	email := Narrow(m.Email)
	switch {
	case email == "":
		ps.add(at+".email", "Enter an email address for %s %d", w.word, n)
	case len(email) > maxEmail || !emailPattern.MatchString(email):
		ps.add(at+".email", "Enter an email address for %s %d in the correct format, "+
			"like name@example.com", w.word, n)
	}
	ps.phone(at+".phoneNumber", m.PhoneNumber, w, n)
	ps.locale(at+".contactPreference.locale", m.ContactPreference.Locale, w, n)
}

func (ps *Problems) personName(path, name, what string, w who, n int) {
	switch {
	case Clean(name) == "":
		ps.add(path, "Enter a "+what+" for %s %d", w.word, n)
	case runes(Clean(name)) > maxShort:
		ps.add(path, strings.ToUpper(what[:1])+what[1:]+
			" for %s %d must be 100 characters or less", w.word, n)
	}
}

func (ps *Problems) phone(path, typed string, w who, n int) {
	phone := Narrow(typed)
	switch {
	case phone == "" && w.phone:
		ps.add(path, "Enter a phone number for %s %d", w.word, n)
	case phone != "" && !validPhone(phone):
		ps.add(path, "Enter a phone number for %s %d, like 01632 960 001 or +44 808 157 0192",
			w.word, n)
	}
}

func (ps *Problems) locale(path, locale string, w who, n int) {
	if !Has(Locales(), locale) {
		ps.add(path, "Select a language for emails to %s %d", w.word, n)
	}
}

// validPhone tells whether s has 7 to 20 digits and nothing but digits, spaces, + - ( ) . / and an
// extension.
func validPhone(s string) bool {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n >= 7 && n <= 20 && phonePattern.MatchString(strings.ToLower(s))
}

// sameEmail returns the index of an earlier person with the same address, or −1.
func sameEmail(all []Member, i int) int {
	email := strings.ToLower(Narrow(all[i].Email))
	for j := range i {
		if email != "" && email == strings.ToLower(Narrow(all[j].Email)) {
			return j
		}
	}
	return -1
}
