package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// DealQuestions ask for the facts of the deal.
type DealQuestions struct {
	Name, CRM, Value, Currency form.Field
	Closing                    form.Date
	Qualification, Marketplace form.Field
	Notes                      form.Field
}

// Errors returns what is wrong in page order.
func (q DealQuestions) Errors() []form.Item {
	return form.Summary(q.Name, q.CRM, q.Value, q.Currency, q.Closing, q.Qualification,
		q.Marketplace, q.Notes)
}

// Content draws the questions.
func (q DealQuestions) Content() templ.Component { return dealContent(q) }
