package metrics_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/metrics"
)

// scrape returns the figures whose name begins with prefix, without the buckets of histograms.
func scrape(t *testing.T, m *metrics.Metrics, prefix string) map[string]float64 {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("scraping: status %d: %s", w.Code, w.Body)
	}
	out := map[string]float64{}
	for lines := bufio.NewScanner(w.Body); lines.Scan(); {
		line := lines.Text()
		if !strings.HasPrefix(line, prefix) || strings.Contains(line, "_bucket{") {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		out[line[:at]] = value
	}
	return out
}

func same(t *testing.T, want, got map[string]float64) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestRequest(t *testing.T) {
	m := metrics.New()
	m.Request("/drafts/:d", "GET", 200, 250*time.Millisecond)
	m.Request("/drafts/:d", "GET", 204, 500*time.Millisecond)
	m.Request("/drafts/:d", "POST", 303, time.Second)
	m.Request("", "BREW", 404, 2*time.Second)
	m.Request("", "GET", 0, 0)
	const name = "tandem_http_request_duration_seconds"
	same(t, map[string]float64{
		name + `_count{method="GET",route="/drafts/:d",status="2xx"}`:  2,
		name + `_sum{method="GET",route="/drafts/:d",status="2xx"}`:    0.75,
		name + `_count{method="POST",route="/drafts/:d",status="3xx"}`: 1,
		name + `_sum{method="POST",route="/drafts/:d",status="3xx"}`:   1,
		name + `_count{method="other",route="none",status="4xx"}`:      1,
		name + `_sum{method="other",route="none",status="4xx"}`:        2,
		name + `_count{method="GET",route="none",status="other"}`:      1,
		name + `_sum{method="GET",route="none",status="other"}`:        0,
	}, scrape(t, m, name))
}

func TestSendsAndRefreshes(t *testing.T) {
	m := metrics.New()
	m.SendReached("own", "queued")
	m.SendReached("own", "accepted")
	m.SendReached("own", "accepted")
	m.TokenRefreshed("done")
	got := scrape(t, m, "tandem_")
	same(t, map[string]float64{
		`tandem_sends_total{kind="own",state="accepted"}`: 2,
		`tandem_sends_total{kind="own",state="queued"}`:   1,
		`tandem_token_refreshes_total{result="done"}`:     1,
	}, got)
}

func TestRuntimeAndProcess(t *testing.T) {
	m := metrics.New()
	for _, name := range []string{"go_goroutines", "go_build_info",
		"process_resident_memory_bytes", "promhttp_metric_handler_errors_total"} {
		if len(scrape(t, m, name)) == 0 {
			t.Errorf("no %s", name)
		}
	}
}

func TestASecondHandlerServesTheSame(t *testing.T) {
	m := metrics.New()
	m.SendReached("own", "queued")
	m.Handler()
	if len(scrape(t, m, "tandem_sends_total")) != 1 {
		t.Error("a second handler serves something else")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTransport(t *testing.T) {
	const host = "https://api.example/v1.0/engagements/referrals"
	calls := []struct {
		method, url string
		status      int // zero means that no answer comes
	}{
		{"POST", host, 201},
		{"POST", host, 429},
		{"GET", host + "?$filter=name+eq+'Contoso'", 200},
		{"GET", host + "/4111fffc-f9ee-4d53-bba6-569135228642", 200},
		{"PATCH", host + "/4111fffc-f9ee-4d53-bba6-569135228642", 412},
		{"DELETE", host + "/4111fffc-f9ee-4d53-bba6-569135228642", 405},
		{"POST", host, 0},
	}
	synctest.Test(t, func(t *testing.T) {
		m := metrics.New()
		for _, call := range calls {
			client := http.Client{Transport: m.Transport(roundTripper(
				func(r *http.Request) (*http.Response, error) {
					time.Sleep(250 * time.Millisecond)
					if call.status == 0 {
						return nil, io.ErrUnexpectedEOF
					}
					return &http.Response{StatusCode: call.status, Body: http.NoBody, Request: r}, nil
				}))}
			req, err := http.NewRequestWithContext(t.Context(), call.method, call.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := client.Do(req)
			if call.status == 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("error %v", err)
			}
			if call.status != 0 && (err != nil || res.StatusCode != call.status) {
				t.Errorf("answer %v, %v", res, err)
			}
		}
		const count, sum = "tandem_api_call_duration_seconds_count",
			"tandem_api_call_duration_seconds_sum"
		want := map[string]float64{}
		for _, labels := range []string{`{operation="create",status="201"}`,
			`{operation="create",status="429"}`, `{operation="create",status="none"}`,
			`{operation="list",status="200"}`, `{operation="look-up",status="200"}`,
			`{operation="change",status="412"}`, `{operation="other",status="405"}`} {
			want[count+labels], want[sum+labels] = 1, 0.25
		}
		same(t, want, scrape(t, m, "tandem_api_call_duration_seconds"))
	})
}

func TestWatchQueue(t *testing.T) {
	m := metrics.New()
	states := map[string]int{"available": 3, "running": 1}
	depth := func(context.Context) (map[string]int, error) { return states, nil }
	if err := m.WatchQueue(depth); err != nil {
		t.Fatal(err)
	}
	if err := m.WatchQueue(depth); err == nil {
		t.Error("a second queue was taken")
	}
	same(t, map[string]float64{`tandem_queue_jobs{state="available"}`: 3,
		`tandem_queue_jobs{state="running"}`: 1}, scrape(t, m, "tandem_queue_jobs"))
	states = map[string]int{"available": 4}
	same(t, map[string]float64{`tandem_queue_jobs{state="available"}`: 4},
		scrape(t, m, "tandem_queue_jobs"))
}

// A queue that does not answer costs its own figure and two seconds, nothing else.
func TestWatchQueueThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := metrics.New()
		m.SendReached("own", "queued")
		err := m.WatchQueue(func(ctx context.Context) (map[string]int, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		same(t, map[string]float64{`tandem_sends_total{kind="own",state="queued"}`: 1},
			scrape(t, m, "tandem_"))
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("the scrape took %v", took)
		}
		failed := scrape(t, m, `promhttp_metric_handler_errors_total{cause="gathering"}`)
		for _, n := range failed {
			if n != 1 {
				t.Errorf("%v failed scrapes counted", n)
			}
		}
		if len(failed) != 1 {
			t.Error("failed scrapes are not counted")
		}
	})
}
