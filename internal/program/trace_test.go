package program

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	wire "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"tandem/internal/practice"
)

// spans is a collector: what it was sent.
type spans struct {
	*testing.T
	url string

	mu   sync.Mutex
	all  []*wire.Span
	told strings.Builder // all as text, less what chance or the clock makes
}

func newSpans(t *testing.T) *spans {
	t.Helper()
	c := &spans{T: t}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// ServeHTTP takes an export by OTLP over HTTP.
func (c *spans) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var got collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &got)
	}
	if err != nil || r.URL.Path != "/v1/traces" {
		c.Errorf("export to %s: %v", r.URL.Path, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range got.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				c.all = append(c.all, proto.CloneOf(s))
				s.TraceId, s.SpanId, s.ParentSpanId = nil, nil, nil
				s.StartTimeUnixNano, s.EndTimeUnixNano = 0, 0
			}
		}
	}
	c.told.WriteString(protojson.Format(&got))
}

// below returns the spans of a name below a span, nil meaning any.
func (c *spans) below(parent *wire.Span, name string) (out []*wire.Span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.all {
		if s.Name == name && (parent == nil || slices.Equal(s.ParentSpanId, parent.SpanId) &&
			slices.Equal(s.TraceId, parent.TraceId)) {
			out = append(out, s)
		}
	}
	return out
}

// attribute returns one of a span's, as text.
func attribute(s *wire.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return strings.TrimSpace(protojson.Format(a.Value))
		}
	}
	return ""
}

// traced runs the program in practice mode so that it sends its spans to the collector.
func (c *spans) traced(pairs ...string) *visitor {
	c.Helper()
	w := world{now: time.Now}
	pairs = append(pairs, "OTEL_EXPORTER_OTLP_ENDPOINT", c.url, "OTEL_BSP_SCHEDULE_DELAY", "50")
	for i := 0; i < len(pairs); i += 2 {
		c.Setenv(pairs[i], pairs[i+1]) // for OpenTelemetry's own reading
		w.environ = append(w.environ, pairs[i]+"="+pairs[i+1])
	}
	s := practiceProgram(c.T, w)
	v := newVisitor(c.T, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.answers = invented
	v.signIn()
	c.must(s.practice.Simulator().Fail(practice.Fault{Kind: practice.Token, Method: http.MethodPost}))
	return v
}

func (c *spans) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// TestTrace follows one trace from the page's request through the queue to both calls of a send
// whose first token is refused, another to that of a change, and finds nothing in them that
// somebody typed.
func TestTrace(t *testing.T) {
	c := newSpans(t)
	v := c.traced("OTEL_SERVICE_NAME", "tandem-test")
	v.fetch("/referrals?q=Zubrowka")
	v.changed(v.settled(v.submit()).ReferralID)
	var calls []*wire.Span
	v.eventually("the spans of the change", 10*time.Second, func() bool {
		for _, page := range c.below(nil, "POST /referrals/:r/edit/:section") {
			for _, job := range c.below(page, "change") {
				calls = c.below(job, "PATCH Partner Center")
			}
		}
		return len(calls) == 1
	})
	v.eventually("the spans", 10*time.Second, func() bool {
		for _, page := range c.below(nil, "POST /drafts/:d/send") {
			for _, job := range c.below(page, "send") {
				calls = c.below(job, "POST Partner Center")
			}
		}
		return len(calls) == 2
	})
	for i, status := range []string{`"401"`, `"201"`} {
		got := attribute(calls[i], "http.response.status_code")
		if !strings.Contains(got, status) || attribute(calls[i], "tandem.microsoft_request_id") == "" {
			t.Errorf("call %d: %v", i, calls[i].Attributes)
		}
	}
	if len(c.below(nil, "POST identity provider")) == 0 {
		t.Error("no span of the token's refresh")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, secret := range secrets() {
		if strings.Contains(c.told.String(), secret) {
			t.Errorf("the spans tell %q", secret)
		}
	}
	if !strings.Contains(c.told.String(), "tandem-test") {
		t.Error("the spans do not name the service")
	}
}

// TestTraceIsSampled sends nothing when the standard variable says so.
func TestTraceIsSampled(t *testing.T) {
	c := newSpans(t)
	t.Cleanup(func() { // when the program has stopped and sent its last spans
		if len(c.all) != 0 {
			t.Errorf("%d spans", len(c.all))
		}
	})
	v := c.traced("OTEL_TRACES_SAMPLER", "always_off")
	v.settled(v.submit())
}

// TestNoTrace traces nothing unless it is told where to.
func TestNoTrace(t *testing.T) {
	if s := practiceProgram(t, world{now: time.Now}); s.trace != nil {
		t.Error("something is traced")
	}
}

// TestTraceWithoutCollector works and stops as always when nobody takes the spans.
func TestTraceWithoutCollector(t *testing.T) {
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	c := &spans{T: t, url: down.URL}
	v := c.traced("OTEL_EXPORTER_OTLP_TIMEOUT", "100")
	v.settled(v.submit())
}
