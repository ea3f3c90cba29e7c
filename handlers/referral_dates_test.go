package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// TestDatesFile holds the calendar to RFC 5545: lines of at most 75 bytes that end in CRLF and are
// folded between characters, escaped text, whole days, stamps in UTC, and UIDs that stay.
func TestDatesFile(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	priya.connect(r, done())
	own, other, err := site.Pair(t.Context(), priya.caller(), r)
	site.must(err)
	long := strings.Repeat("推广", 30)
	own.Name, own.Customer = "Contoso, field; service – "+long, "A\\B\r\nC\nD"
	own.ETag = `"2"`
	site.must(site.SaveFetched(t.Context(), r, &own, referral.Outcome{}))
	connected := *accepted(other.RemoteID, contoso())
	connected.Status, connected.Substatus, connected.ETag = "New", "Pending", `"m-1"`
	connected.ExpiresAt = time.Date(2026, 12, 5, 23, 30, 0, 0, time.UTC)
	site.must(site.SaveFetched(t.Context(), other.ID, &connected, referral.Outcome{}))

	path := "/referrals/" + r + "/dates.ics"
	file := priya.get(path).want(http.StatusOK)
	if got := file.header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	stamp := site.clock.Now().UTC().Format("20060102T150405Z")
	name, text := `Contoso\, field\; service – `+long, `DESCRIPTION:A\\B\nC\nD`
	want := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tandem//Referrals//EN",
		"CALSCALE:GREGORIAN",
		"BEGIN:VEVENT", "UID:closing-" + r + "@tandem", "DTSTAMP:" + stamp,
		"DTSTART;VALUE=DATE:20270114", "DTEND;VALUE=DATE:20270115",
		"SUMMARY:" + name + ": closing date", text, "TRANSP:TRANSPARENT", "END:VEVENT",
		"BEGIN:VEVENT", "UID:expires-" + r + "@tandem", "DTSTAMP:" + stamp,
		"DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261206",
		"SUMMARY:" + name + ": Microsoft’s time to answer ends", text, "TRANSP:TRANSPARENT",
		"END:VEVENT", "END:VCALENDAR"}
	if diff := cmp.Diff(want, unfolded(t, file.body)); diff != "" {
		t.Errorf("calendar (-want +got):\n%s", diff)
	}
	if again := priya.get(path); again.body != file.body {
		t.Error("the file differs the second time")
	}
	own.ClosingDate, own.ETag = "2027-02-28", `"3"`
	site.must(site.SaveFetched(t.Context(), r, &own, referral.Outcome{}))
	site.clock.move(time.Minute)
	moved := unfolded(t, priya.get(path).want(http.StatusOK).body)
	for i, line := range []string{want[5], "DTSTAMP:" + stamp, "DTSTART;VALUE=DATE:20270228",
		"DTEND;VALUE=DATE:20270301"} {
		if is := slices.Contains(moved, line); is != (i != 1) {
			t.Errorf("%q in the file of another day: %v", line, is)
		}
	}
	own.ClosingDate, own.ETag = "", `"4"`
	connected.Status, connected.ETag = "Active", `"m-2"`
	site.must(site.SaveFetched(t.Context(), r, &own, referral.Outcome{}))
	site.must(site.SaveFetched(t.Context(), other.ID, &connected, referral.Outcome{}))
	priya.get(path).want(http.StatusNotFound)
	priya.page("/referrals/"+r, http.StatusOK).None("[href$='.ics']")
}

// unfolded are the content lines of a calendar.
func unfolded(t *testing.T, body string) []string {
	t.Helper()
	rest, ok := strings.CutSuffix(body, "\r\n")
	if !ok || strings.ContainsAny(strings.ReplaceAll(body, "\r\n", ""), "\r\n") {
		t.Error("lines do not end in CRLF")
	}
	for line := range strings.SplitSeq(rest, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
	return strings.Split(strings.ReplaceAll(rest, "\r\n ", ""), "\r\n")
}
