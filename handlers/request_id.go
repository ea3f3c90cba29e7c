package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// RequestID returns the id of the request that ctx belongs to, or "" outside of one. It is what the
// answer carries as X-Request-Id and error pages show.
func RequestID(ctx context.Context) string {
	return referral.OriginOf(ctx).RequestID
}

// Tracer makes a span of every request. See package trace.
type Tracer interface {
	// Request returns the context to answer the request in, the span's traceparent, and what to
	// call once it was answered.
	Request(
		r *http.Request,
	) (ctx context.Context, parent string, end func(route string, status int))
}

// requestID gives every request an id that people can quote and that is in the log. Ids sent by
// clients are ignored.
func requestID(t Tracer) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			from := referral.Origin{RequestID: uuid.NewString()}
			c.Response().Header().Set(echo.HeaderXRequestID, from.RequestID)
			ctx := c.Request().Context()
			if t != nil {
				var end func(string, int)
				ctx, from.Trace, end = t.Request(c.Request())
				defer func() { end(c.Path(), c.Response().Status) }()
			}
			c.SetRequest(c.Request().WithContext(referral.WithOrigin(ctx, from)))
			return next(c)
		}
	}
}

// traceOf is the id of the trace that a traceparent names: 00-TRACE-SPAN-FLAGS.
func traceOf(parent string) string {
	_, rest, _ := strings.Cut(parent, "-")
	id, _, _ := strings.Cut(rest, "-")
	return id
}

// tracedLog adds the request's id, and that of its trace if there is one, to every line that is
// logged with its context.
type tracedLog struct{ slog.Handler }

func (h tracedLog) Handle(ctx context.Context, r slog.Record) error {
	from := referral.OriginOf(ctx)
	if from.RequestID != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request_id", from.RequestID))
	}
	if from.Trace != "" {
		r.AddAttrs(slog.String("trace_id", traceOf(from.Trace)))
	}
	return h.Handler.Handle(ctx, r)
}

func (h tracedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return tracedLog{h.Handler.WithAttrs(attrs)}
}

func (h tracedLog) WithGroup(name string) slog.Handler {
	return tracedLog{h.Handler.WithGroup(name)}
}

// tracedSender logs which request did what to which send, so that the id on a page leads to the
// send, and the send to its attempts and Microsoft's ids.
type tracedSender struct {
	Sender
	log *slog.Logger
}

func (t tracedSender) Submit(
	ctx context.Context, c referral.Caller, s referral.Send,
) (referral.Send, error) {
	out, err := t.Sender.Submit(ctx, c, s)
	return out, t.asked(ctx, "submit", out.ID, err)
}

func (t tracedSender) LookUp(ctx context.Context, c referral.Caller, sendID string) error {
	return t.asked(ctx, "look up", sendID, t.Sender.LookUp(ctx, c, sendID))
}

func (t tracedSender) Again(ctx context.Context, c referral.Caller, sendID string) error {
	return t.asked(ctx, "again", sendID, t.Sender.Again(ctx, c, sendID))
}

// asked logs what was done and returns err.
func (t tracedSender) asked(ctx context.Context, action, sendID string, err error) error {
	if err == nil {
		t.log.InfoContext(ctx, "send asked for", "action", action, "send", sendID)
	}
	return err
}
