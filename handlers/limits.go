package handlers

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Limit bounds the rate of requests: PerSecond in the long run, Burst at once. The zero Limit
// allows everything.
type Limit struct {
	PerSecond float64
	Burst     int
}

// Limits are the limits of the site. Static files and the health checks have none.
type Limits struct {
	// Person is for each signed-in person, wherever he is.
	Person Limit
	// Address is for all who are not signed in at one client address.
	Address Limit
	// SignIn takes the place of Address for what they post below /auth/.
	SignIn Limit
}

// UsualLimits are far above what people do with a browser. A trusted proxy that does not say on
// whose behalf it asks is not limited, because everybody behind it would share one limit.
func UsualLimits() Limits {
	return Limits{
		Person:  Limit{PerSecond: 20, Burst: 60},
		Address: Limit{PerSecond: 10, Burst: 40},
		SignIn:  Limit{PerSecond: 1, Burst: 10},
	}
}

// limited refuses requests beyond the limits and says when to try again.
func limited(d Deps) echo.MiddlewareFunc {
	people, addresses := newBuckets(d.Limits.Person), newBuckets(d.Limits.Address)
	signIns := newBuckets(d.Limits.SignIn)
	wait := func(c echo.Context) time.Duration {
		r := c.Request()
		from := d.Proxies.client(r)
		switch id := user(c).ID; {
		case impersonal(r.URL.Path):
			return 0
		case id != "":
			return people.wait(id, d.Now())
		case d.Proxies.trust(from):
			return 0
		case r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/auth/"):
			return signIns.wait(networkOf(from), d.Now())
		default:
			return addresses.wait(networkOf(from), d.Now())
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			pause := wait(c)
			if pause == 0 {
				return next(c)
			}
			seconds := int(math.Ceil(pause.Seconds()))
			c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
			return echo.NewHTTPError(http.StatusTooManyRequests)
		}
	}
}
