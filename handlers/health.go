package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Check checks something that all requests need.
type Check struct {
	// Fault is what monitoring reads when it does not, such as "database does not answer".
	Fault string
	// Works returns what is wrong. It must respect ctx.
	Works func(ctx context.Context) error
}

// health says that the process is alive.
func health() echo.HandlerFunc {
	return func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }
}

// readyTimeout is how long all checks together may take.
const readyTimeout = 3 * time.Second

// readiness says yes when all checks pass, so that requests can be sent here.
func readiness(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
		defer cancel()
		for _, check := range d.Checks {
			if err := check.Works(ctx); err != nil {
				d.Log.InfoContext(ctx, "not ready", slog.String("fault", check.Fault),
					slog.String("error", err.Error()))
				return c.String(http.StatusServiceUnavailable, check.Fault+"\n")
			}
		}
		return c.String(http.StatusOK, "ready\n")
	}
}
