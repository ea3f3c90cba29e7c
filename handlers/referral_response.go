package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type responseStore interface {
	// Referral returns the referral with Microsoft's JSON.
	Referral(ctx context.Context, c referral.Caller, id string) (referral.Referral, error)
	// Send returns the send with its body and attempts.
	Send(ctx context.Context, c referral.Caller, id string) (referral.Send, error)
	// FirstVersion returns the JSON with which Microsoft answered first.
	FirstVersion(ctx context.Context, c referral.Caller, referralID string) ([]byte, error)
}

// responsePage puts what was sent beside what Microsoft stored. It works for either referral of an
// engagement.
func responsePage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		r, err := d.Store.Referral(ctx, caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		if r.Raw, err = d.Store.FirstVersion(ctx, caller(c), r.ID); err != nil {
			return err
		}
		s, err := d.Store.Send(ctx, caller(c), r.SendID)
		if err != nil && !errors.Is(err, referral.ErrNotFound) {
			return err
		}
		l := in(c)
		v := views.Response{ID: r.ID, Name: r.Name, Tag: answerTag(l, s),
			All: c.QueryParam("all") == "1", Support: supportRows(l, s, r), JSON: pretty(r.Raw),
			Actions: responseActions(l, r, caller(c))}
		if v.Removed = removedText(l, r); v.Removed == "" && len(s.Body) > 0 {
			compared, err := referral.Compare(s.Body, r.Raw)
			if err != nil {
				return err
			}
			compare(l, &v, compared, r.Currency)
			v.Update = updateMissing(l, r, compared, caller(c))
		}
		title := titled(l.T("Microsoft’s response"), r.Name)
		return render(c, views.ResponsePage(shell(c, title, "referrals"), v))
	}
}

// responseJSON is Microsoft's answer as it was received.
func responseJSON(db responseStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, err := db.Referral(c.Request().Context(), caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		if !r.RemovedAt.IsZero() {
			return referral.ErrNotFound
		}
		raw, err := db.FirstVersion(c.Request().Context(), caller(c), r.ID)
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentDisposition,
			fmt.Sprintf("attachment; filename=%q", "referral-"+r.ID+".json"))
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, raw)
	}
}

// answerTag is the HTTP status of the answer in words. A referral that a look-up found has none.
func answerTag(l *language.Locale, s referral.Send) string {
	status := s.LastAttempt().Answer.Status
	if status < 200 || status > 299 {
		return l.T("Found at Microsoft")
	}
	return fmt.Sprintf("%d %s", status, http.StatusText(status))
}

func responseActions(
	l *language.Locale, r referral.Referral, c referral.Caller,
) []views.Action {
	back := views.Action{Text: l.T("Back to referrals"), Href: "/referrals", Secondary: true}
	if !mayConnect(r, c) || r.Kind != referral.Own || r.Connection.State.Locks() {
		return []views.Action{back}
	}
	return []views.Action{
		{Text: l.T("Create the connected Microsoft referral"), Href: connectPath(r.ID)}, back}
}

// updateMissing leads to the page on which a closing date that did not come back can be set; it is
// the zero link when there is nothing to set.
func updateMissing(
	l *language.Locale, r referral.Referral, c referral.Comparison, reader referral.Caller,
) views.Action {
	lost := slices.ContainsFunc(c.Missing(), func(row referral.Row) bool {
		return row.Path == closingPath
	})
	if !lost || r.Kind != referral.Own || r.OwnerID != reader.UserID || r.Standing().Closes() {
		return views.Action{}
	}
	return views.Action{Text: l.T("Update the closing date"),
		Href: editPath(r.ID, referral.SectionDeal) + "#closing-day"}
}

// compare fills in the table and the note above it.
func compare(
	l *language.Locale, v *views.Response, c referral.Comparison, currency string,
) {
	different := c.Different()
	v.Heading = l.T("What changed (%d of %d fields)", len(different), len(c.Rows))
	rows := different
	if v.All {
		rows = c.Rows
	}
	v.Rows = []views.ResponseRow{}
	for _, r := range rows {
		v.Rows = append(v.Rows, responseRow(l, r, currency))
	}
	for _, r := range c.Missing() {
		if r.Result == referral.NotReturned {
			v.Missing = append(v.Missing, fieldLabel(l, r.Path))
		} else {
			v.Different = append(v.Different, fieldLabel(l, r.Path))
		}
	}
}

func responseRow(l *language.Locale, r referral.Row, currency string) views.ResponseRow {
	words, colour := resultWords(r.Result)
	sent := referral.ShowValue(l, r.Path, r.Sent, currency)
	returned := referral.ShowValue(l, r.Path, r.Returned, currency)
	return views.ResponseRow{Label: fieldLabel(l, r.Path), Sent: sent, Returned: returned,
		Result: l.T(words), Colour: colour, Mono: longWord(sent) || longWord(returned)}
}

// longWord tells whether the value is one long word, such as an id: it may break anywhere. Chinese
// has no spaces and breaks by itself.
func longWord(s string) bool {
	return len(s) > 14 && !strings.ContainsAny(s, " \n") &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func resultWords(r referral.Result) (words language.Key, colour string) {
	switch r {
	case referral.Changed:
		return "Changed", "warning"
	case referral.NotReturned:
		return "Not returned", "danger"
	case referral.Added:
		return "Added", "info"
	}
	return "Same", "neutral"
}

// supportRows are what support asks for; times are UTC.
func supportRows(l *language.Locale, s referral.Send, r referral.Referral) []views.SumRow {
	a := s.LastAttempt()
	rows := []views.SumRow{
		{Key: l.T("Engagement ID"), Text: r.EngagementID, Mono: true},
		{Key: l.T("Referral ID"), Text: r.RemoteID, Mono: true},
		{Key: l.T("Sent by"), Text: sentBy(l, r.OwnerName, a.StartedAt)},
		{Key: l.T("Time taken"), Text: timeTaken(l, a)},
		{Key: "X-Request-Id", Text: s.Origin.RequestID, Mono: true},
		{Key: "MS-RequestId", Text: a.RequestID, Mono: true},
		{Key: "MS-CorrelationId", Text: a.CorrelationID, Mono: true},
	}
	for _, name := range supportHeaders() {
		if value := a.Answer.Headers[name]; value != "" {
			rows = append(rows, views.SumRow{Key: name, Text: value, Mono: true})
		}
	}
	if a.Answer.Headers["ETag"] == "" && r.ETag != "" {
		rows = append(rows, views.SumRow{Key: "ETag", Text: r.ETag, Mono: true})
	}
	return rows
}

func sentBy(l *language.Locale, name string, at time.Time) string {
	if at.IsZero() {
		return name
	}
	return l.List([]string{name, l.In(nil).FullTime(at)})
}

func timeTaken(l *language.Locale, a referral.Attempt) string {
	if a.EndedAt.IsZero() || a.StartedAt.IsZero() {
		return ""
	}
	return l.T("%.1f seconds", a.EndedAt.Sub(a.StartedAt).Seconds())
}

// pretty indents JSON; what is no JSON stays as it is.
func pretty(raw []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return string(raw)
	}
	return out.String()
}
