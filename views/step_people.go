package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// PeopleQuestions ask for people: the customer's contacts or the rep's own team.
type PeopleQuestions struct {
	People []Person
	// Add is the text of the button that adds one more; empty when there are as many as can be.
	Add string
	// Removed says who was taken out last, "Contact 2, Joe Hansen, removed"; empty for nobody.
	Removed string
	// JustRemoved says that this happened on the page before.
	JustRemoved bool
	// Confirm is the number of the person whom the rep, being this person himself, is about to
	// remove; 0 for nobody. KeepHref is the page without that question.
	Confirm  int
	KeepHref string
}

// Errors returns what is wrong in page order.
func (q PeopleQuestions) Errors() []form.Item {
	var items []form.Item
	for _, p := range q.People {
		items = append(items, p.Errors()...)
	}
	return items
}

// Content draws the questions.
func (q PeopleQuestions) Content() templ.Component { return peopleContent(q) }
