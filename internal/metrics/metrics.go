// Package metrics counts what the program does and serves the figures to Prometheus. Labels hold
// only what the program's own code names (routes, operations, states): never an id, an address or
// anything that somebody typed.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The bounds of one scrape.
const (
	scrapeTimeout = 10 * time.Second
	scrapesAtOnce = 4
)

// other stands in a label for everything that has no name here, so that there are few labels.
const other = "other"

// Metrics holds all figures of one program. It is safe for concurrent use. Make one with New.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	calls     *prometheus.HistogramVec
	sends     *prometheus.CounterVec
	refreshes *prometheus.CounterVec
	now       func() time.Time
}

// New returns figures that begin at zero, with those of the Go runtime and the process.
func New() *Metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	f := promauto.With(r)
	return &Metrics{
		registry: r,
		now:      time.Now,
		requests: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tandem_http_request_duration_seconds",
			Help: "Time to answer a request, by route, method and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10,
				30},
		}, []string{"route", "method", "status"}),
		calls: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tandem_api_call_duration_seconds",
			Help: "Time until the Partner Center API began to answer, by operation and status; " +
				"status none means that no answer came.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30},
		}, []string{"operation", "status"}),
		sends: f.NewCounterVec(prometheus.CounterOpts{
			Name: "tandem_sends_total",
			Help: "Sends and changes that came to a state, by kind and state.",
		}, []string{"kind", "state"}),
		refreshes: f.NewCounterVec(prometheus.CounterOpts{
			Name: "tandem_token_refreshes_total",
			Help: "Refreshes of delegated tokens, by result.",
		}, []string{"result"}),
	}
}

// Handler serves the figures without any sign-in: serve it where only the monitoring can reach it.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry:            m.registry,
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: scrapesAtOnce,
		Timeout:             scrapeTimeout,
	})
}

// Request counts an answered request. The route is its pattern, such as /drafts/:d, or empty when
// it has none.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, known(method), class(status)).Observe(took.Seconds())
}

// known replaces methods that a client made up, so that the number of labels is bounded.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return method
	}
	return other
}

// class is such as 4xx.
func class(status int) string {
	if status < 100 || status > 599 {
		return other
	}
	return strconv.Itoa(status/100) + "xx"
}

// SendReached counts a send, or a change, of the kind that came to the state. Both are names of the
// program's own.
func (m *Metrics) SendReached(kind, state string) { m.sends.WithLabelValues(kind, state).Inc() }

// TokenRefreshed counts a refresh of a delegated token. The result is a name of the program's own,
// such as done.
func (m *Metrics) TokenRefreshed(result string) { m.refreshes.WithLabelValues(result).Inc() }
