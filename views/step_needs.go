package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// NeedsQuestions ask what the customer needs.
type NeedsQuestions struct {
	Pickers []PickerData
	// Services is asked of services co-sell deals; nil for others.
	Services *ServicesQuestions
	// SolutionIDs takes solutions that are not among the published ones.
	SolutionIDs form.Field
}

// Errors returns what is wrong in page order.
func (q NeedsQuestions) Errors() []form.Item {
	var items []form.Item
	if s := q.Services; s != nil {
		items = form.Summary(s.Role, s.Area, s.Play, s.OtherRole, s.OtherArea, s.OtherPlay)
	}
	for _, p := range q.Pickers {
		items = append(items, p.Errors()...)
	}
	return append(items, q.SolutionIDs.Errors()...)
}

// Content draws the questions.
func (q NeedsQuestions) Content() templ.Component { return needsContent(q) }

// ServicesQuestions ask what Microsoft requires of a services co-sell deal: each from a list, or
// typed where the list lacks it. OtherOpen shows the inputs for the latter at once.
type ServicesQuestions struct {
	Role, Area, Play                form.Field
	OtherRole, OtherArea, OtherPlay form.Field
	OtherOpen                       bool
}
