package referral

import (
	"slices"
	"time"
)

// ConsentReceipt is what a rep said about the customer's consent: the questions word for word as he
// read them, his answers, and about whom. It is made when the page is saved, and kept with each
// send as it stood then.
type ConsentReceipt struct {
	// Language is the tag of the language in which the questions were read.
	Language string        `json:"language"`
	Said     []ConsentSaid `json:"said"`
	// By and ByName are the person who answered.
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"` // UTC
	// Contacts are the customer's people whom the draft had at that time.
	Contacts []ConsentContact `json:"contacts,omitempty"`
}

// ConsentContact is a person of the customer. The names of the fields are those by which people are
// found when they are to be erased.
type ConsentContact struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
}

// String returns the name and the address, such as Sue Smith <sue.smith@contoso.com>.
func (c ConsentContact) String() string {
	name := joinName(c.FirstName, c.LastName)
	if c.Email == "" {
		return name
	}
	return Clean(name + " <" + c.Email + ">")
}

// ConsentSaid is one question and the answer to it, as they stood on the page.
type ConsentSaid struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// ConsentContacts are the contacts of the answers as a receipt names them.
func ConsentContacts(a Answers) []ConsentContact {
	var out []ConsentContact
	for _, m := range People(a.CustomerProfile.Team) {
		out = append(out, ConsentContact{Clean(m.FirstName), Clean(m.LastName), Mailbox(m.Email)})
	}
	return out
}

// Unasked returns the contacts of the answers that the receipt does not name: they were added, or
// changed, after the rep had answered about consent. Without a receipt nobody is named.
func (r *ConsentReceipt) Unasked(a Answers) []ConsentContact {
	if r == nil {
		return nil
	}
	return slices.DeleteFunc(ConsentContacts(a), func(c ConsentContact) bool {
		return slices.Contains(r.Contacts, c)
	})
}
