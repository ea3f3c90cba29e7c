package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

type privacyStore interface {
	// Export writes all that is kept about a person as JSON.
	Export(ctx context.Context, c referral.Caller, userID string, w io.Writer) error
}

// myData is everything that is kept about the signed-in person, as a file.
func myData(db privacyStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		return sendData(c, db, user(c).ID)
	}
}

// dataOf is the same about somebody else, for admins.
func dataOf(db privacyStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !user(c).Admin {
			return referral.ErrNotAdmin
		}
		return sendData(c, db, c.Param("p"))
	}
}

func sendData(c echo.Context, db privacyStore, userID string) error {
	out := &download{c: c, name: "tandem-data.json"}
	return db.Export(c.Request().Context(), caller(c), userID, out)
}

// download is the response of a JSON file. It sends the headers with the first byte, so that an
// error before that can still become a page.
type download struct {
	c    echo.Context
	name string
}

// Write implements io.Writer.
func (d *download) Write(p []byte) (int, error) {
	r := d.c.Response()
	if !r.Committed {
		r.Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
		r.Header().Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", d.name))
		r.WriteHeader(http.StatusOK)
	}
	return r.Write(p)
}
