package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// maxBody is the largest request body in bytes; the longest form with every text at its limit is
// about a tenth of it.
const maxBody = 1 << 20

// headers sets what every answer carries: a strict content security policy, no sniffing, no
// framing, no referrer to elsewhere, and nothing kept but static files. Forms may lead to the
// sign-in provider, for sign-in and -out.
func headers(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", policy(d.Provider.Origins()))
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("X-Frame-Options", "DENY")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			if !strings.HasPrefix(c.Request().URL.Path, "/static/") {
				h.Set(echo.HeaderCacheControl, "no-store")
			}
			if d.Secure {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			return next(c)
		}
	}
}

func policy(origins []string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' " +
		strings.Join(origins, " ")
}

// sameOrigin refuses requests that change something and come from another site, by the browser's
// own Sec-Fetch-Site and Origin headers.
func sameOrigin() echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
			}
			return next(c)
		}
	}
}

func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		r.Body = http.MaxBytesReader(c.Response(), r.Body, maxBody)
		return next(c)
	}
}

// usualPatience is how long a page may take. It is less than the server's time-out, so that people
// are told when the database does not answer.
const usualPatience = 30 * time.Second

// limitTime ends requests that take too long, except downloads, which take as long as their
// readers; see stream.
func limitTime(patience time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if strings.HasSuffix(c.Request().URL.Path, ".csv") {
				return next(c)
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(),
				cmp.Or(patience, usualPatience))
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

var errPanic = errors.New("page panicked")

// recovered turns a panic into the fault page.
func recovered(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if r := recover(); r != nil {
					d.Log.ErrorContext(c.Request().Context(), "panic",
						"route", c.Path(), "value", r, "stack", string(debug.Stack()))
					err = errPanic
				}
			}()
			return next(c)
		}
	}
}
