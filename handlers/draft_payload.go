package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// payloadFile is the exact body that is sent, as a file.
func payloadFile(db stepStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := db.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		body, err := referral.Payload(draft.Answers, draft.Stamp())
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentDisposition,
			`attachment; filename="payload.json"`)
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body)
	}
}
