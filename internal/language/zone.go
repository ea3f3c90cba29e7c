package language

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// zoneNames holds a line for each time zone of a country, as in "DE Europe/Berlin". It is the
// public domain's zone.tab.
//
//go:embed zones.txt
var zoneNames string

// Zone is a time zone.
type Zone struct {
	// Name is its IANA name.
	Name string
	// place is how the language calls it, by country and city.
	place string
	where *time.Location
}

// Label is what people read: the place, and the distance from UTC at the moment, as in
// "Germany – Berlin (UTC+01:00)".
func (z Zone) Label(now time.Time) string { return z.place + " (" + offset(now.In(z.where)) + ")" }

// Zones lists the time zones by country in the order of the language. It takes milliseconds, so
// keep the result.
func (l *Locale) Zones() []Zone {
	var out []Zone
	for _, line := range strings.Split(strings.TrimSpace(zoneNames), "\n") {
		country, name, _ := strings.Cut(line, " ")
		zone, ok := FindZone(name)
		if !ok {
			continue
		}
		city := strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
		out = append(out, Zone{name, l.Region(country) + " – " + city, zone})
	}
	Sort(l, out, func(z Zone) string { return z.place })
	return out
}

// offset is the distance from UTC, as in UTC+01:00.
func offset(t time.Time) string {
	if _, seconds := t.Zone(); seconds == 0 {
		return "UTC"
	}
	return t.Format("UTC-07:00")
}

// loaded caches the zones by name, because reading one from disk would slow every page.
var loaded = sync.OnceValue(func() *sync.Map { return &sync.Map{} })

// FindZone returns the time zone with the IANA name, and whether there is one. "Local" is none: it
// is the machine's zone, not the person's.
func FindZone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	if zone, ok := loaded().Load(name); ok {
		return zone.(*time.Location), true
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	loaded().Store(zone.String(), zone)
	return zone, true
}

// In returns the language for somebody in a time zone; nil means that it is not known, and that
// times are in UTC and say so.
func (l *Locale) In(zone *time.Location) *Locale {
	if zone == l.zone {
		return l
	}
	there := *l
	there.zone = zone
	return &there
}

// Zone is the person's time zone, nil when it is not known.
func (l *Locale) Zone() *time.Location { return l.zone }

// ZoneName is what tells the person which zone times are in.
func (l *Locale) ZoneName() string {
	if l.zone == nil {
		return time.UTC.String()
	}
	return l.zone.String()
}

// Local returns the moment in the person's time zone. Days, such as a closing date, are no moments
// and must not come here.
func (l *Locale) Local(t time.Time) time.Time {
	if l.zone == nil {
		return t.UTC()
	}
	return t.In(l.zone)
}

// TimeOfDay is Clock for a sentence: it says so when the time is not the person's own.
func (l *Locale) TimeOfDay(t time.Time) string { return l.named(l.Clock(t)) }

// ExactTime is TimeOfDay with seconds.
func (l *Locale) ExactTime(t time.Time) string { return l.named(l.Local(t).Format(time.TimeOnly)) }

func (l *Locale) named(clock string) string {
	if l.zone == nil {
		return clock + " UTC"
	}
	return clock
}
