package metrics

import (
	"net/http"
	"strconv"
	"strings"
)

// Transport counts and times the calls of the Partner Center API that next makes; nil means
// http.DefaultTransport. It changes neither requests nor answers.
func (m *Metrics) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &transport{metrics: m, next: next}
}

type transport struct {
	metrics *Metrics
	next    http.RoundTripper
}

// RoundTrip makes the call. The time counted ends with the headers of the answer.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	operation, began := operationOf(req), t.metrics.now()
	res, err := t.next.RoundTrip(req)
	status := "none"
	if err == nil {
		status = strconv.Itoa(res.StatusCode)
	}
	took := t.metrics.now().Sub(began).Seconds()
	t.metrics.calls.WithLabelValues(operation, status).Observe(took)
	return res, err
}

// collection is where the path of the referrals ends when it names none of them.
const collection = "/engagements/referrals"

// operationOf names a call by its method and by whether it is about one referral or all.
func operationOf(req *http.Request) string {
	all := strings.HasSuffix(strings.TrimSuffix(req.URL.Path, "/"), collection)
	switch {
	case req.Method == http.MethodPost && all:
		return "create"
	case req.Method == http.MethodGet && all:
		return "list"
	case req.Method == http.MethodGet:
		return "look-up"
	case req.Method == http.MethodPatch || req.Method == http.MethodPut:
		return "change"
	}
	return other
}
