package views

import (
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// Pipeline is the list of referrals, summed up.
type Pipeline struct {
	Live    Live
	Filters templ.Component // the FilterForm, nil for none
	Chips   []Chip
	// Count is how many referrals are summed up; List is the URL of them.
	Count, List string
	// Empty is shown in place of everything when its Title is not empty.
	Empty    Empty
	Charts   []Chart
	Values   []Columns
	Expiring []ExpiringRow
}

// firstExpiring is how many of those that expire are shown before they are folded away.
const firstExpiring = 5

func (v Pipeline) soon() []ExpiringRow { return v.Expiring[:min(firstExpiring, len(v.Expiring))] }

func (v Pipeline) later() []ExpiringRow { return v.Expiring[len(v.soon()):] }

// Chart is a table in which each row has a bar. Count is the head of a further column, empty for
// none; Empty is shown instead of a table without rows.
type Chart struct {
	ID, Title, Text     string
	Label, Value, Count string
	Rows                []ChartRow
	Empty               string
}

// ChartRow is one bar. Bar is its length, 0 to 100; it is not drawn without a Colour. Href
// leads to what it counts, empty for nowhere.
type ChartRow struct {
	Label, Value, Count string
	Bar                 int
	Colour, Href        string
}

// drawn tells whether the rows have bars.
func (c Chart) drawn() bool { return len(c.Rows) > 0 && c.Rows[0].Colour != "" }

func (r ChartRow) width() string { return strconv.Itoa(r.Bar) }

// Columns is a chart of upright bars with a table behind it, which More opens.
type Columns struct {
	ID, Title, Text, More string
	Bars                  []Column
	Table                 Chart
}

// Column is one bar of a month. Height is 0 to 100; Title is what it stands for in words.
type Column struct {
	Month, Year, Title, Colour string
	Height                     int
}

// The drawing, in its own units: the bars stand on a line below which there are labels.
const (
	columnsWidth = 320
	columnsBase  = 104
	mostLabels   = 8
)

// mark is a bar as it is drawn.
type mark struct {
	Column
	x, y, width, height, middle string
}

// marks are the bars, some of them with the name of their month, and those of a new year with it.
func (c Columns) marks() []mark {
	step := float64(columnsWidth) / float64(max(len(c.Bars), 6))
	every := (len(c.Bars) + mostLabels - 1) / mostLabels
	var out []mark
	year := ""
	for i, bar := range c.Bars {
		left := float64(i) * step
		switch {
		case i%every != 0:
			bar.Month, bar.Year = "", ""
		case bar.Year == year:
			bar.Year = ""
		default:
			year = bar.Year
		}
		out = append(out, mark{Column: bar, x: units(left + step*0.1), width: units(step * 0.8),
			y: units(float64(columnsBase - bar.Height)), height: units(float64(bar.Height)),
			middle: units(left + step/2)})
	}
	return out
}

func units(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// ExpiringRow is a referral that expires unless somebody answers it: Whose turn it is.
type ExpiringRow struct {
	ID, Name, Customer, Whose string
	At                        time.Time
}
