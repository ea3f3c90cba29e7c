package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// themeCookie holds "light" or "dark"; without it pages look as the device prefers.
const themeCookie = "theme"

type preferencesStore interface {
	Preferences(ctx context.Context, c referral.Caller) (referral.Preferences, error)
	SavePreferences(ctx context.Context, c referral.Caller, p referral.Preferences) error
}

// preferencesPage shows what the person has chosen for himself.
func preferencesPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := d.Store.Preferences(c.Request().Context(), caller(c))
		if err != nil {
			return err
		}
		chosen := ""
		if cookie, err := c.Cookie(languageCookie); err == nil && language.Find(cookie.Value) != nil {
			chosen = cookie.Value
		}
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		f := preferencesForm{Preferences: p, Language: chosen, Theme: theme(c)}
		kept.decode(&f)
		return d.showPreferences(c, http.StatusOK, f, nil, kept.note)
	}
}

// preferencesForm is what is posted: the preferences, and what only this browser keeps.
type preferencesForm struct {
	referral.Preferences
	Language string `form:"language"`
	Theme    string `form:"theme"`
}

// theme is "light", "dark" or "".
func theme(c echo.Context) string {
	cookie, err := c.Cookie(themeCookie)
	if err != nil || cookie.Value != "light" && cookie.Value != "dark" {
		return ""
	}
	return cookie.Value
}

func (d Deps) showPreferences(
	c echo.Context, status int, f preferencesForm, problems referral.Problems, kept views.Restored,
) error {
	l := in(c)
	p := views.PreferencesPage{Shell: shell(c, l.T("Preferences"), ""),
		Restored: kept,
		Saved:    c.QueryParam("saved") == "1" && len(problems) == 0,
		Language: chooseFrom("language", "language", l.T("Language"), f.Language, append(
			[]referral.Choice{{Label: l.T("Same as my browser")}}, languageChoices()...)),
		Theme: chooseFrom("theme", "theme", l.T("Colours"), f.Theme, []referral.Choice{
			{Label: l.T("Same as my device")}, {ID: "light", Label: l.T("Light")},
			{ID: "dark", Label: l.T("Dark")}}),
		Zone: chooseFrom("zone", "zone", l.T("Time zone"), f.Zone,
			zones(l, browserZone(c), d.Now())),
		Currency: chooseFrom("currency", "currency", l.T("Currency"), f.Currency, lastUsed(l)),
		Locale:   chooseFrom("locale", "locale", l.T("Language for emails"), f.Locale, lastUsed(l)),
		Phone: form.Field{Name: "phone", ID: "phone", Label: l.T("Your phone number"), Type: "tel",
			Hint:  l.T("You are the first member of the team of each new draft"),
			Value: f.Phone, Autocomplete: "tel", Width: "w20", Optional: true},
	}
	p.Currency.Groups = []form.OptionGroup{{List: listsOf(l).currencies.options}}
	p.Locale.Groups = []form.OptionGroup{{List: listsOf(l).mailLanguages.options}}
	p.Language.Hint = l.T("The language of Tandem on this browser")
	p.Zone.Hint = l.T("Closing dates are days and stay the same everywhere")
	p.Locale.Hint = l.T("The language in which Microsoft writes to you")
	p.Currency.Error, p.Locale.Error = sentenceAt(l, problems, "currency"),
		sentenceAt(l, problems, "locale")
	p.Phone.Error = sentenceAt(l, problems, "phone")
	p.Zone.Error = sentenceAt(l, problems, "zone")
	p.Shell.HasErrors = len(problems) > 0
	return renderStatus(c, status, views.Preferences(p))
}

func lastUsed(l *language.Locale) []referral.Choice {
	return []referral.Choice{{Label: l.T("Same as in my last referral")}}
}

func languageChoices() []referral.Choice {
	var out []referral.Choice
	for _, l := range language.All() {
		out = append(out, referral.Choice{ID: l.Tag(), Label: l.Name()})
	}
	return out
}

func chooseFrom(name, id, label, value string, choices []referral.Choice) form.Field {
	return form.Field{Name: name, ID: id, Label: label, Options: options(choices)}.Choose(value)
}

// savePreferences keeps what was chosen: for the person in the store, for the browser in cookies.
func savePreferences(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		var f preferencesForm
		if _, err := decode(c, &f); err != nil {
			return err
		}
		if ps := referral.CheckPreferences(f.Preferences); len(ps) > 0 {
			return d.showPreferences(c, http.StatusUnprocessableEntity, f, ps, views.Restored{})
		}
		err := d.Store.SavePreferences(c.Request().Context(), caller(c), f.Preferences)
		if err != nil {
			return err
		}
		if err := saved(c, d.Store); err != nil {
			return err
		}
		if language.Find(f.Language) == nil {
			f.Language = ""
		}
		if f.Theme != "light" && f.Theme != "dark" {
			f.Theme = ""
		}
		d.keep(c, languageCookie, f.Language)
		d.keep(c, themeCookie, f.Theme)
		return see(c, "/preferences?saved=1")
	}
}

// keep sets a cookie for a year, or removes it when the value is empty.
func (d Deps) keep(c echo.Context, name, value string) {
	cookie := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: languageAge,
		HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteLaxMode}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}
