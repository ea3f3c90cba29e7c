package referral

import "context"

// Origin is the page request that work comes from. It ties the request id that people quote to the
// calls to Microsoft, which may happen long after the request was answered.
type Origin struct {
	// RequestID is what the page's answer carries as X-Request-Id.
	RequestID string
	// Trace is the request's place in a distributed trace, as W3C's traceparent; empty without one.
	Trace string
}

type originKey struct{}

// WithOrigin returns a context whose work comes from o.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// OriginOf returns where the context's work comes from; zero when from no page.
func OriginOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}
