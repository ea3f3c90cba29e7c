package views

// Send is the page of a send: its progress, or what came of it.
type Send struct {
	// Title is the h1. Problem shows it as a warning.
	Title   string
	Problem bool
	// Name is the referral's.
	Name string
	// Lines are what a change sets, one answer each.
	Lines []string
	// Texts are the paragraphs below the title.
	Texts []string
	// Field is the answer that Microsoft reports a problem with, empty when unknown; FieldHref
	// leads to it, empty when it cannot be changed any more.
	Field, FieldHref string
	Events           []Event
	Actions          []Action
	// After is a line below the buttons, empty for none.
	After string
	// Technical is for support, one fact a line; empty shows nothing.
	Technical string
	// Poll is the URL that tells whether something changed, asked every Every; empty when the
	// send rests.
	Poll, Every string
}

// pollAttrs ask whether the send moved on. A failed question changes nothing and is asked again.
func (v Send) pollAttrs() map[string]any {
	if v.Poll == "" {
		return nil
	}
	return map[string]any{"hx-get": v.Poll, "hx-trigger": "every " + v.Every,
		"hx-target": "this", "hx-select": "#send", "hx-swap": "outerMorph",
		"hx-status:4xx": "swap:none", "hx-status:5xx": "swap:none"}
}
