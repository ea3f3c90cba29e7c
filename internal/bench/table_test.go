package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func results(n int, elapsed time.Duration) (r result) {
	r.elapsed, r.cpu = elapsed, time.Duration(n)*time.Millisecond/2
	for i := range n {
		r.times = append(r.times, time.Duration(i+1)*time.Millisecond)
	}
	return r
}

func TestReport(t *testing.T) {
	r := report{before: "0.10", after: "2.00", facts: []string{"Ready at once."},
		lines: []line{
			{name: "page", users: 16, goal: "fast", tandem: results(100, time.Second),
				limit: results(400, 2*time.Second)},
			{name: "alone", users: 1, tandem: results(10, time.Second)},
		}}
	var out bytes.Buffer
	r.write(&out)
	for _, want := range []string{
		"load average before 0.10, after 2.00\n",
		"| page | 16 | 100 | 51.00 | 100.00 | 0.50 | 200 | 201.00 | 0.50 | fast |\n",
		"| alone | 1 | 10 | 6.00 | 10.00 | 0.50 | 0 | 0.00 | – |  |\n",
		"\n- Ready at once.\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &out)
		}
	}
}

func TestNothingMeasured(t *testing.T) {
	var r result
	if r.rate() != 0 || r.percentile(0.5) != 0 || r.cost() != 0 {
		t.Errorf("rate %v, median %v, cost %v", r.rate(), r.percentile(0.5), r.cost())
	}
}

func TestLoadCountsFailures(t *testing.T) {
	broken := errors.New("broken")
	r := load(t.Context(), 3, 0, func(_ context.Context, user int) error {
		if user == 1 {
			return broken
		}
		return nil
	})
	if len(r.times) != 2 || r.failed != 1 || !errors.Is(r.err, broken) {
		t.Errorf("%d done, %d failed, %v", len(r.times), r.failed, r.err)
	}
}

func TestUsageOfAProcess(t *testing.T) {
	const stat = "42 (a name) with) S 1 42 42 0 -1 4194560 1 0 0 0 150 50 7 7 20 0 9 0 1 1000 300 1"
	u, err := parseUsage(stat, 4096)
	if err != nil || u.cpu != 2*time.Second || u.memory != 300*4096 {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := parseUsage("42 (a) S 1", 4096); err == nil {
		t.Error("a short line is read")
	}
}

func TestHiddenFields(t *testing.T) {
	got := hiddenFields(`<input type="hidden" name="rev" value="a&amp;b"/><input name="x" value="y">`)
	if len(got) != 1 || got.Get("rev") != "a&b" {
		t.Errorf("fields %v", got)
	}
}
