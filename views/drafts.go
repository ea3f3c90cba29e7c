package views

import "time"

// DraftsPage is the list of drafts.
type DraftsPage struct {
	Shell  Shell
	Tabs   []Tab
	Drafts []DraftRow
}

// DraftRow is one draft. Customer is empty when Title is the customer already.
type DraftRow struct {
	Title, Customer, Step, Owner string
	Saved                        time.Time
	Href, DeleteHref             string
	// Sending says where the send stands that has the draft, empty for none. Then Href leads to
	// the send, and the draft cannot be deleted.
	Sending string
	// Ends says when the draft is deleted because nobody changes it, empty while that is far off.
	Ends string
}
