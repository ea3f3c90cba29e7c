package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/views"
)

type keepStore interface {
	// KeepSession counts as a request of the session's owner and returns how long it lasts now.
	KeepSession(ctx context.Context, hash []byte) (time.Duration, error)
}

const (
	// keepPath is where the page asks for a longer session.
	keepPath = "/session/keep"
	// sessionHeader tells the script how many seconds the session lasts.
	sessionHeader = "Tandem-Session"
	// warnMinutes is how long before the end the person is asked to stay; of short sessions it is
	// half of them.
	warnMinutes = 5
)

// keepSession lets the session last for as long as the limits allow from now.
func keepSession(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, ok := d.Sessions.ID(c.Request())
		if !ok {
			return referral.ErrNotFound
		}
		left, err := d.Store.KeepSession(c.Request().Context(), session.Hash(id))
		if err != nil {
			return err
		}
		if c.Request().Header.Get("HX-Request") == "" {
			return see(c, cameFrom(c.Request()))
		}
		tellLeft(c, left)
		return c.NoContent(http.StatusNoContent)
	}
}

// tellLeft tells the script how long the session lasts.
func tellLeft(c echo.Context, left time.Duration) {
	c.Response().Header().Set(sessionHeader, strconv.Itoa(int(left.Seconds())))
}

// sessionOf is what the page knows of the end of the session.
func sessionOf(u referral.SignedIn) views.Session {
	return views.Session{Seconds: int(u.Left.Seconds()),
		Warn: min(warnMinutes, max(1, int(u.Idle.Minutes()/2)))}
}
