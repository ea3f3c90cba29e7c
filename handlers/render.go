package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

// render shows a page with status 200.
func render(c echo.Context, page templ.Component) error {
	return renderStatus(c, http.StatusOK, page)
}

// renderStatus renders into a buffer first, so that a failing page never leaves half of itself.
func renderStatus(c echo.Context, status int, page templ.Component) error {
	out := templ.GetBuffer()
	defer templ.ReleaseBuffer(out)
	if err := page.Render(c.Request().Context(), out); err != nil {
		return fmt.Errorf("rendering %s: %w", c.Path(), err)
	}
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(out.Len()))
	return c.HTMLBlob(status, out.Bytes())
}

// see answers a POST that was carried out: the browser goes on to a page by GET.
func see(c echo.Context, to string) error { return c.Redirect(http.StatusSeeOther, to) }

// titled puts a page's heading and what it is about together.
func titled(parts ...string) string { return strings.Join(parts, " – ") }

// shell is the frame of a page for the signed-in person.
func shell(c echo.Context, title, nav string) views.Shell {
	s := views.Shell{Title: title, Nav: nav, Practice: isPractice(c), Theme: theme(c),
		Lang: in(c).Tag(), Languages: otherLanguages(c)}
	if u, ok := c.Get(userKey).(referral.SignedIn); ok {
		s.User = views.User{Name: u.Name, Initials: initials(u.User), Email: u.Email,
			Admin: u.Admin}
		s.Drafts, s.Session = u.Drafts, sessionOf(u)
	}
	return s
}

func initials(u referral.User) string {
	var out []rune
	for _, word := range strings.Fields(u.Name) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) && len(out) < 2 {
			out = append(out, unicode.ToUpper(r))
		}
	}
	return string(out)
}

// posted returns the request's form values, cleaned of what no field may hold.
func posted(c echo.Context) (url.Values, error) {
	values, err := c.FormParams()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	return values, nil
}

// decode reads the posted form into the struct that into points to.
func decode(c echo.Context, into any) (url.Values, error) {
	values, err := posted(c)
	if err != nil {
		return nil, err
	}
	if err := form.Decode(values, into); err != nil {
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	return values, nil
}
