package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/referral"
)

// sendArgs names the send that a job advances until it rests.
type sendArgs struct {
	SendID string `json:"send_id"`
}

// Kind is the job's name in the queue's tables.
func (sendArgs) Kind() string { return "send" }

// A job that fails is run again this many times, soon at first, for about four minutes in all.
const (
	maxRuns      = 12
	longestPause = 30 * time.Second
)

// InsertOpts bounds how often a job that fails is run.
func (sendArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: maxRuns} }

// longestSnooze is after how long a waiting job checks whether it still has to wait.
const longestSnooze = 15 * time.Minute

// conflictPause is how long a job waits when something else has changed its send at the same time.
const conflictPause = time.Second

type worker struct {
	river.WorkerDefaults[sendArgs]
	sender *sender
	log    *slog.Logger
}

// NextRetry is when a job that failed runs again. It uses the queue's clock.
func (w *worker) NextRetry(job *river.Job[sendArgs]) time.Time { return nextRetry(job.Attempt) }

func nextRetry(attempt int) time.Time {
	pause := time.Duration(attempt*attempt) * time.Second
	return time.Now().Add(min(pause, longestPause))
}

// Work advances the send until it rests. A send that has to wait snoozes the job, which does not
// count as a failure. After an error the queue runs the job again, and the state that is stored by
// then decides what may be done. When the job has failed for the last time, the send is given up.
func (w *worker) Work(ctx context.Context, job *river.Job[sendArgs]) error {
	wait, err := w.advance(ctx, job.Args.SendID, nil)
	switch {
	case err == nil && wait > 0:
		return river.JobSnooze(min(wait, longestSnooze))
	case err != nil && job.Attempt >= job.MaxAttempts:
		return errors.Join(err, w.sender.giveUp(ctx, job.Args.SendID))
	}
	return err
}

var errPanic = errors.New("the worker panicked")

// advance advances the send step by step. It returns how long to wait before going on, or zero when
// the send rests. If first is not nil, it is the first step, for a send that was just stored.
func (w *worker) advance(
	ctx context.Context, sendID string, first step,
) (time.Duration, error) {
	return advance(w.log, "send "+sendID, func() (time.Duration, bool, error) {
		if do := first; do != nil {
			first = nil
			return do()
		}
		send, err := w.sender.store.Job(ctx, sendID)
		if errors.Is(err, referral.ErrNotFound) {
			return 0, true, nil
		}
		if err != nil {
			return 0, false, err
		}
		return w.step(ctx, send)
	})
}

// step advances something. It returns how long to wait before the next step, and whether it rests.
type step func() (wait time.Duration, rests bool, err error)

// begun carries out the first attempt, with which the send was stored.
func (w *worker) begun(ctx context.Context, t inHand) (time.Duration, bool, error) {
	return w.sender.traced(ctx, t.send, "send", func(
		ctx context.Context,
	) (time.Duration, bool, error) {
		rests, err := w.sender.begun(ctx, t)
		return 0, rests, err
	})
}

func (w *worker) step(ctx context.Context, send referral.Send) (time.Duration, bool, error) {
	return w.sender.traced(ctx, send, w.sender.work(send), func(
		ctx context.Context,
	) (time.Duration, bool, error) {
		return w.sender.step(ctx, send)
	})
}

// advance makes steps until what they advance rests or has to wait. It waits for a moment when
// something else has changed it at the same time. A panic becomes an error.
func advance(
	log *slog.Logger, what string, next step,
) (wait time.Duration, err error) {
	defer func() {
		if r := recover(); r != nil {
			log.Error("panic", "in", what, "value", r, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	for rests := false; !rests && wait == 0; {
		wait, rests, err = next()
		if errors.Is(err, referral.ErrConflict) {
			return conflictPause, nil
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", what, err)
		}
	}
	return wait, nil
}

// step does what the send's state requires. It returns how long to wait before the next step, and
// whether the send rests.
func (s *sender) step(
	ctx context.Context, send referral.Send,
) (wait time.Duration, rests bool, err error) {
	switch send.State {
	case referral.Waiting:
		if left := send.WaitUntil.Sub(s.now()); left > 0 {
			return left, false, nil
		}
		rests, err := s.attempt(ctx, send)
		return 0, rests, err
	case referral.Queued:
		rests, err := s.attempt(ctx, send)
		return 0, rests, err
	case referral.Sending:
		if left := s.grace(send); left > 0 {
			return min(left, lookUpEvery), false, nil
		}
		return 0, false, s.interrupted(ctx, send, time.Time{}, nil)
	case referral.Unknown:
		if send.LookingUp() {
			wait, err := s.lookUp(ctx, send)
			return wait, false, err
		}
	}
	return 0, true, nil
}
