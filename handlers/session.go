package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/views"
)

// The keys under which the middleware leaves values in echo's context.
const (
	userKey     = "user"
	practiceKey = "practice"
	nowKey      = "now"
)

type sessionStore interface {
	keepStore
	// Session returns who owns the session with this hash; referral.ErrNotFound when it is over.
	Session(ctx context.Context, hash []byte) (referral.SignedIn, error)
	// WatchSession is Session, but does not extend the session.
	WatchSession(ctx context.Context, hash []byte) (referral.SignedIn, error)
}

// watches tells whether the request was made by a page on its own, to look for news.
func watches(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get(views.WatchHeader) != ""
}

// isOpen tells whether a path needs no sign-in.
func isOpen(path string) bool {
	switch path {
	case "/healthz", "/readyz", "/auth/sign-in", "/auth/callback", "/auth/sign-out",
		"/auth/signed-out", "/help", "/privacy", "/accessibility":
		return true
	}
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/practice/")
}

// impersonal tells whether a path has the same answer for everybody. Such requests need no database
// and have no limit: browsers fetch many files at once, and health checks must not be refused.
func impersonal(path string) bool {
	return strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/readyz"
}

// known loads the session, if the browser has one.
func known(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(practiceKey, d.Practice != nil)
			c.Set(nowKey, d.Now())
			if impersonal(c.Request().URL.Path) {
				return next(c)
			}
			u, err := currentUser(c, d)
			switch {
			case err == nil:
				c.Set(userKey, u)
				tellLeft(c, u.Left)
				stands(c, u.Zone)
			case !errors.Is(err, referral.ErrNotFound):
				return err
			}
			return next(c)
		}
	}
}

// signedIn lets only signed-in people past the open paths; anyone else goes to the sign-in page
// and comes back afterwards. A form that he posted is kept meanwhile.
func signedIn(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			switch {
			case user(c).ID != "" || isOpen(c.Request().URL.Path):
				return next(c)
			case watches(c.Request()):
				return c.NoContent(http.StatusNoContent)
			case strings.HasSuffix(c.Path(), autosaveEnd):
				return d.signedOutAutosave(c)
			case c.Request().Method == http.MethodPost:
				return d.signedOutPost(c)
			}
			return toSignIn(c)
		}
	}
}

func currentUser(c echo.Context, d Deps) (referral.SignedIn, error) {
	id, ok := d.Sessions.ID(c.Request())
	if !ok {
		return referral.SignedIn{}, referral.ErrNotFound
	}
	read := d.Store.Session
	if watches(c.Request()) {
		read = d.Store.WatchSession
	}
	return read(c.Request().Context(), session.Hash(id))
}

// toSignIn redirects to the sign-in page. Afterwards the requested page is opened or, for a POST,
// the page with the button: the action itself is not repeated.
func toSignIn(c echo.Context) error {
	return see(c, "/auth/sign-in?return_to="+url.QueryEscape(cameFrom(c.Request())))
}

// cameFrom is the page on which the person was when the request was made.
func cameFrom(r *http.Request) string {
	if r.Method == http.MethodGet {
		return r.URL.RequestURI()
	}
	page, err := url.Parse(r.Referer())
	if err != nil || page.Host != r.Host || page.Path == "" {
		return "/referrals"
	}
	return session.LocalPath(page.RequestURI())
}

// caller is the signed-in person as the store's methods take him; the zero Caller when nobody is.
func caller(c echo.Context) referral.Caller { return user(c).Caller() }

func user(c echo.Context) referral.User {
	u, _ := c.Get(userKey).(referral.SignedIn)
	return u.User
}

// now is when the request came.
func now(c echo.Context) time.Time {
	at, _ := c.Get(nowKey).(time.Time)
	return at
}

func isPractice(c echo.Context) bool {
	practice, _ := c.Get(practiceKey).(bool)
	return practice
}
