package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
)

// BenchmarkExport streams files of lists of several lengths. Beside what is allocated in all it
// tells the most memory that is in use for it at once: of the whole list only the ids are held.
func BenchmarkExport(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		rep := newSendSite(b).rep("Priya Raman", false)
		rep.grow(b, n)
		for _, path := range []string{"/referrals.csv", "/referrals.bulk.csv"} {
			b.Run(fmt.Sprintf("%s/%d", path[len("/referrals."):], n), func(b *testing.B) {
				rep.export(b, path, n)
			})
		}
	}
}

// grow gives the person n referrals that are all alike.
func (p *rep) grow(b *testing.B, n int) {
	_, id := p.sent(contoso())
	const numbers = `WITH RECURSIVE n (i) AS (
		SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
	for _, insert := range []string{numbers + `
		INSERT INTO referrals (id, remote_id, owner_id, engagement_id, kind, draft_id, send_id, deal,
			name, customer, external_reference_id, country, deal_value, amount, currency,
			closing_date, status, substatus, etag, search, created_at, updated_at, sender_id,
			conn_state, team, fetched_at)
		SELECT 'id-' || i, 'remote-' || i, r.owner_id, 'engagement-' || i, 'own', '', '', '',
			r.name || i, r.customer, 'CRM-' || i, r.country, r.deal_value, r.amount, r.currency,
			r.closing_date, r.status, r.substatus, r.etag, r.search, i, i, '', '', r.team, 0
		FROM n, referrals r WHERE r.id = $2`, numbers + `
		INSERT INTO referral_answers (referral_id, raw)
		SELECT 'id-' || i, a.raw FROM n, referral_answers a WHERE a.referral_id = $2`} {
		if _, err := p.site.Writer().Exec(insert, n-1, id); err != nil {
			b.Fatal(err)
		}
	}
}

// export asks for the file over and over.
func (p *rep) export(b *testing.B, path string, lines int) {
	b.ReportAllocs()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var most uint64
	for b.Loop() {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		r.AddCookie(p.cookie)
		w := &watched{header: http.Header{}}
		w.before = w.heap()
		p.site.ServeHTTP(w, r)
		if w.lines != lines+1 {
			b.Fatalf("%d lines of %d", w.lines, lines+1)
		}
		b.SetBytes(int64(w.bytes))
		most = max(most, w.most)
	}
	b.ReportMetric(float64(most)/(1<<20), "peak-MB")
}

// watched counts what is written, and looks now and then at how much memory is in use.
type watched struct {
	header       http.Header
	lines, bytes int
	looked       int
	before, most uint64
}

func (w *watched) Header() http.Header { return w.header }

func (w *watched) WriteHeader(int) {}

func (w *watched) Write(p []byte) (int, error) {
	for _, c := range p {
		if c == '\n' {
			w.lines++
		}
	}
	if w.bytes += len(p); w.bytes > w.looked+1<<20 {
		w.looked = w.bytes
		if heap := w.heap(); heap > w.before {
			w.most = max(w.most, heap-w.before)
		}
	}
	return len(p), nil
}

func (w *watched) heap() uint64 {
	if w.bytes == 0 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
