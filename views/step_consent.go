package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// ConsentQuestions ask what the customer agreed to.
type ConsentQuestions struct {
	Share, Contact form.Field
}

// Errors returns what is wrong in page order.
func (q ConsentQuestions) Errors() []form.Item { return form.Summary(q.Share, q.Contact) }

// Content draws the questions.
func (q ConsentQuestions) Content() templ.Component {
	return templ.Join(Radios(q.Share), Radios(q.Contact))
}
