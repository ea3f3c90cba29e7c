package referral

import "time"

// Typed is what a person typed on a page and has not saved: his working copy of the page.
type Typed struct {
	// Subject is the id of the draft or referral that the page is about; empty for a draft that is
	// not begun.
	Subject string
	// Page tells the pages of a subject apart; of a draft it is the step.
	Page string
	// Form is what the page's form would post, URL-encoded and unchecked.
	Form string
	// SignedOut says that the page was posted after the session had ended.
	SignedOut bool
	// At is when it was kept, UTC.
	At time.Time
}

// MaxTyped is how many bytes of a form are kept at most. The longest page, with every text at its
// limit, is far smaller.
const MaxTyped = 256 << 10
