package jobs_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/referral"
)

// BenchmarkCommitToFirstByte measures how long a committed send takes to reach the API: the time
// from Submit's return to the first byte at the simulator, as a median.
func BenchmarkCommitToFirstByte(b *testing.B) {
	k := newKit(b)
	k.start()
	var waits []time.Duration
	for b.Loop() {
		b.StopTimer()
		draft := k.draft()
		b.StartTimer()
		s := k.submit(draft)
		committed := time.Now()
		k.wait(s.ID, in(referral.Accepted))
		all := k.sim.Requests()
		waits = append(waits, all[len(all)-1].At.Sub(committed))
	}
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms/first-byte-median")
	b.ReportMetric(float64(waits[len(waits)*9/10].Microseconds())/1000, "ms/first-byte-p90")
}
