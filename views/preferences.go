package views

import "tandem/internal/form"

// PreferencesPage is what a person chooses for himself. Saved says that it was saved just now.
type PreferencesPage struct {
	Shell                                          Shell
	Saved                                          bool
	Restored                                       Restored
	Language, Theme, Zone, Currency, Locale, Phone form.Field
}
