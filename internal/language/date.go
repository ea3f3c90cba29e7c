package language

import (
	"strconv"
	"strings"
	"time"
)

// Date returns the day of t in its own time zone, such as 14 January 2027.
func (l *Locale) Date(t time.Time) string { return l.day(l.custom.Date, t) }

// ShortDate returns the day for tables, such as 14 Jan 2027.
func (l *Locale) ShortDate(t time.Time) string { return l.day(l.custom.ShortDate, t) }

// DayMonth returns the day without its year, such as 14 January.
func (l *Locale) DayMonth(t time.Time) string { return l.day(l.custom.DayMonth, t) }

// NearDay returns the day of t, without its year when that is the year of now.
func (l *Locale) NearDay(t, now time.Time) string {
	if t, now = l.Local(t), l.Local(now); t.Year() == now.Year() {
		return l.DayMonth(t)
	}
	return l.Date(t)
}

// MonthYear returns the month without its day, such as January 2027.
func (l *Locale) MonthYear(t time.Time) string { return l.day(l.custom.MonthYear, t) }

// ShortMonth returns the month without its year, such as Jan.
func (l *Locale) ShortMonth(t time.Time) string { return l.day(l.custom.ShortMonth, t) }

// Clock returns the time of day where the person is in 24 hours, such as 14:32.
func (l *Locale) Clock(t time.Time) string { return l.Local(t).Format("15:04") }

// DateTime returns the day and the time where the person is, such as 14 January 2027, 14:32.
func (l *Locale) DateTime(t time.Time) string { return l.both(l.Date(l.Local(t)), l.Clock(t)) }

// NearDateTime is DateTime for a sentence: it leaves out the year of now, and says so when the time
// is not the person's own.
func (l *Locale) NearDateTime(t, now time.Time) string {
	return l.both(l.NearDay(t, now), l.TimeOfDay(t))
}

// ShortDateTime is DateTime for tables.
func (l *Locale) ShortDateTime(t time.Time) string {
	return l.both(l.ShortDate(l.Local(t)), l.Clock(t))
}

// FullTime returns the day and the time where the person is with seconds and distance from UTC,
// such as 14 January 2027, 14:32:05 UTC+01:00.
func (l *Locale) FullTime(t time.Time) string {
	t = l.Local(t)
	return l.both(l.Date(t), t.Format("15:04:05 ")+offset(t))
}

func (l *Locale) both(date, clock string) string {
	return fill(l.custom.DateTime, func(name string) string {
		if name == "date" {
			return date
		}
		return clock
	})
}

func (l *Locale) day(layout string, t time.Time) string {
	year, month, day := t.Date()
	return fill(layout, func(name string) string {
		switch name {
		case "year":
			return strconv.Itoa(year)
		case "month":
			return strconv.Itoa(int(month))
		case "day":
			return strconv.Itoa(day)
		case "monthName":
			return monthName(l.custom.Months, month)
		}
		return monthName(l.custom.ShortMonths, month)
	})
}

// fill replaces the names in braces in a layout, such as {year}, by their values.
func fill(layout string, value func(name string) string) string {
	var out strings.Builder
	out.Grow(2 * len(layout))
	for {
		before, rest, more := strings.Cut(layout, "{")
		out.WriteString(before)
		if !more {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		out.WriteString(value(name))
		layout = after
	}
}

func monthName(names []string, m time.Month) string {
	if int(m) > len(names) {
		return ""
	}
	return names[m-1]
}
