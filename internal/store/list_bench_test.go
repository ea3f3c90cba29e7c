package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
)

// grow gives ana n referrals, written directly: as Microsoft lists them, one in seven connected,
// one in ten closed, of ten countries, a minute apart.
func (w *world) grow(b testing.TB, n int) {
	b.Helper()
	const insert = `
		WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO referrals (id, remote_id, owner_id, engagement_id, kind, draft_id, send_id, deal,
			name, customer, external_reference_id, country, deal_value, amount, currency,
			closing_date, status, substatus, etag, search, created_at, updated_at, sender_id,
			conn_state, team, fetched_at)
		SELECT 'id-' || i, 'remote-' || i, $2, 'engagement-' || i, 'own', '', '', '',
			'Deal ' || i, 'Customer ' || (i % 997), 'CRM-' || i, 'C' || (i % 10),
			CAST(i * 7 % 10007 AS TEXT), i * 7 % 10007, 'USD',
			'20' || (26 + i % 3) || '-' || (10 + i % 3) || '-' || (10 + i % 18),
			CASE WHEN i % 10 = 0 THEN 'Closed' WHEN i % 2 = 0 THEN 'Active' ELSE 'New' END,
			CASE WHEN i % 10 = 0 THEN 'Won' WHEN i % 2 = 0 THEN 'Accepted' ELSE 'Pending' END, '"e"',
			'deal ' || i || ' of the customer with a usual length' || '
' || 'customer ' || (i % 997) || '
' || 'crm-' || i || '
37ef26aa-1d15-4533-9f93-' || i || '
4111fffc-f9ee-4d53-bba6-' || i,
			$3 - i * 60000000, $3 - i * 60000000, '',
			CASE WHEN i % 7 = 0 THEN 'accepted' ELSE '' END,
			'priya.raman@northbridge.example
rep-' || (i % 50) || '@northbridge.example', $3
		FROM n`
	_, err := w.Writer().Exec(insert, n, w.ana.UserID, w.clock.Now().UnixMicro())
	if err == nil {
		_, err = w.Writer().Exec(map[bool]string{true: "VACUUM ANALYZE referrals",
			false: "ANALYZE referrals"}[w.Pool() != nil])
	}
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkList reads pages of lists of several lengths on both databases.
func BenchmarkList(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		for name, place := range map[string]string{
			"sqlite": filepath.Join(b.TempDir(), "tandem.db"), "postgres": pgtest.URL(b),
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				w := newWorld(b, place)
				w.grow(b, n)
				listPages(b, w)
			})
		}
	}
}

func listPages(b *testing.B, w *world) {
	for name, f := range map[string]referral.Filter{
		"first":      {},
		"last":       {Page: 1_000_000},
		"middle":     {Page: 3_500},
		"open":       {Status: "open"},
		"country":    {Country: "C3", Substatus: "Pending"},
		"recent":     {UpdatedSince: w.clock.Now().Add(-time.Hour)},
		"search":     {Query: "customer 99"},
		"nothing":    {Query: "no such customer"},
		"team":       {Team: "rep-7@"},
		"by-value":   {Sort: "value"},
		"by-name":    {Sort: "name", Ascending: true},
		"by-closing": {Sort: "closing", Ascending: true},
		"by-status":  {Sort: "status", Ascending: true},
	} {
		for who, c := range map[string]referral.Caller{"rep": w.ana, "admin": w.admin} {
			b.Run(name+"/"+who, func(b *testing.B) {
				for b.Loop() {
					must(w.Referrals(b.Context(), c, f))(b)
				}
			})
		}
	}
}
