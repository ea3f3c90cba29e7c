package handlers

import (
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// zoneCookie holds the name of the time zone that the browser is set to, as its script tells it.
const zoneCookie = "zone"

// browserZone is the time zone of the browser, nil when it has not told.
func browserZone(c echo.Context) *time.Location {
	cookie, err := c.Cookie(zoneCookie)
	if err != nil {
		return nil
	}
	name, err := url.PathUnescape(cookie.Value)
	if err != nil {
		return nil
	}
	zone, _ := language.FindZone(name)
	return zone
}

// stands sets the time zone of the request to the one that the person chose, else the browser's.
func stands(c echo.Context, chosen string) {
	zone, ok := language.FindZone(chosen)
	if !ok {
		zone = browserZone(c)
	}
	r := c.Request()
	c.SetRequest(r.WithContext(language.With(r.Context(), in(c).In(zone))))
}

// here is the time where the person is.
func (d Deps) here(c echo.Context) time.Time { return in(c).Local(d.Now()) }

// today is the day where the person is; see referral.Today.
func (d Deps) today(c echo.Context) referral.Date {
	return referral.Today(d.Now(), in(c).Zone())
}

// allZones are the time zones in the order of each language. Sorting them takes longer than the
// rest of a page. They must not be changed.
var allZones = sync.OnceValue(func() map[string][]language.Zone {
	all := map[string][]language.Zone{}
	for _, l := range language.All() {
		all[l.Tag()] = l.Zones()
	}
	return all
})

// zones lists the time zones to choose from.
func zones(l *language.Locale, browser *time.Location, now time.Time) []referral.Choice {
	same := l.T("Same as my browser")
	if browser != nil {
		same = l.T("Same as my browser: %s", browser.String())
	}
	out := []referral.Choice{{Label: same}, {ID: "UTC", Label: "UTC"}}
	for _, z := range allZones()[l.Tag()] {
		out = append(out, referral.Choice{ID: z.Name, Label: z.Label(now)})
	}
	return out
}
