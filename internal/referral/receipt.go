package referral

import "time"

// ConsentReceipt is what a rep said about the customer's consent: the questions word for word as he
// read them, his answers, and about whom. It is made when the page is saved, and kept with each send
// as it stood then.
type ConsentReceipt struct {
	// Language is the tag of the language in which the questions were read.
	Language string        `json:"language"`
	Said     []ConsentSaid `json:"said"`
	// By and ByName are the person who answered.
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"` // UTC
	// Contacts are the customer's people whom the draft had at that time, by name and address.
	Contacts []string `json:"contacts,omitempty"`
}

// ConsentSaid is one question and the answer to it, as they stood on the page.
type ConsentSaid struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// ConsentContacts names the contacts of the answers as a receipt does.
func ConsentContacts(a Answers) []string {
	var out []string
	for _, m := range People(a.CustomerProfile.Team) {
		name := m.FullName()
		if mail := Narrow(m.Email); mail != "" {
			name += " <" + mail + ">"
		}
		out = append(out, name)
	}
	return out
}

// Unasked returns the contacts of the answers that the receipt does not name: they were added, or
// changed, after the rep had answered about consent. Without a receipt nobody is named.
func (r *ConsentReceipt) Unasked(a Answers) []string {
	if r == nil {
		return nil
	}
	known := map[string]bool{}
	for _, name := range r.Contacts {
		known[name] = true
	}
	var out []string
	for _, name := range ConsentContacts(a) {
		if !known[name] {
			out = append(out, name)
		}
	}
	return out
}
