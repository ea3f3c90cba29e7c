package views

import "tandem/internal/form"

// DealTypePage asks who will work on the deal, at the start or later.
type DealTypePage struct {
	Shell          Shell
	Caption, Title string
	// BackText is the whole text of the link, such as "Back to drafts".
	BackText, BackHref string
	Deal               form.Field
	Restored           Restored
	// Button is the text of the button, After a sentence below the form, empty for none.
	Button, After string
}
