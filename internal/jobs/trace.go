package jobs

import (
	"context"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// Tracer makes spans of what the jobs do. See package trace.
type Tracer interface {
	// Work begins a span below the one that parent, a traceparent, names. The returned function
	// ends it.
	Work(ctx context.Context, parent, what, sendID string) (context.Context, func(error))
}

// traced runs a step of a send, or of a change as a send, inside a span named what. There is no
// span when what is empty or nothing is traced.
func (s *sender) traced(
	ctx context.Context, send referral.Send, what string,
	step func(context.Context) (time.Duration, bool, error),
) (wait time.Duration, rests bool, err error) {
	if s.trace == nil || what == "" {
		return step(ctx)
	}
	ctx, end := s.trace.Work(ctx, send.Origin.Trace, what, send.ID)
	defer func() { end(err) }()
	return step(ctx)
}

// work names what the next step does, empty when it only waits or rests.
func (s *sender) work(send referral.Send) string {
	switch {
	case send.State == referral.Queued,
		send.State == referral.Waiting && !send.WaitUntil.After(s.now()):
		if send.Kind == store.KindChange {
			return "change"
		}
		return "send"
	case send.LookingUp():
		return "look up"
	}
	return ""
}
