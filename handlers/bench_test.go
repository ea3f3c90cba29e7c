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
	bench.ReportAllocs()
	ctx, cancel := context.WithCancel(bench.Context()) // as a server's requests have it
	defer cancel()
	for bench.Loop() {
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

func BenchmarkListPage(b *testing.B) {
	rep := newSendSite(b).rep("Priya Raman", false)
	for i := range referral.PageSize {
		rep.deals(fmt.Sprintf("Deal %02d", i))
	}
	rep.repeat(b, "/referrals")
}
