package views

import (
	"time"

	"github.com/a-h/templ"
	"tandem/internal/form"
)

// Referrals is the list page.
type Referrals struct {
	Tabs []Tab
	// Filters is nil on a list that cannot be filtered.
	Filters *Filters
	// Count is how many there are, such as "24 of 42 referrals"; Order says how they are sorted.
	Count, Order string
	// Chips are links that remove one filter each.
	Chips []Chip
	// Empty is shown in place of the table when its Title is not empty.
	Empty Empty
	Head  []ListHead
	Rows  []ListRow
	// Attention are the rows of the other tab.
	Attention []AttentionRow
	Pager     PagerData
	// Export is the URL of the list as a CSV file.
	Export string
	// Sort is kept when the filters are applied.
	Sort string
}

// Filters are the fields above the list. Owner is shown to administrators only.
type Filters struct {
	Query, Status, Microsoft, Owner, Updated form.Field
	ShowOwner                                bool
	// More is the text that opens the further filters, MoreOpen whether they are open.
	More     string
	MoreOpen bool
}

// Chip is one filter in use.
type Chip struct{ Text, Href string }

// Empty is what stands in place of an empty list.
type Empty struct {
	Title, Text, After string
	Action             *Action
}

// startsOne tells whether the action is to begin a referral.
func (e Empty) startsOne() bool { return e.Action != nil && e.Action.Href == "/drafts/new" }

// anything tells whether any of the lists has something.
func (r Referrals) anything() bool {
	for _, t := range r.Tabs {
		if t.Count > 0 {
			return true
		}
	}
	return false
}

// ListHead is a column. Href sorts by it; empty when one cannot. Sorted is the value of aria-sort,
// empty for columns that are not sorted by.
type ListHead struct {
	Text, Href, Sorted, Class string
}

// ListRow is one referral.
type ListRow struct {
	ID, Name, Customer, Owner string
	Value, Closing            string
	Status, Substatus, Colour string
	Microsoft                 ListConnection
	Updated                   time.Time
}

// ListConnection is the state of Microsoft's referral: State is "connected", "create", "failed",
// "running" or "none".
type ListConnection struct{ State, Href string }

// AttentionRow is one send or change that waits for the rep, at Href.
type AttentionRow struct {
	Href, Name, Customer, Owner string
	What, Kind                  string
	At                          time.Time
}

// resultAttrs make a link swap only the results, so that focus stays where it is.
func resultAttrs(href string) templ.Attributes {
	return templ.Attributes{"hx-get": href, "hx-target": "#results", "hx-select": "#results",
		"hx-swap": "outerMorph", "hx-push-url": "true", "hx-status:5xx": "swap:none",
		"hx-status:4xx": "swap:none"}
}
