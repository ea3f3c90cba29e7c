package handlers_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/handlers"
	"tandem/internal/referral"
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
	a := priya.get(page.Attr(`a[href^="/referrals.csv"]`, "href")).want(http.StatusOK)
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

// TestExportWhole reads a file back as any program does, and compares all of it.
func TestExportWhole(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, id := priya.sent(contoso())
	r, err := site.Referral(t.Context(), priya.caller(), id)
	site.must(err)
	r.Name, r.Customer = "=推广, \"现场\"\r\n第二行", "\t上海北方电器有限公司"
	r.ExternalReferenceID, r.ETag = "@SUM(A1)", `"2"`
	r.DealValue, r.Currency = "-1", "CNY"
	r.Status, r.Substatus = "Closed", "Lost"
	site.must(site.SaveFetched(t.Context(), id, &r, referral.Outcome{}))
	file := priya.get("/referrals.csv").want(http.StatusOK)
	if got := file.header.Get("Content-Type"); got != "text/csv; charset=utf-8" ||
		!strings.HasPrefix(file.body, "\xef\xbb\xbfReferral,") {
		t.Errorf("type %q, begins with %q", got, file.body[:20])
	}
	want := [][]string{{"Referral", "Customer", "Deal value", "Currency", "Closing date", "Status",
		"Substatus", "Microsoft referral", "Owner", "CRM reference", "Engagement ID", "Referral ID",
		"Updated (UTC)"},
		// encoding/csv reads CRLF in a cell as LF.
		{"'=推广, \"现场\"\n第二行", "'\t上海北方电器有限公司", "'-1", "CNY", "2027-01-14", "Closed",
			"Lost", "Not created", "Priya Raman", "'@SUM(A1)", engagementID, r.RemoteID,
			"2026-11-22 14:30:00"}}
	if diff := cmp.Diff(want, readCSV(t, file.body)); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	inChinese := httptest.NewRequest(http.MethodGet, "/referrals.csv", nil)
	inChinese.Header.Set("Accept-Language", "zh-CN")
	zh := priya.send(inChinese).want(http.StatusOK)
	if got := readCSV(t, zh.body)[1]; got[5] != "已关闭" || got[6] != "丢失" {
		t.Errorf("in Chinese %q", got)
	}
}

// TestPlainCell holds what spreadsheets would take for a formula to be text.
func TestPlainCell(t *testing.T) {
	for _, s := range []string{"=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
		"+44 20 A1"} {
		if got := handlers.PlainCell(s); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range []string{"", "Deal", "1=1", "+44 20 7946 0018", "a@b.example"} {
		if got := handlers.PlainCell(s); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
}

// readCSV is a file as a program reads it.
func readCSV(t *testing.T, body string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// column are the cells below a head.
func column(t *testing.T, rows [][]string, name string) (cells []string) {
	t.Helper()
	at := slices.Index(rows[0], name)
	if at < 0 {
		t.Fatalf("no column %s", name)
	}
	for _, row := range rows[1:] {
		cells = append(cells, row[at])
	}
	return cells
}

func TestBulkExport(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	ids := priya.deals("=1+1", "Zebra", "Other")
	priya.connect(ids[1], done())
	page := priya.page("/referrals?q=e&sort=name-asc", http.StatusOK)
	link := page.Attr(`a[href^="/referrals.bulk.csv"]`, "href")
	rows := readCSV(t, priya.get(link).want(http.StatusOK).body)
	if diff := cmp.Diff(referral.BulkHead(), rows[0]); diff != "" {
		t.Errorf("head (-want +got):\n%s", diff)
	}
	for name, want := range map[string][]string{
		"Engagement ID":            {engagementID, engagementID, engagementID},
		"Microsoft help required?": {"No", "No", "Yes"},
		"Errors":                   {"", "", ""},
	} {
		if diff := cmp.Diff(want, column(t, rows, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	draft := contoso()
	draft.Name = "+not a formula()"
	priya.draft(draft)
	link = priya.page("/drafts", http.StatusOK).Attr(`a[href^="/referrals.bulk.csv"]`, "href")
	rows = readCSV(t, priya.get(link).want(http.StatusOK).body)
	for name, want := range map[string][]string{
		"Deal Name": {"'+not a formula()"}, "Engagement ID": {""},
		"Customer Contact Phone number": {"+44 20 7946 0018"},
		"Team member 2":                 {"john.doe@northbridge.example"},
		"Microsoft help required?":      {"Yes"}, "Estimated Close Date (MM/DD/YYYY)": {"01/14/2027"},
	} {
		if diff := cmp.Diff(want, column(t, rows, name)); diff != "" {
			t.Errorf("draft, %s (-want +got):\n%s", name, diff)
		}
	}
	eve := site.rep("Eve Example", false)
	for _, path := range []string{"/referrals.bulk.csv", "/referrals.bulk.csv?drafts=1"} {
		if got := len(readCSV(t, eve.get(path).want(http.StatusOK).body)); got != 1 {
			t.Errorf("another rep exports %d lines of %s", got, path)
		}
	}
}

// failing gives one referral and then an error.
type failing struct{ handlers.Store }

func (f failing) EachReferral(
	ctx context.Context, c referral.Caller, q referral.Filter, fn func(referral.Referral) error,
) error {
	for range 1000 {
		if err := fn(referral.Referral{Name: strings.Repeat("x", 100)}); err != nil {
			return err
		}
	}
	return errors.New("the disk is gone")
}

// TestBrokenExportFails sees that half a file is never taken for a whole one.
func TestBrokenExportFails(t *testing.T) {
	site := newSendSite(t)
	site.deps.Store = failing{site.Store}
	site.Handler = handlers.New(site.deps)
	priya := site.rep("Priya Raman", false)
	server := httptest.NewServer(site.Handler)
	defer server.Close()
	req, err := http.NewRequest(http.MethodGet, server.URL+"/referrals.csv", nil)
	site.must(err)
	req.AddCookie(priya.cookie)
	res, err := server.Client().Do(req)
	site.must(err)
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("%d bytes look like the whole file", n)
	}
}

// TestExportsTakeTheirTime sends files whole that take longer than a page may: as long as who reads
// them.
func TestExportsTakeTheirTime(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	priya.deals("Alpha", "Bravo")
	site.deps.Patience = time.Nanosecond
	site.Handler = handlers.New(site.deps)
	priya.get("/referrals").want(http.StatusServiceUnavailable)
	for _, path := range []string{"/referrals.csv", "/referrals.bulk.csv"} {
		rows, err := csv.NewReader(strings.NewReader(priya.get(path).want(http.StatusOK).body)).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Errorf("%s has %d rows: %v", path, len(rows), err)
		}
	}
}
