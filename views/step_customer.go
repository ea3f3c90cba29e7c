package views

import (
	"slices"

	"tandem/internal/form"

	"github.com/a-h/templ"
)

// CustomerQuestions ask about the customer's organisation.
type CustomerQuestions struct {
	Name, Size                  form.Field
	Country, Line1, Line2, City form.Field
	State, Postal               form.Field
	Region, Duns, ExternalID    form.Field
	// LargestFirst asks for the address from the country down to the street.
	LargestFirst bool
}

// Errors returns what is wrong in page order.
func (q *CustomerQuestions) Errors() []form.Item {
	address := form.Summary(&q.Country, &q.Line1, &q.Line2, &q.City, &q.State, &q.Postal)
	if q.LargestFirst {
		address = form.Summary(&q.Country, &q.State, &q.City, &q.Line1, &q.Line2, &q.Postal)
	}
	return slices.Concat(form.Summary(&q.Name, &q.Size), address,
		form.Summary(&q.Region, &q.Duns, &q.ExternalID))
}

// Content draws the questions.
func (q *CustomerQuestions) Content() templ.Component { return customerContent(q) }

// open tells whether one of the rarely needed fields is filled or wrong.
func (q *CustomerQuestions) open() bool { return anyUsed(&q.Region, &q.Duns, &q.ExternalID) }

// anyUsed tells whether any of the fields has a value or an error.
func anyUsed(fields ...*form.Field) bool {
	for _, f := range fields {
		if f.Value != "" || f.Error != "" {
			return true
		}
	}
	return false
}
