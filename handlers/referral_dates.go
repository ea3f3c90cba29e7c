package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// datesFile is a calendar (RFC 5545) with the days that matter: when the deal closes, and until
// when Microsoft or we can answer. The same day keeps its UID, so that a newer file moves it.
func datesFile(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		own, connected, err := d.Store.Pair(c.Request().Context(), caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		days := datesOf(in(c), pair{own, connected})
		if len(days) == 0 {
			return referral.ErrNotFound
		}
		var cal calendar
		cal.begin(d.Now())
		for _, day := range days {
			cal.day(day)
		}
		cal.line("END:VCALENDAR")
		c.Response().Header().Set(echo.HeaderContentDisposition,
			fmt.Sprintf("attachment; filename=%q", "referral-"+own.ID+".ics"))
		return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(cal.text.String()))
	}
}

// markedDay is a day with what happens on it.
type markedDay struct {
	uid                  string
	day                  referral.Date
	summary, description string
}

// datesOf are the days of a deal that matter: none of a file without one.
func datesOf(l *language.Locale, p pair) []markedDay {
	var days []markedDay
	if day, ok := referral.ParseDate(p.own.ClosingDate); ok {
		days = append(days, markedDay{"closing-" + p.own.ID, day,
			l.T("%s: closing date", p.own.Name), p.own.Customer})
	}
	expires := func(end time.Time, text language.Key) {
		if day, ok := referral.ParseDate(l.Local(end).Format(time.DateOnly)); ok && !end.IsZero() {
			days = append(days, markedDay{"expires-" + p.own.ID, day, l.T(text, p.own.Name),
				p.own.Customer})
		}
	}
	switch r := p.connected; {
	case awaitsUs(p.own):
		expires(answerBy(p.own), "%s: your time to answer ends")
	case r != nil && r.Status == "New":
		expires(answerBy(*r), "%s: Microsoft’s time to answer ends")
	}
	return days
}

// calendar is a file in the making.
type calendar struct {
	text  strings.Builder
	stamp string
}

func (c *calendar) begin(now time.Time) {
	c.stamp = now.UTC().Format("20060102T150405Z")
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Tandem//Referrals//EN")
	c.line("CALSCALE:GREGORIAN")
}

// day adds an event of one whole day, which does not make the person busy.
func (c *calendar) day(m markedDay) {
	start := time.Date(m.day.Year, m.day.Month, m.day.Day, 0, 0, 0, 0, time.UTC)
	c.line("BEGIN:VEVENT")
	c.line("UID:" + m.uid + "@tandem")
	c.line("DTSTAMP:" + c.stamp)
	c.line("DTSTART;VALUE=DATE:" + start.Format("20060102"))
	c.line("DTEND;VALUE=DATE:" + start.AddDate(0, 0, 1).Format("20060102"))
	c.line("SUMMARY:" + escapedText(m.summary))
	c.line("DESCRIPTION:" + escapedText(m.description))
	c.line("TRANSP:TRANSPARENT")
	c.line("END:VEVENT")
}

// maxLine is the most bytes of a line (RFC 5545, 3.1), without its end.
const maxLine = 75

// line adds a line, folded between characters where it is too long.
func (c *calendar) line(text string) {
	width := maxLine
	for len(text) > width {
		cut := width
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		c.text.WriteString(text[:cut] + "\r\n ")
		text, width = text[cut:], maxLine-1
	}
	c.text.WriteString(text + "\r\n")
}

// escapedText writes a text value (RFC 5545, 3.3.11).
func escapedText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").
		Replace(s)
}
