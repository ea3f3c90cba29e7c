package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// NeedsQuestions ask what the customer needs.
type NeedsQuestions struct {
	Pickers []PickerData
	// SolutionIDs takes solutions that are not among the published ones.
	SolutionIDs form.Field
}

// Errors returns what is wrong in page order.
func (q NeedsQuestions) Errors() []form.Item {
	var items []form.Item
	for _, p := range q.Pickers {
		items = append(items, p.Errors()...)
	}
	return append(items, q.SolutionIDs.Errors()...)
}

// Content draws the questions.
func (q NeedsQuestions) Content() templ.Component { return needsContent(q) }
