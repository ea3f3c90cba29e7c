package views

import (
	"strconv"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// Card is a summary card: a heading, a link to change what it shows, and rows.
type Card struct {
	// ID is the heading's id.
	ID, Title string
	// ChangeHref is where the link leads, empty for none. Change is its text, such as
	// "Change[ the customer profile]" with the part for screen readers in brackets; "Change" when
	// empty.
	ChangeHref string
	Change     language.Key
	Rows       []SumRow
}

func (c Card) change() language.Key {
	if c.Change == "" {
		return "Change"
	}
	return c.Change
}

// SumRow is one question and its answer. The first that is set of Content, Missing, Lines and Text
// is shown; with none of them the answer is "Not provided".
type SumRow struct {
	Key, Text string
	Lines     []string
	Content   templ.Component
	// Missing is a red link to Href, such as "Enter the closing date".
	Missing, Href string
	// Strong is for amounts, Mono for ids.
	Strong, Mono bool
}

// PersonCard is one person on a summary card. Note is a paler last line.
type PersonCard struct {
	Name  string
	Lines []string
	Note  string
}

// Tab is a link of Tabs. Count is shown when it is above 0, in a warning colour when Warn.
type Tab struct {
	Text, Href    string
	Count         int
	Warn, Current bool
}

func (t Tab) class() string {
	if t.Warn {
		return "count is-warn"
	}
	return "count"
}

// PagerData is the links to the pages of a list. Label names the list for screen readers, Text
// says where one is: "1 to 25 of 42". Prev and Next are URLs, empty for none.
type PagerData struct {
	Label, Text string
	Pages       []PageLink
	Prev, Next  string
}

// PageLink is one page of a list.
type PageLink struct {
	Number  int
	Href    string
	Current bool
}

func (p PageLink) number() string {
	return strconv.Itoa(p.Number)
}

// PairData is the picture of the two referrals of one engagement.
type PairData struct {
	Own, Microsoft PairCard
	EngagementID   string
}

// PairCard is one of the two. Done says that it exists, Over that it was closed without success;
// Tag, Colour and Icon are its state.
type PairCard struct {
	Kind, Name        string
	Tag, Colour, Icon string
	Note              string
	Done, Over        bool
}

func (c PairCard) class() string {
	switch {
	case c.Over:
		return "pair__c"
	case c.Done:
		return "pair__c is-done"
	}
	return "pair__c is-next"
}

// Event is one line of a Timeline. State is "ok", "now", "wait" or "problem"; Detail is a second,
// paler line, such as a time.
type Event struct {
	State, Text, Detail string
}

func (e Event) icon() string {
	switch e.State {
	case "ok":
		return "check"
	case "problem":
		return "alert"
	}
	return "dot"
}

// spoken says the state in words, for those who do not see the icon.
func (e Event) spoken() language.Key {
	return map[string]language.Key{
		"ok": "Done: ", "now": "Now: ", "wait": "To do: ", "problem": "Problem: ",
	}[e.State]
}
