package handlers

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// utf8Mark tells spreadsheets that the file is UTF-8.
const utf8Mark = "\ufeff"

// exportCSV is the list as a file: every row that the filters of the URL leave, in its order.
func exportCSV(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		q := readListQuery(c.QueryParams())
		rows, err := allRows(c, d.Store, q.filter(d.Now()))
		if err != nil {
			return err
		}
		out := bytes.NewBufferString(utf8Mark)
		if err := csv.NewWriter(out).WriteAll(rows); err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentDisposition,
			`attachment; filename="referrals.csv"`)
		return c.Blob(http.StatusOK, "text/csv; charset=utf-8", out.Bytes())
	}
}

// allRows are the head and the rows of every page.
func allRows(c echo.Context, db listStore, f referral.Filter) ([][]string, error) {
	l, who := in(c), caller(c)
	var head []string
	for _, text := range csvHead() {
		head = append(head, l.T(text))
	}
	rows := [][]string{head}
	for f.Page = 1; ; f.Page++ {
		list, err := db.Referrals(c.Request().Context(), who, f)
		if err != nil {
			return nil, err
		}
		for _, r := range list.Referrals {
			rows = append(rows, csvRow(l, r, who))
		}
		if f.Page*referral.PageSize >= list.Matching {
			return rows, nil
		}
	}
}

func csvHead() []language.Key {
	return []language.Key{"Referral", "Customer", "Deal value", "Currency", "Closing date",
		"Status", "Substatus", "Microsoft referral", "Owner", "CRM reference", "Engagement ID",
		"Referral ID", "Updated (UTC)"}
}

func csvRow(l *language.Locale, r referral.Referral, c referral.Caller) []string {
	reference := givenReference(r, referral.Answers{ExternalReferenceID: r.ExternalReferenceID})
	row := []string{r.Name, r.Customer, r.DealValue, r.Currency, r.ClosingDate,
		l.Label(r.Status), l.Label(r.Substatus), l.T(connectionText(r, c)), r.OwnerName,
		reference, r.EngagementID, r.RemoteID,
		r.UpdatedAt.UTC().Format(time.DateTime)}
	for i := range row {
		row[i] = plainCell(row[i])
	}
	return row
}

// connectionText says in a word what the list shows of Microsoft's referral.
func connectionText(r referral.Referral, c referral.Caller) language.Key {
	switch connectionOf(r, c).State {
	case "connected":
		return "Connected"
	case "failed":
		return "Failed"
	case "running":
		return "Sending"
	}
	return "Not created"
}

// plainCell keeps spreadsheets from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
