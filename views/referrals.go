package views

import (
	"fmt"
	"time"

	"github.com/a-h/templ"
	"tandem/internal/form"
)

// Referrals is the list page.
type Referrals struct {
	Tabs []Tab
	// Filters is the FilterForm, nil on a list that cannot be filtered.
	Filters templ.Component
	// Live says how far the list is Microsoft's.
	Live Live
	// Count is how many there are, such as "24 of 42 referrals"; Order says how they are sorted.
	Count, Order string
	// Chips are links that remove one filter each.
	Chips []Chip
	// Empty is shown in place of the table when its Title is not empty.
	Empty Empty
	// Table is the ReferralTable, nil for none.
	Table templ.Component
	// Attention are the rows of the other tab.
	Attention []AttentionRow
	// Also are links to deals that want to be looked at.
	Also  []Action
	Pager PagerData
	// Export is the URL of the list as a CSV file, Bulk that of one in Microsoft's own columns.
	Export, Bulk string
	// Pipeline is the URL of the list summed up.
	Pipeline string
	// Sort is kept when the filters are applied.
	Sort string
}

// Filters are the fields above a list, of which the further ones are folded away.
type Filters struct {
	// Action is the page that takes them.
	Action      string
	Query       form.Field
	First, More []form.Field
	// MoreText opens the further filters, MoreOpen tells whether they are open.
	MoreText string
	MoreOpen bool
}

// Live is a line about where the list stands with Microsoft. Nothing is shown without a Text.
type Live struct {
	// Text is what there is to say, Help what can be done about it; Problem shows them as a note.
	Text, Help string
	Problem    bool
	// Loading tells whether the first pass over the person's referrals is under way.
	Loading bool
	// Actions are what can be done, such as to refresh.
	Actions []Action
	// Poll is the URL of the list, Every how often it is looked at again; never when it is 0.
	Poll  string
	Every time.Duration
}

// WatchHeader marks what a page asks by itself, without the person.
const WatchHeader = "Tandem-Watch"

// Reload is after how many seconds browsers without scripts load the page again, 0 for never. Once
// there is a list they do not: it would take away what somebody is reading.
func (l Live) Reload() int {
	if l.Loading {
		return 3
	}
	return 0
}

// pollAttrs have the results drawn again, and the tabs with their numbers.
func (l Live) pollAttrs() templ.Attributes {
	if l.Every == 0 {
		return nil
	}
	return templ.Attributes{"hx-get": l.Poll, "hx-target": "this",
		"hx-trigger": fmt.Sprintf("every %ds", int(l.Every.Seconds())),
		"hx-headers": `{"` + WatchHeader + `":"1"}`,
		"hx-select":  "#results", "hx-select-oob": "#tabs", "hx-swap": "outerMorph",
		"hx-status:4xx": "swap:none", "hx-status:5xx": "swap:none"}
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
	// Incoming tells whether Microsoft shared the deal with us.
	Incoming bool
}

// ListConnection is the state of Microsoft's referral: State is "connected", "create", "failed",
// "running" or "none"; Substatus is that of a connected one.
type ListConnection struct{ State, Href, Substatus string }

// AttentionRow is one send or change that waits for the rep, at Href.
type AttentionRow struct {
	Href, Name, Customer, Owner string
	What, Kind                  string
	At                          time.Time
}

// resultAttrs make a link swap only the results, so that focus stays where it is.
func resultAttrs(href string) templ.OrderedAttributes {
	return templ.OrderedAttributes{{Key: "hx-get", Value: href}, {Key: "hx-push-url", Value: "true"},
		{Key: "hx-select", Value: "#results"}, {Key: "hx-status:4xx", Value: "swap:none"},
		{Key: "hx-status:5xx", Value: "swap:none"}, {Key: "hx-swap", Value: "outerMorph"},
		{Key: "hx-target", Value: "#results"}}
}
