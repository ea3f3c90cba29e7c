package views

import "tandem/internal/form"

// DealTypePage asks who will work on the deal, at the start or later.
type DealTypePage struct {
	Shell          Shell
	Caption, Title string
	// BackText completes "Back to".
	BackText, BackHref string
	Deal               form.Field
	// Button is the text of the button, After a sentence below the form, empty for none.
	Button, After string
}
