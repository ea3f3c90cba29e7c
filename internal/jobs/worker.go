package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/referral"
)

// sendArgs names the send that a job takes on to where it rests.
type sendArgs struct {
	SendID string `json:"send_id"`
}

// Kind is the job's name in the queue's tables.
func (sendArgs) Kind() string { return "send" }

type worker struct {
	river.WorkerDefaults[sendArgs]
	sender *sender
}

// Work takes the send on step by step until it rests. What has to wait is snoozed, which does not
// count as an attempt of the job; an error of the store's makes the queue run the job again, and
// the state that is stored then decides anew what may be done.
func (w *worker) Work(ctx context.Context, job *river.Job[sendArgs]) error {
	for {
		s, err := w.sender.store.Job(ctx, job.Args.SendID)
		if errors.Is(err, referral.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		wait, rests, err := w.sender.step(ctx, s)
		switch {
		case errors.Is(err, referral.ErrConflict):
			return nil // another job has the send
		case err != nil:
			return err
		case rests:
			return nil
		case wait > 0:
			return river.JobSnooze(wait)
		}
	}
}

// step does the one thing that the state asks for. It returns how long to wait before the next
// step, and whether the send rests.
func (s *sender) step(
	ctx context.Context, send referral.Send,
) (wait time.Duration, rests bool, err error) {
	switch send.State {
	case referral.Waiting:
		if left := send.WaitUntil.Sub(s.now()); left > 0 {
			return left, false, nil
		}
		return 0, false, s.attempt(ctx, send)
	case referral.Queued:
		return 0, false, s.attempt(ctx, send)
	case referral.Sending:
		return 0, false, s.interrupted(ctx, send.ID)
	case referral.Unknown:
		if send.Outcome.Kind == referral.OutcomeUnknown {
			wait, err := s.lookUp(ctx, send)
			return wait, false, err
		}
	}
	return 0, true, nil
}
