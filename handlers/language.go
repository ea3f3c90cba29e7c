package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/views"
)

// languageCookie holds the tag of the language that the person chose.
const languageCookie = "lang"

// languageAge is how long the choice is kept, in seconds: a year.
const languageAge = 365 * 24 * 60 * 60

// speaks finds the language of the answer: the one that the person chose, else the one that the
// browser wishes, else English. A choice arrives as ?lang= on any page, which is then opened again
// without it.
func speaks(d Deps) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if impersonal(r.URL.Path) {
				return next(c)
			}
			c.Response().Header().Add(echo.HeaderVary, "Cookie, Accept-Language")
			if l := chosenLanguage(r); l != nil {
				c.SetCookie(&http.Cookie{Name: languageCookie, Value: l.Tag(), Path: "/",
					MaxAge: languageAge, HttpOnly: true, Secure: d.Secure,
					SameSite: http.SameSiteLaxMode})
				return see(c, withLanguage(r.URL, ""))
			}
			c.SetRequest(r.WithContext(language.With(r.Context(), wishedLanguage(r))))
			return next(c)
		}
	}
}

// chosenLanguage is the language that the URL of a page asks for, nil for none.
func chosenLanguage(r *http.Request) *language.Locale {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	return language.Find(r.URL.Query().Get("lang"))
}

func wishedLanguage(r *http.Request) *language.Locale {
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if l := language.Find(cookie.Value); l != nil {
			return l
		}
	}
	return language.Match(r.Header.Get("Accept-Language"))
}

// withLanguage is the page's own URL, asking for a language or, without a tag, for none. Slashes
// at its start would name another site.
func withLanguage(u *url.URL, tag string) string {
	query := u.Query()
	query.Del("lang")
	if tag != "" {
		query.Set("lang", tag)
	}
	to := url.URL{Path: "/" + strings.TrimLeft(u.Path, `/\`), RawQuery: query.Encode()}
	return to.String()
}

// in is the language of the request.
func in(c echo.Context) *language.Locale { return language.Of(c.Request().Context()) }

// otherLanguages are links to the same page in the languages that it is not in.
func otherLanguages(c echo.Context) []views.LanguageLink {
	var out []views.LanguageLink
	for _, l := range language.All() {
		if l.Tag() != in(c).Tag() {
			out = append(out, views.LanguageLink{Tag: l.Tag(), Name: l.Name(),
				Href: withLanguage(c.Request().URL, l.Tag())})
		}
	}
	return out
}
