package referral

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Draft is a referral that a rep is still writing.
type Draft struct {
	// ID is opaque and appears in URLs.
	ID string
	// OwnerID is the user who started it; OwnerName is for display.
	OwnerID, OwnerName string
	// Answers are kept as typed, right or wrong.
	Answers Answers
	// Done lists the steps that were saved with "Save and continue" and passed the rules then.
	Done []Step
	// Reached is the number (1 to 7) of the first step that is not complete, for lists.
	Reached int
	// Revision starts at 1 and grows by one with each save.
	Revision int
	// Removed is the person removed last, for "Undo" until the next save; nil when there is none.
	Removed *Removed
	// Receipt is what was said about the customer's consent when that page was saved last; nil
	// before.
	Receipt *ConsentReceipt
	// CreatedAt and UpdatedAt are UTC.
	CreatedAt, UpdatedAt time.Time
	// SendID is the send that has the draft: running, unknown or accepted; empty otherwise.
	SendID string
	// SendState is that send's state, empty without one.
	SendState State
	// ReferralID is Tandem's id of the accepted referral, empty before.
	ReferralID string
}

// Removed is a person taken out of a list of people, and where he stood.
type Removed struct {
	Step   Step   `json:"step"`
	Index  int    `json:"index"`
	Member Member `json:"member"`
}

// OpenDraft is a draft with all that the page of a step is made of.
type OpenDraft struct {
	Draft
	// Settings are shared by all: their entries must not be changed.
	Settings Settings
	// Last is what the caller answered last in any draft.
	Last Last
	// Typed is what the caller typed on the page and has not saved; nil when there is nothing.
	Typed *Typed
}

// DraftSummary is a draft as the list of drafts shows it.
type DraftSummary struct {
	ID, OwnerName, Name, Customer string
	Deal                          Deal
	// Reached is the number (1 to 7) of the first step that is not complete.
	Reached   int
	UpdatedAt time.Time
	// DeletedFrom is when the draft may be deleted because nobody touches it; zero when it stays.
	DeletedFrom time.Time
}

// Title returns what a list calls the draft: its name, else its customer, else empty.
func (s DraftSummary) Title() string {
	if name := Clean(s.Name); name != "" {
		return name
	}
	return Clean(s.Customer)
}

// NewDraft returns the answers a fresh draft begins with: one blank contact, the rep himself as
// the first team member, and the defaults that UX names (status New and Pending, sales qualified).
func NewDraft(deal Deal, rep User, last Last) Draft {
	contact := NewMember(last.Locale)
	me := NewMember(last.Locale)
	me.FirstName, me.LastName, me.Email, me.PhoneNumber =
		rep.GivenName, rep.FamilyName, rep.Email, last.Phone
	a := Answers{DealType: string(deal), Qualification: "SalesQualified", Status: "New/Pending"}
	a.CustomerProfile.Address.Country = last.Country
	a.CustomerProfile.Team = []Member{contact}
	a.Details.Currency = last.Currency
	a.Team = []Member{me}
	return Draft{OwnerID: rep.ID, OwnerName: rep.Name, Answers: a, Reached: 1, Revision: 1}
}

// Last holds the answers a rep gave last time; a new draft begins with them.
type Last struct {
	Country  string // ISO 3166-1 alpha-2
	Currency string // ISO 4217
	Locale   string // culture name, such as en-us
	Phone    string // the rep's own number
}

// Deal returns the draft's deal type.
func (d Draft) Deal() Deal { return Deal(d.Answers.DealType) }

// IsDone tells whether the step was completed once; its answers may have become wrong since.
func (d Draft) IsDone(s Step) bool { return slices.Contains(d.Done, s) }

// MarkDone records that the step passed the rules.
func (d *Draft) MarkDone(s Step) {
	if !d.IsDone(s) {
		d.Done = append(d.Done, s)
	}
}

// Complete tells whether the step was done and still passes the rules on this day.
func (d Draft) Complete(s Step, today Date) bool {
	return d.IsDone(s) && len(Check(d.Answers, s, today)) == 0
}

// Next returns the first step that is not complete, or StepCheck.
func (d Draft) Next(today Date) Step {
	for _, s := range Steps() {
		if !d.Complete(s, today) {
			return s
		}
	}
	return StepCheck
}

// Stamp is the externalReferenceId of a referral whose rep gave no CRM reference: it lets a send
// be found again at Microsoft after an answer was lost.
func (d Draft) Stamp() string { return stampPrefix + d.ID }

// Fingerprint identifies the answers of one step, so that a form can tell whether someone changed
// them since the page was shown.
func (d Draft) Fingerprint(s Step) string {
	doc, err := json.Marshal(d.Answers.Only(s))
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:8])
}

// DeletedError says who deleted a draft and when. It matches ErrGone.
type DeletedError struct {
	// By is the person's name.
	By string
	// Unused says that Tandem deleted it, because nobody had touched it for long; By is empty then.
	Unused bool
	// At is UTC.
	At time.Time
}

// Error implements error.
func (e *DeletedError) Error() string {
	return fmt.Sprintf("draft was deleted at %s", e.At.Format(time.RFC3339))
}

// Is matches ErrGone.
func (e *DeletedError) Is(target error) bool { return target == ErrGone }
