package views

// Action is something a person can do: a link, or a form that posts when Post is set.
type Action struct {
	Text string
	// Hidden follows the text for screen readers only.
	Hidden string
	// Href is where the link leads or the form posts.
	Href string
	Post bool
	// ReturnTo is posted as return_to when it is not empty.
	ReturnTo string
	// Icon stands before the text. Secondary is for all but the first choice.
	Icon      string
	Secondary bool
}

func (a Action) button() Btn {
	b := Btn{Text: a.Text, Hidden: a.Hidden, Icon: a.Icon, Href: a.Href}
	if a.Secondary {
		b.Variant = "secondary"
	}
	return b
}
