package metrics

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// depthTimeout is how long the queue may take to tell its depth.
const depthTimeout = 2 * time.Second

// Depth returns how many jobs the queue holds in each state. It must respect ctx.
type Depth func(ctx context.Context) (map[string]int, error)

// WatchQueue asks for the queue's depth at every scrape, for at most two seconds. A scrape at which
// the queue does not answer lacks this one figure. It fails when a queue is watched already.
func (m *Metrics) WatchQueue(depth Depth) error {
	q := &queue{depth: depth, timeout: depthTimeout, jobs: prometheus.NewDesc("tandem_queue_jobs",
		"Jobs in the queue, by state.", []string{"state"}, nil)}
	if err := m.registry.Register(q); err != nil {
		return fmt.Errorf("watching the queue: %w", err)
	}
	return nil
}

// queue is a collector that asks at scrape time.
type queue struct {
	depth   Depth
	timeout time.Duration
	jobs    *prometheus.Desc
}

// Describe names the one figure.
func (q *queue) Describe(out chan<- *prometheus.Desc) { out <- q.jobs }

// Collect asks for the depth.
func (q *queue) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), q.timeout)
	defer cancel()
	states, err := q.depth(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(q.jobs, fmt.Errorf("asking for the depth: %w", err))
		return
	}
	for state, n := range states {
		out <- gauge(q.jobs, n, state)
	}
}

func gauge(desc *prometheus.Desc, n int, label string) prometheus.Metric {
	m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, float64(n), label)
	if err != nil {
		return prometheus.NewInvalidMetric(desc, err)
	}
	return m
}
