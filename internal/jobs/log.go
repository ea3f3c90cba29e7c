package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// sayAgain is after how long the same message of the queue is logged again: without its database
// the queue fails many times a second.
const sayAgain = 10 * time.Second

// quiet returns a logger for the queue that leaves out everything below warnings.
func quiet(log *slog.Logger) *slog.Logger {
	return slog.New(atLeastWarn{log.Handler(), &said{at: map[string]time.Time{}}})
}

type atLeastWarn struct {
	slog.Handler
	said *said
}

// said remembers which messages were logged when.
type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

// lately tells whether the same message was logged within sayAgain, and remembers this one.
func (s *said) lately(r slog.Record) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.at[r.Message]; ok && r.Time.Sub(at) < sayAgain {
		return true
	}
	s.at[r.Message] = r.Time
	return false
}

// Handle writes the record. It leaves out those about a cancelled context, which come with every
// stop, and repetitions of what is not about a job.
func (h atLeastWarn) Handle(ctx context.Context, r slog.Record) error {
	canceled, job := false, false
	r.Attrs(func(a slog.Attr) bool {
		canceled = a.Value.String() == context.Canceled.Error()
		job = job || a.Key == "job_id"
		return !canceled
	})
	if canceled || !job && h.said.lately(r) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h atLeastWarn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// logAttempt logs an attempt with all its ids, from the page's request to Microsoft's answer, and
// nothing of what was sent or answered.
func (s *sender) logAttempt(send referral.Send, r store.Result) {
	a := send.LastAttempt()
	s.log.Info("attempt ended", append(about(send), "attempt", a.Number, "ms_request_id", a.RequestID,
		"client_request_id", a.CorrelationID,
		"microsoft_request_id", short(r.Attempt.Answer.Headers["request-id"]),
		"status", r.Attempt.Answer.Status, "outcome", r.Outcome.Kind, "state", r.State)...)
}

// about returns the attributes that identify a send or change in each line.
func about(send referral.Send) []any {
	what := "send"
	if send.Kind == store.KindChange {
		what = "change"
	}
	return []any{what, send.ID, "kind", send.Kind, "request_id", send.Origin.RequestID}
}

// logSettled logs that a send reached a state without an answer to an attempt: by a look-up, or
// because there was no token.
func (s *sender) logSettled(send referral.Send, o referral.Outcome, to referral.State) {
	s.log.Info("settled without an answer",
		append(about(send), "outcome", o.Kind, "status", o.Status, "state", to)...)
}

// logNoToken logs why there was no token. That a person has to sign in is normal; any other reason
// is a fault of the provider, the database or the settings.
func (s *sender) logNoToken(send referral.Send, err error) {
	level := slog.LevelWarn
	var signIn *SignInError
	if errors.As(err, &signIn) {
		level, err = slog.LevelInfo, cmp.Or(signIn.Err, err)
	}
	s.log.Log(context.Background(), level, "no token", append(about(send), "error", err.Error())...)
}

// longestID is how much of one of Microsoft's ids is logged. They usually have 36 characters.
const longestID = 100

func short(id string) string { return id[:min(len(id), longestID)] }
