package trace

import (
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Transport makes a span of each call that next makes; nil means http.DefaultTransport. It is named
// after whom it is to, such as "Partner Center", and changes neither requests nor answers: the
// other side learns nothing of the trace.
func (t *Tracer) Transport(next http.RoundTripper, whom string) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{t.tracer, next, whom}
}

type transport struct {
	tracer trace.Tracer
	next   http.RoundTripper
	whom   string
}

// RoundTrip makes the call. The span ends with the headers of the answer.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, span := t.tracer.Start(req.Context(), req.Method+" "+t.whom,
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String("http.request.method", req.Method),
			attribute.String("server.address", req.URL.Hostname())))
	defer span.End()
	note(span, "tandem.ms_request_id", req.Header.Get("MS-RequestId"))
	note(span, "tandem.client_request_id", req.Header.Get("client-request-id"))
	res, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		span.SetStatus(codes.Error, "")
		return res, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", res.StatusCode))
	note(span, "tandem.microsoft_request_id", res.Header.Get("request-id"))
	if res.StatusCode >= http.StatusBadRequest {
		span.SetStatus(codes.Error, "")
	}
	return res, nil
}

// longestID is how much of an id is noted; usual ones have 36 characters.
const longestID = 100

func note(span trace.Span, key, id string) {
	if id != "" {
		span.SetAttributes(attribute.String(key, id[:min(len(id), longestID)]))
	}
}
