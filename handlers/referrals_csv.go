package handlers

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
)

type exportStore interface {
	// EachReferral gives the referrals of a list to fn, in its order and with Raw.
	EachReferral(ctx context.Context, c referral.Caller, f referral.Filter,
		fn func(referral.Referral) error) error
}

// utf8Mark tells spreadsheets that the file is UTF-8.
const utf8Mark = "\ufeff"

// chunkTime is how long a browser may take to read one chunk of a file.
const chunkTime = time.Minute

// exportCSV is the list as a file: every row that the filters of the URL leave, in its order.
func exportCSV(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, who := in(c), caller(c)
		var head []string
		for _, text := range csvHead() {
			head = append(head, l.T(text))
		}
		f := readListQuery(c.QueryParams()).filter(d.here(c))
		return stream(c, "referrals.csv", head, func(line func([]string) error) error {
			return d.Store.EachReferral(c.Request().Context(), who, f,
				func(r referral.Referral) error { return line(csvRow(l, r, who)) })
		})
	}
}

// stream sends a file line by line. After an error it aborts the connection, so that the browser
// reports a failed download and nobody takes half a list for the whole.
func stream(
	c echo.Context, name string, head []string, each func(line func([]string) error) error,
) error {
	h, control := c.Response().Header(), http.NewResponseController(c.Response())
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	out := csv.NewWriter(c.Response())
	lines := 0
	line := func(cells []string) error {
		if lines%100 == 0 {
			// Not every connection supports deadlines.
			_ = control.SetWriteDeadline(time.Now().Add(chunkTime))
		}
		lines++
		for i := range cells {
			cells[i] = plainCell(cells[i])
		}
		return out.Write(cells)
	}
	head[0] = utf8Mark + head[0]
	err := line(head)
	if err == nil {
		err = each(line)
	}
	if err == nil {
		out.Flush()
		err = out.Error()
	}
	if err != nil && c.Response().Committed {
		_ = control.SetWriteDeadline(time.Unix(1, 0))
	}
	return err
}

func csvHead() []language.Key {
	return []language.Key{"Referral", "Customer", "Deal value", "Currency", "Closing date",
		"Status", "Substatus", "Microsoft referral", "Owner", "CRM reference", "Engagement ID",
		"Referral ID", "Updated (UTC)"}
}

func csvRow(l *language.Locale, r referral.Referral, c referral.Caller) []string {
	reference := givenReference(r, referral.Answers{ExternalReferenceID: r.ExternalReferenceID})
	owner := r.SenderName
	if owner == "" {
		owner = r.OwnerName
	}
	return []string{r.Name, r.Customer, r.DealValue, r.Currency, r.ClosingDate,
		l.Label(r.Status), l.Label(r.Substatus), l.T(connectionText(r, c)), owner,
		reference, r.EngagementID, r.RemoteID,
		r.UpdatedAt.UTC().Format(time.DateTime)}
}

// connectionText says in a word what the list shows of Microsoft's referral.
func connectionText(r referral.Referral, c referral.Caller) language.Key {
	switch connectionOf(r, c).State {
	case "connected", "ended":
		return "Connected"
	case "failed":
		return "Failed"
	case "running":
		return "Sending"
	case "answer", "theirs":
		return "From Microsoft"
	}
	return "Not created"
}

// plainCell keeps spreadsheets from taking a text for a formula. Phone numbers are left alone.
func plainCell(s string) string {
	phone := strings.HasPrefix(s, "+") && strings.Trim(s[1:], "0123456789 ") == ""
	if s != "" && !phone && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
