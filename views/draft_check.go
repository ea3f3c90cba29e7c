package views

import "tandem/internal/form"

// CheckPage shows all answers before they are sent.
type CheckPage struct {
	Shell              Shell
	BackText, BackHref string
	Cards              []CheckCard
	// Payload is the body that is sent, Microsoft that of the connected referral; the latter is
	// empty when none follows.
	Payload, Microsoft string
	// FileHref is where Payload can be downloaded.
	FileHref string
	// Registration is about registering the deal; nil for nothing.
	Registration *Registration
	Send         SendBox
}

// CheckCard is one section: rows or people, and what is wrong with people as rows below them.
type CheckCard struct {
	Card   Card
	People []PersonCard
	Wrong  []SumRow
}

// SendBox says whether the referral can be sent.
type SendBox struct {
	// Missing are links to what keeps it from being sent, with the URL as ID; none when ready.
	Missing []form.Item
	// Ticks are sentences about what is in order.
	Ticks []string
	// Contacts and Colleagues say whose data is sent, such as "2 customer contacts".
	Contacts, Colleagues string
	// Action is the URL to send to; empty when the reader may not send.
	Action string
	// Owner is the name of who may send.
	Owner string
	// Warnings are links to what should be looked at first, with the URL as ID.
	Warnings []form.Item
	// Similar is a referral that may be the same deal; without a name there is none.
	Similar SimilarReferral
}

// SimilarReferral is a referral that was sent before. On is the day, such as 3 May.
type SimilarReferral struct{ Name, Href, On string }

// Registration is what Microsoft's rules say about registering the deal. Read is the day on which
// they were read at Source.
type Registration struct {
	Hints        []string
	Source, Read string
}
