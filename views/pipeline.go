package views

import (
	"strconv"
	"time"
)

// Pipeline is the list of referrals, summed up.
type Pipeline struct {
	Live    Live
	Filters *Filters
	Chips   []Chip
	// Count is how many referrals are summed up; List is the URL of them.
	Count, List string
	// Empty is shown in place of everything when its Title is not empty.
	Empty    Empty
	Charts   []Chart
	Expiring []ExpiringRow
}

// Chart is a table in which each row has a bar. Count is the head of a further column, empty for
// none; Empty is shown instead of a table without rows.
type Chart struct {
	ID, Title, Text     string
	Label, Value, Count string
	Rows                []ChartRow
	Empty               string
}

// ChartRow is one bar. Bar is its length, 0 to 100; Href leads to what it counts, empty for nowhere.
type ChartRow struct {
	Label, Value, Count string
	Bar                 int
	Colour, Href        string
}

func (r ChartRow) width() string { return strconv.Itoa(r.Bar) }

// ExpiringRow is a referral that expires unless somebody answers it: Whose turn it is.
type ExpiringRow struct {
	ID, Name, Customer, Whose string
	At                        time.Time
}
