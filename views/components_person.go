package views

import (
	"strconv"

	"github.com/a-h/templ"

	"tandem/internal/form"
)

// Person asks for one customer contact or one member of the team.
type Person struct {
	// ID is the id of the fieldset, such as "contact-2". Legend is its heading: "Contact 2".
	ID, Legend string
	// Number is posted as remove when the button is pressed. Remove is the button's text; nil
	// leaves the button out.
	Number int
	Remove templ.Component
	// FamilyFirst asks for the last name before the first.
	FamilyFirst bool
	// You marks the signed-in rep; Hint is one sentence below the heading.
	You  bool
	Hint string

	First, Last, Email, Phone form.Field
	// Locale and Mail are left out when they have no id.
	Locale, Mail form.Field
}

// Errors returns the errors of all fields of the person in page order.
func (p Person) Errors() []form.Item {
	names := form.Summary(p.First, p.Last)
	if p.FamilyFirst {
		names = form.Summary(p.Last, p.First)
	}
	return append(names, form.Summary(p.Email, p.Phone, p.Locale, p.Mail)...)
}

func (p Person) number() string {
	return strconv.Itoa(p.Number)
}
