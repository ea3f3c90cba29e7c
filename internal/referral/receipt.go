package referral

import (
	"slices"
	"time"
)

// ConsentReceipt records what a rep said about the customer's consent: the questions word for word,
// the answers, and whom they were about. It is made when the page is saved, and a copy is kept with
// each send.
type ConsentReceipt struct {
	// Language is the tag of the language in which the questions were read.
	Language string        `json:"language"`
	Said     []ConsentSaid `json:"said"`
	// By and ByName are the person who answered.
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"` // UTC
	// Contacts are the customer contacts that the draft had at that time.
	Contacts []ConsentContact `json:"contacts,omitempty"`
}

// ConsentContact is a person at the customer. Its JSON has the names by which ErasePerson finds
// people.
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
// changed, after the rep had answered about consent. A nil receipt names nobody.
func (r *ConsentReceipt) Unasked(a Answers) []ConsentContact {
	if r == nil {
		return nil
	}
	return slices.DeleteFunc(ConsentContacts(a), func(c ConsentContact) bool {
		return slices.Contains(r.Contacts, c)
	})
}
