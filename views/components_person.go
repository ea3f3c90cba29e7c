package views

import (
	"strconv"
	"strings"

	"tandem/internal/form"
)

// Person asks for one customer contact or one member of the team.
type Person struct {
	// ID is the id of the fieldset, such as "contact-2". Legend is its heading: "Contact 2".
	ID, Legend string
	// Number is posted as remove when Removable and the button is pressed.
	Number    int
	Removable bool
	// You marks the signed-in rep; Hint is one sentence below the heading.
	You  bool
	Hint string

	First, Last, Email, Phone form.Field
	// Locale and Mail are left out when they have no id.
	Locale, Mail form.Field
}

// Errors returns the errors of all fields of the person in page order.
func (p Person) Errors() []form.Item {
	return form.Summary(p.First, p.Last, p.Email, p.Phone, p.Locale, p.Mail)
}

func (p Person) number() string {
	return strconv.Itoa(p.Number)
}

// whom completes the name of the Remove button for those who do not see where it stands.
func (p Person) whom() string {
	text := " " + strings.ToLower(p.Legend)
	if name := strings.TrimSpace(p.First.Value + " " + p.Last.Value); name != "" {
		text += ", " + name
	}
	return text
}
