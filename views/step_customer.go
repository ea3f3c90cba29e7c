package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// CustomerQuestions ask about the customer's organisation.
type CustomerQuestions struct {
	Name, Size                  form.Field
	Country, Line1, Line2, City form.Field
	State, Postal               form.Field
	Region, Duns, ExternalID    form.Field
}

// Errors returns what is wrong in page order.
func (q CustomerQuestions) Errors() []form.Item {
	return form.Summary(q.Name, q.Size, q.Country, q.Line1, q.Line2, q.City, q.State, q.Postal,
		q.Region, q.Duns, q.ExternalID)
}

// Content draws the questions.
func (q CustomerQuestions) Content() templ.Component { return customerContent(q) }

// open tells whether one of the rarely needed fields is filled or wrong.
func (q CustomerQuestions) open() bool { return anyUsed(q.Region, q.Duns, q.ExternalID) }

// anyUsed tells whether any of the fields has a value or an error.
func anyUsed(fields ...form.Field) bool {
	for _, f := range fields {
		if f.Value != "" || f.Error != "" {
			return true
		}
	}
	return false
}
