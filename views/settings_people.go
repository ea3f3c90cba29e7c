package views

import (
	"time"

	"tandem/internal/form"
)

// PeoplePage lists everybody who ever signed in.
type PeoplePage struct {
	Shell Shell
	Rows  []PersonRow
	// Erased says that somebody's data was erased just now.
	Erased bool
}

// PersonRow is one person. EraseHref is empty for whoever cannot be erased here.
type PersonRow struct {
	Name, Email, Role   string
	SignedIn, Erased    time.Time
	Drafts, Sent        string
	DataHref, EraseHref string
}

// ErasePersonPage asks before somebody's data is erased.
type ErasePersonPage struct {
	Shell       Shell
	Name, Email string
	Facts       []SumRow
	// Blocked says why it cannot be done yet, empty when it can.
	Blocked string
	// Undone is what the person has not done; EndHref ends that, empty when nothing can be ended.
	// Ended says that it was done.
	Undone  []UndoneRow
	EndHref string
	Ended   bool
}

// UndoneRow is a send or change, and what becomes of it.
type UndoneRow struct{ Name, Customer, Href, Fate string }

func undoneRows(all []UndoneRow) []SumRow {
	var rows []SumRow
	for _, r := range all {
		rows = append(rows, SumRow{Key: r.Customer, Content: undoneRow(r)})
	}
	return rows
}

// EraseContactPage finds and erases a person by e-mail address.
type EraseContactPage struct {
	Shell Shell
	Email form.Field
	// Address is what was looked for and may now be erased, empty before. Counts is where it
	// stands; nil when it stands nowhere.
	Address string
	Counts  []SumRow
	// Blocked says why it cannot be done yet, empty when it can. Done says that it was done.
	Blocked  string
	Done     bool
	Restored Restored
}
