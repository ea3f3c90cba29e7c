package language_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/language"
)

// TestZonesAreAllKnown finds each zone of the list, in both languages, and tells summer from
// winter.
func TestZonesAreAllKnown(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 32, 0, 0, time.UTC)
	summer := now.AddDate(0, -4, 0)
	for tag, berlin := range map[string]string{"en": "Germany – Berlin (UTC+01:00)",
		"zh-Hans": "德国 – Berlin (UTC+01:00)"} {
		zones, found := language.Find(tag).Zones(), ""
		if len(zones) < 400 {
			t.Errorf("%s has %d zones", tag, len(zones))
		}
		for _, z := range zones {
			if z.Name != "Europe/Berlin" {
				continue
			}
			found = z.Label(now)
			if got := z.Label(summer); !strings.HasSuffix(got, " Berlin (UTC+02:00)") {
				t.Errorf("%s: in summer %q", tag, got)
			}
		}
		if found != berlin {
			t.Errorf("%s calls it %q, want %q", tag, found, berlin)
		}
	}
}

// TestLocalesKeepTheirZone leaves the language itself as it is.
func TestLocalesKeepTheirZone(t *testing.T) {
	delhi, ok := language.FindZone("Asia/Kolkata")
	if !ok {
		t.Fatal("there is no Asia/Kolkata")
	}
	at := time.Date(2026, 11, 22, 20, 30, 5, 0, time.UTC)
	there := language.English().In(delhi)
	for got, want := range map[string]string{
		there.DateTime(at):               "23 November 2026, 02:00",
		there.ShortDateTime(at):          "23 Nov 2026, 02:00",
		there.FullTime(at):               "23 November 2026, 02:00:05 UTC+05:30",
		there.TimeOfDay(at):              "02:00",
		there.ExactTime(at):              "02:00:05",
		there.ZoneName():                 "Asia/Kolkata",
		language.English().ZoneName():    "UTC",
		language.English().TimeOfDay(at): "20:30 UTC",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
