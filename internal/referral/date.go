package referral

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar day without a time zone. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Today returns the day it is in the time zone. When that is nil it is the day it still is
// somewhere on earth (UTC−12), so that no rep is told that his own today is in the past.
func Today(now time.Time, zone *time.Location) Date {
	if zone == nil {
		return dateOf(now.UTC().Add(-12 * time.Hour))
	}
	return dateOf(now.In(zone))
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD, with or without a time behind it, and reports whether it could.
func ParseDate(s string) (Date, bool) {
	if len(s) < len(time.DateOnly) {
		return Date{}, false
	}
	t, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)])
	return dateOf(t), err == nil
}

// IsZero tells whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Before tells whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Time().Before(o.Time()) }

// String returns YYYY-MM-DD (RFC 3339 full-date).
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Wire returns the day as the API wants it: midnight UTC in RFC 3339.
func (d Date) Wire() string { return d.String() + "T00:00:00Z" }

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Typed returns the day as one types it into a form; no day is empty.
func (d Date) Typed() ClosingDate {
	if d.IsZero() {
		return ClosingDate{}
	}
	return ClosingDate{fmt.Sprint(d.Day), fmt.Sprint(int(d.Month)), fmt.Sprintf("%04d", d.Year)}
}

// Empty tells whether no part was typed.
func (c ClosingDate) Empty() bool { return Clean(c.Day+c.Month+c.Year) == "" }

// Date returns the day that was typed and whether it is a real one. Months may be words. A whole
// YYYY-MM-DD, as one pastes it from a CRM, is read in any of the places when it stands alone.
func (c ClosingDate) Date() (Date, bool) {
	if day, ok := c.whole(); ok {
		return day, true
	}
	day, ok1 := digits(c.Day, 2)
	month, ok2 := parseMonth(c.Month)
	year, ok3 := digits(c.Year, 4)
	if !ok1 || !ok2 || !ok3 {
		return Date{}, false
	}
	d := Date{year, month, day}
	return d, dateOf(d.Time()) == d && year > 0
}

func (c ClosingDate) whole() (Date, bool) {
	s := Narrow(c.Year + c.Month + c.Day)
	if len(s) != len(time.DateOnly) {
		return Date{}, false
	}
	return ParseDate(s)
}

// datePart drops the unit that Chinese writes behind a number: 2027年.
func datePart(s string) string { return strings.TrimRight(Narrow(s), "年月日号") }

func digits(s string, most int) (int, bool) {
	s = datePart(s)
	if len(s) == 0 || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// chineseMonths are the numbers of the months as Chinese writes them in words.
const chineseMonths = "一 二 三 四 五 六 七 八 九 十 十一 十二"

func parseMonth(s string) (time.Month, bool) {
	if n, ok := digits(s, 2); ok {
		return time.Month(n), n >= 1 && n <= 12
	}
	if i := slices.Index(strings.Fields(chineseMonths), datePart(s)); i >= 0 {
		return time.Month(i + 1), true
	}
	word := strings.ToLower(strings.TrimSuffix(Narrow(s), "."))
	if len(word) < 3 {
		return 0, false
	}
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), word) {
			return m, true
		}
	}
	return 0, false
}

// yearWrong tells whether the year is not four digits.
func (c ClosingDate) yearWrong() bool {
	if _, ok := c.whole(); ok {
		return false
	}
	y := datePart(c.Year)
	_, ok := digits(y, 4)
	return y != "" && (!ok || len(y) != 4)
}
