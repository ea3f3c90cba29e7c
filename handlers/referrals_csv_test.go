package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExport(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	names := []string{"=1+1", "Zebra, \"quoted\""}
	for i := range 25 {
		names = append(names, fmt.Sprintf("Deal %02d", i))
	}
	ids := priya.deals(names...)
	priya.connect(ids[1], done())
	page := priya.page("/referrals?q=a&sort=name-asc&page=2", http.StatusOK)
	a := priya.get(page.Attr("a[download]", "href")).want(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="referrals.csv"` {
		t.Errorf("disposition %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(names)+1 {
		t.Errorf("%d rows of %d referrals", len(rows), len(names))
	}
	first, last := rows[1], rows[len(rows)-1]
	if first[0] != "'=1+1" {
		t.Errorf("a formula is exported as %q", first[0])
	}
	want := []string{names[1], "Contoso Customer Inc", "2000", "USD", "2027-01-14", "Active",
		"Accepted", "Connected", "Priya Raman", "", engagementID}
	if diff := cmp.Diff(want, last[:len(want)]); diff != "" {
		t.Errorf("last row (-want +got):\n%s", diff)
	}
	eve := site.rep("Eve Example", false)
	if got := strings.Count(eve.get("/referrals.csv").want(http.StatusOK).body, "\n"); got != 1 {
		t.Errorf("another rep exports %d lines", got)
	}
}
