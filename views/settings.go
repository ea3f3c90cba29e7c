package views

import (
	"time"

	"tandem/internal/form"
)

// SettingsPage is what the organisation keeps for all deals.
type SettingsPage struct {
	Shell        Shell
	Lists        []SettingsList
	Organization form.Field
	Restored     Restored
	// History has the newest change first.
	History []SettingsChange
}

// SettingsList is one list with how many of its entries are offered and how many are not.
type SettingsList struct {
	Title, Hint, Href string
	Offered, Retired  int
}

// SettingsChange is one line of the history. Parts say what became what.
type SettingsChange struct {
	At                     time.Time
	Who, What, Where, Name string
	Parts                  []string
}

// EntriesPage is one list of the settings.
type EntriesPage struct {
	Shell                       Shell
	Title, Lead, Note, AddTitle string
	// Path is the list's own URL.
	Path        string
	Rows        []EntryRow
	HasArea     bool
	Suggestions []EntrySuggestion
	Form        EntryForm
	Paste       PasteForm
	PasteOpen   bool
	Restored    Restored
}

// errors returns what is wrong with either form, in page order.
func (p EntriesPage) errors() []form.Item {
	return append(p.Form.errors(), form.Summary(p.Paste.Area, p.Paste.List)...)
}

// EntryRow is one entry. Area is empty but for solution plays; From and Until are days or empty.
type EntryRow struct {
	Name, Code, Area, From, Until string
	// Path is the entry's own URL.
	Path string
	// Later says that an entry that is not offered will be.
	Offered, Later bool
	Revision       int
}

// EntrySuggestion is a solution of past referrals. Href leads to the form with its values.
type EntrySuggestion struct {
	Code, Name, Href string
	Count            int
}

// EntryForm asks for one entry. An Area without a name is not asked.
type EntryForm struct {
	Name, Code, Area form.Field
	From, Until      form.Date
}

func (f EntryForm) errors() []form.Item {
	return form.Summary(f.Name, f.Code, f.Area, f.From, f.Until)
}

// PasteForm asks for many entries. An Area without a name is not asked.
type PasteForm struct {
	Area, List form.Field
}

// EntryPage changes one entry.
type EntryPage struct {
	Shell                    Shell
	Caption, Title, BackHref string
	Form                     EntryForm
	Revision                 int
	Restored                 Restored
}
