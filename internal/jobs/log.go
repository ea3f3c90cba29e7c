package jobs

import (
	"context"
	"log/slog"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// quiet keeps the queue's own chatter out of the log unless something is wrong.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(atLeastWarn{log.Handler()}) }

type atLeastWarn struct{ slog.Handler }

// Handle writes the record unless it only says that something was cut short, as every stop does.
func (h atLeastWarn) Handle(ctx context.Context, r slog.Record) error {
	canceled := false
	r.Attrs(func(a slog.Attr) bool {
		canceled = a.Value.String() == context.Canceled.Error()
		return !canceled
	})
	if canceled {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h atLeastWarn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// logAttempt writes the one line that has every id of an attempt, from the page's request to that of
// Microsoft's answer, and nothing of what was sent or answered.
func (s *sender) logAttempt(send referral.Send, r store.Result) {
	a, what := send.LastAttempt(), "send"
	if send.Kind == store.KindChange {
		what = "change"
	}
	s.log.Info("attempt ended", what, send.ID, "kind", send.Kind, "attempt", a.Number,
		"request_id", send.Origin.RequestID, "ms_request_id", a.RequestID,
		"client_request_id", a.CorrelationID,
		"microsoft_request_id", short(r.Attempt.Answer.Headers["request-id"]),
		"status", r.Attempt.Answer.Status, "outcome", r.Outcome.Kind, "state", r.State)
}

// longestID is how much of an id of Microsoft's is logged; theirs have 36 characters.
const longestID = 100

func short(id string) string { return id[:min(len(id), longestID)] }
