package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"tandem/internal/referral"
)

// repeat asks for a page through all that a request passes, from the session to the last byte.
func (b *browser) repeat(bench *testing.B, path string) {
	b.repeatAfter(bench, path, nil)
}

// repeatAfter is repeat with something before each request that is not counted, nil for nothing.
func (b *browser) repeatAfter(bench *testing.B, path string, before func()) {
	bench.ReportAllocs()
	ctx, cancel := context.WithCancel(bench.Context()) // as a server's requests have it
	defer cancel()
	for bench.Loop() {
		if before != nil {
			bench.StopTimer()
			before()
			bench.StartTimer()
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		r.AddCookie(b.cookie)
		w := httptest.NewRecorder()
		b.site.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			bench.Fatalf("%s: %d", path, w.Code)
		}
		bench.SetBytes(int64(w.Body.Len()))
	}
}

func BenchmarkStepPage(b *testing.B) {
	rep, id := draftOf(b, referral.CoSell)
	rep.repeat(b, "/drafts/"+id+"/customer")
}

// BenchmarkPreferences draws the longest lists.
func BenchmarkPreferences(b *testing.B) {
	rep, _ := draftOf(b, referral.CoSell)
	rep.repeat(b, "/preferences")
}

// BenchmarkListPage looks at a list in which nothing changes.
func BenchmarkListPage(b *testing.B) { fullList(b).repeat(b, "/referrals") }

// BenchmarkListPageChanged looks at a list in which a referral was changed since the last look.
func BenchmarkListPageChanged(b *testing.B) {
	rep := fullList(b)
	rep.repeatAfter(b, "/referrals", func() {
		_, err := rep.site.Writer().Exec(`UPDATE referrals SET updated_at = updated_at + 1
			WHERE id = (SELECT max(id) FROM referrals)`)
		if err != nil {
			b.Fatal(err)
		}
	})
}

// fullList is a rep with a page of referrals.
func fullList(b *testing.B) *rep {
	rep := newSendSite(b).rep("Priya Raman", false)
	for i := range referral.PageSize {
		rep.deals(fmt.Sprintf("Deal %02d", i))
	}
	return rep
}
