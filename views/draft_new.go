package views

import "tandem/internal/form"

// DealTypePage asks who will work on the deal, at the start or later.
type DealTypePage struct {
	Shell          Shell
	Caption, Title string
	// BackText is the whole text of the link, such as "Back to drafts".
	BackText, BackHref string
	Deal               form.Field
	Restored           Restored
	// Prefill is what a link brings for the new draft; nil for nothing.
	Prefill *Prefill
	// Button is the text of the button, After a sentence below the form, empty for none.
	Button, After string
}

// Prefill is what a link from a CRM brings: the answers, the same as hidden inputs, and what of it
// is not taken, with the reason.
type Prefill struct {
	Rows    []SumRow
	Hidden  []Hidden
	Ignored []SumRow
}

// Hidden is an input that nobody sees.
type Hidden struct{ Name, Value string }
