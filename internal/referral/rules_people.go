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
	// The words before an extension are English and Chinese, and that of RFC 3966.
	phonePattern = regexp.MustCompile(
		`^[0-9 +\-()./]*(?:,? ?(?:;ext=|extension|ext|x|#|转|轉|分机|分機)[.:]? ?[0-9]+)?$`)
)

// crowd is a list of people: its path, what it needs, and its sentences, which take the number of
// the person.
type crowd struct {
	path  string
	phone bool
	// example is a phone number of where these people are, empty when that is not known.
	example string

	noFirst, longFirst, noLast, longLast sentence
	noEmail, badEmail, sameEmail         sentence
	noPhone, badPhone, noLocale          sentence
	// phoneLike is badPhone with an example in place of the usual ones.
	phoneLike sentence
}

func contacts(a Answers) crowd {
	return crowd{
		path:      "customerProfile.team[%d]",
		phone:     Deal(a.DealType).Connects(),
		example:   ExamplePhone(a.CustomerProfile.Address.Country),
		noFirst:   "Enter a first name for contact %d",
		longFirst: "First name for contact %d must be 100 characters or less",
		noLast:    "Enter a last name for contact %d",
		longLast:  "Last name for contact %d must be 100 characters or less",
		noEmail:   "Enter an email address for contact %d",
		badEmail: "Enter an email address for contact %d in the correct format, " +
			"like name@example.com",
		sameEmail: "Contact %d has the same email address as contact %d",
		noPhone:   "Enter a phone number for contact %d",
		badPhone: "Enter a phone number for contact %d, " +
			"like 01632 960 001 or +44 808 157 0192",
		phoneLike: "Enter a phone number for contact %d, like %s",
		noLocale:  "Select a language for emails to contact %d",
	}
}

func colleagues() crowd {
	return crowd{
		path:      "team[%d]",
		phone:     true,
		noFirst:   "Enter a first name for team member %d",
		longFirst: "First name for team member %d must be 100 characters or less",
		noLast:    "Enter a last name for team member %d",
		longLast:  "Last name for team member %d must be 100 characters or less",
		noEmail:   "Enter an email address for team member %d",
		badEmail: "Enter an email address for team member %d in the correct format, " +
			"like name@example.com",
		sameEmail: "Team member %d has the same email address as team member %d",
		noPhone:   "Enter a phone number for team member %d",
		badPhone: "Enter a phone number for team member %d, " +
			"like 01632 960 001 or +44 808 157 0192",
		noLocale: "Select a language for emails to team member %d",
	}
}

func checkContacts(a Answers) Problems {
	var ps Problems
	deal := Deal(a.DealType)
	team := a.CustomerProfile.Team
	w := contacts(a)
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
	ps.people(colleagues(), a.Team, true)
	return ps
}

// people checks each person; a blank one is skipped unless nobody is left, one is needed and it is
// the first.
func (ps *Problems) people(w crowd, all []Member, needed bool) {
	if len(all) == 0 && needed {
		all = []Member{{}}
	}
	anybody := len(People(all)) > 0
	for i, m := range all {
		if m.Blank() && (anybody || !needed || i > 0) {
			continue
		}
		ps.person(w, m, i)
		if j := sameEmail(all, i); j >= 0 {
			ps.add(index(w.path, i)+".email", w.sameEmail, i+1, j+1)
		}
	}
}

func (ps *Problems) person(w crowd, m Member, i int) {
	at, n := index(w.path, i), i+1
	ps.personName(at+".firstName", m.FirstName, w.noFirst, w.longFirst, n)
	ps.personName(at+".lastName", m.LastName, w.noLast, w.longLast, n)
	email := Mailbox(m.Email)
	switch {
	case email == "":
		ps.add(at+".email", w.noEmail, n)
	case len(email) > maxEmail || !emailPattern.MatchString(email):
		ps.add(at+".email", w.badEmail, n)
	}
	ps.phone(at+".phoneNumber", m.PhoneNumber, w, n)
	if !Has(Locales(), m.ContactPreference.Locale) {
		ps.add(at+".contactPreference.locale", w.noLocale, n)
	}
}

func (ps *Problems) personName(path, name string, missing, tooLong sentence, n int) {
	switch {
	case Clean(name) == "":
		ps.add(path, missing, n)
	case runes(Clean(name)) > maxShort:
		ps.add(path, tooLong, n)
	}
}

func (ps *Problems) phone(path, typed string, w crowd, n int) {
	phone := Phone(typed)
	switch {
	case phone == "" && w.phone:
		ps.add(path, w.noPhone, n)
	case phone == "" || validPhone(phone):
	case w.example != "":
		ps.add(path, w.phoneLike, n, w.example)
	default:
		ps.add(path, w.badPhone, n)
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
	email := PersonKey(all[i])
	for j := range i {
		if email != "" && email == PersonKey(all[j]) {
			return j
		}
	}
	return -1
}
