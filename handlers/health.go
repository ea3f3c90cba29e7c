package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
)

type pinger interface {
	Ping(ctx context.Context) error
}

// health says that the process is alive.
func health() echo.HandlerFunc {
	return func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }
}

// readiness says whether requests can be served: the database answers.
func readiness(db pinger) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := db.Ping(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, "database does not answer\n")
		}
		return c.String(http.StatusOK, "ready\n")
	}
}
