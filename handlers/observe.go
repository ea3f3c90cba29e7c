package handlers

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// Observer is called for every request once it is answered.
type Observer interface {
	// Request takes the pattern of the route, such as /drafts/:d, or "" when there is none. The
	// method is whatever the client sent.
	Request(route, method string, status int, took time.Duration)
}

// clientGone is the status that is counted when nobody waited for the answer.
const clientGone = 499

// accessLog counts each request and writes one line about it, by its route and never by its full
// URL: a query may hold a customer's name.
func accessLog(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			started := d.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			status, took := statusOf(c, err), d.Now().Sub(started)
			if d.Observe != nil {
				d.Observe.Request(c.Path(), c.Request().Method, status, took)
			}
			d.Log.LogAttrs(c.Request().Context(), slog.LevelDebug, "request",
				slog.String("method", c.Request().Method), slog.String("route", c.Path()),
				slog.Int("status", status), slog.Duration("took", took),
				slog.String("client", d.Proxies.client(c.Request()).String()))
			return nil
		}
	}
}

// statusOf is the status that was answered, or clientGone when the error left nothing to answer.
func statusOf(c echo.Context, err error) int {
	if err != nil && !c.Response().Committed {
		return clientGone
	}
	return c.Response().Status
}
