package referral

import "time"

// Preferences are what a person has chosen for himself. What is empty follows from what he did
// last.
type Preferences struct {
	// Currency (ISO 4217) and Locale (a culture name: the language of Microsoft's emails) are what
	// new drafts begin with.
	Currency string `form:"currency" json:"currency,omitempty"`
	Locale   string `form:"locale" json:"locale,omitempty"`
	// Phone is the person's own number.
	Phone string `form:"phone" json:"phone,omitempty"`
	// Zone is the IANA name of the time zone in which times are shown; empty means that of the
	// browser, or UTC when that is not known.
	Zone string `form:"zone" json:"zone,omitempty"`
}

// CheckPreferences returns what is wrong with the preferences, in page order.
func CheckPreferences(p Preferences) Problems {
	var ps Problems
	if p.Currency != "" {
		ps.oneOf("currency", p.Currency, Currencies(), "Select a currency from the list")
	}
	if p.Locale != "" {
		ps.oneOf("locale", p.Locale, Locales(), "Select a language from the list")
	}
	if phone := Phone(p.Phone); phone != "" && !validPhone(phone) {
		ps.add("phone", "Enter your phone number, like 01632 960 001 or +44 808 157 0192")
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
		ps.add("zone", "Select a time zone from the list")
	}
	return ps
}

// With returns the answers with which a new draft begins: what the person prefers, else what he
// answered last.
func (l Last) With(p Preferences) Last {
	l.Currency = first(p.Currency, l.Currency)
	l.Locale = first(p.Locale, l.Locale)
	l.Phone = first(Clean(p.Phone), l.Phone)
	return l
}
