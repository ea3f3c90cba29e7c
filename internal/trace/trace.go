// Package trace tells an OpenTelemetry collector what happened when: the page's request, the send
// that it asked for, the calls of that send to Microsoft. The standard variables OTEL_* say where
// to, how much and under which name; without them nothing is traced.
//
// Spans hold routes, states, statuses and ids. They hold no URL, no query, and nothing that
// somebody typed.
package trace

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer makes spans and sends them in the background. Make one with New.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	format   propagation.TraceContext
}

// New returns a Tracer configured by the process's OTEL_* variables. Errors in sending spans later
// are passed to failed.
func New(ctx context.Context, failed func(error)) (*Tracer, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("making the exporter of spans: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "tandem")), resource.WithFromEnv())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("describing the program: %w", err), exporter.Shutdown(ctx))
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(failed))
	p := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	return &Tracer{provider: p, tracer: p.Tracer("tandem")}, nil
}

// Close sends what was not sent yet, at the latest until ctx ends.
func (t *Tracer) Close(ctx context.Context) error {
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("sending the last spans: %w", err)
	}
	return nil
}

// Request begins the span of a page's request. It returns the context to answer it in, the span's
// traceparent, and what to call once it was answered, with the pattern of the route. The span
// begins a trace of its own and only links to the one that the client names, whom nobody knows.
func (t *Tracer) Request(
	r *http.Request,
) (ctx context.Context, parent string, end func(route string, status int)) {
	theirs := t.format.Extract(context.Background(), propagation.HeaderCarrier(r.Header))
	method := known(r.Method)
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer), trace.WithNewRoot(),
		trace.WithAttributes(attribute.String("http.request.method", method))}
	if named := trace.SpanContextFromContext(theirs); named.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: named}))
	}
	ctx, span := t.tracer.Start(r.Context(), method, options...)
	return ctx, t.parent(ctx), func(route string, status int) {
		span.SetName(method + " " + route)
		span.SetAttributes(attribute.String("http.route", route),
			attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// known replaces methods that a client made up, so that the number of names is bounded.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return "_OTHER"
}

func (t *Tracer) parent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	t.format.Inject(ctx, carrier)
	return carrier.Get("traceparent")
}

// Work begins the span of what a job does for a send, below the span that parent, a traceparent,
// names; the first of its trace when that is empty. The returned function ends it.
func (t *Tracer) Work(
	ctx context.Context, parent, what, sendID string,
) (context.Context, func(error)) {
	ctx = t.format.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	ctx, span := t.tracer.Start(ctx, what, trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("tandem.send.id", sendID)))
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}
