package views_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/views"
)

// TestMonthsBelowTheBars names every other of fourteen months, and each year once.
func TestMonthsBelowTheBars(t *testing.T) {
	c := views.Columns{ID: "value-USD"}
	for n := range 14 {
		at := time.Date(2026, time.November+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		c.Bars = append(c.Bars, views.Column{Month: at.Format("Jan"), Year: at.Format("2006")})
	}
	page := render(t, views.PipelinePage(views.Shell{}, views.Pipeline{Values: []views.Columns{c}}))
	var got []string
	for _, m := range regexp.MustCompile(`<text[^>]*>([^<]+)</text>`).FindAllStringSubmatch(page, -1) {
		got = append(got, m[1])
	}
	want := []string{"Nov", "2026", "Jan", "2027", "Mar", "May", "Jul", "Sep", "Nov"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("below the bars (-want +got):\n%s", diff)
	}
}
