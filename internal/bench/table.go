package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// line is an operation that was measured with both programs.
type line struct {
	name          string
	users         int
	tandem, limit result
	goal          string
}

// report is everything that was measured.
type report struct {
	database string
	replicas int
	lines    []line
	grown    grown
	// facts are about Tandem alone, a sentence each.
	facts []string
	// load is the machine's load average before and after.
	before, after string
}

// write writes the report in Markdown.
func (r report) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s, replicas: %d. %d processors, %s; load average before %s, after %s\n\n",
		r.database, r.replicas, runtime.NumCPU(),
		runtime.Version(), r.before, r.after)
	b.WriteString("| operation | users | Tandem /s | p50 ms | p99 ms | CPU ms | limit /s | p50 ms | " +
		"Tandem ÷ limit | goal |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n")
	for _, l := range r.lines {
		t, m := l.tandem, l.limit
		fmt.Fprintf(b, "| %s | %d | %.0f | %s | %s | %s | %.0f | %s | %s | %s |\n", l.name, l.users,
			t.rate(), ms(t.percentile(0.5)), ms(t.percentile(0.99)), ms(t.cost()), m.rate(),
			ms(m.percentile(0.5)), l.ratio(), l.goal)
	}
	b.WriteByte('\n')
	for _, f := range r.facts {
		b.WriteString("- " + f + "\n")
	}
	r.grown.write(b)
}

func (l line) ratio() string {
	if l.limit.rate() == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", l.tandem.rate()/l.limit.rate())
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }

// loadAverage is the machine's over the last minute.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
