package jobs

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// Quiet is the queue's log.
func Quiet(log *slog.Logger) *slog.Logger { return quiet(log) }

// Enqueue adds one more job for a send, as two processes may do.
func (j *Jobs) Enqueue(ctx context.Context, sendID string) error {
	_, err := j.client.Insert(ctx, sendArgs{SendID: sendID}, nil)
	return err
}

// EnqueueChange is Enqueue for a change.
func (j *Jobs) EnqueueChange(ctx context.Context, id string) error {
	_, err := j.client.Insert(ctx, changeArgs{ChangeID: id}, nil)
	return err
}

// SubmitInPart does what Submit does up to the commit, and leaves that to what then returns.
func (j *Jobs) SubmitInPart(
	ctx context.Context, c referral.Caller, s referral.Send, then func() error,
) error {
	_, _, err := j.store.Queue(ctx, c, s, func(ctx context.Context, tx *sql.Tx, id string) error {
		return errors.Join(j.enqueue(ctx, tx, id), then())
	})
	return err
}

// SubmitReserved is SubmitBegun when no token is at hand.
func (j *Jobs) SubmitReserved(
	ctx context.Context, c referral.Caller, s referral.Send,
) (referral.Send, error) {
	sent, _, err := j.store.Queue(ctx, c, s, func(ctx context.Context, tx *sql.Tx, id string) error {
		_, err := j.hands.reserve(ctx, tx, id)
		return err
	})
	return sent, err
}

// SubmitBegun does what Submit does before the hand that it takes begins.
func (j *Jobs) SubmitBegun(
	ctx context.Context, c referral.Caller, s referral.Send,
) (referral.Send, error) {
	t, _, err := j.begin(ctx, c, s)
	return t.send, err
}

// SubmitHalted does what Submit does, and then between the commit and the request.
func (j *Jobs) SubmitHalted(
	ctx context.Context, c referral.Caller, s referral.Send, then func(),
) (referral.Send, error) {
	j.hands.take()
	t, _, err := j.begin(ctx, c, s)
	then()
	j.hands.give(t)
	return t.send, err
}

// JobsOf lists the jobs of a send that are in the queue's tables.
func (j *Jobs) JobsOf(ctx context.Context, sendID string) ([]*rivertype.JobRow, error) {
	listed, err := j.client.JobList(ctx,
		river.NewJobListParams().Kinds(sendArgs{}.Kind()).First(mostListed))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(listed.Jobs, func(row *rivertype.JobRow) bool {
		return !slices.Contains(argsIn([]*rivertype.JobRow{row}), river.JobArgs(sendArgs{SendID: sendID}))
	}), nil
}

// Sweep does at once what is done every minute.
func (j *Jobs) Sweep(ctx context.Context) error { return j.resume(ctx, liveJobs(), nobody) }

// Interpret says what a failed attempt comes to.
func Interpret(
	e *partnercenter.Error, send referral.Send,
) (referral.Outcome, referral.State) {
	v := interpret(e, send)
	return v.outcome, v.state
}

// Doubtful tells whether an attempt may have created the referral.
func Doubtful(a referral.Attempt) bool { return a.Doubtful() }

// Pulse is the queue's pulse.
type Pulse = pulse

// NewPulse returns that of a queue with so many workers.
func NewPulse(workers int) *Pulse { return &pulse{now: time.Now, workers: workers} }

// Look is a look for work.
func (p *pulse) Look() { p.beat() }

// Err says what is wrong.
func (p *pulse) Err() error { return p.err() }

// Work lets a worker do a job.
func (p *pulse) Work(job func()) {
	for _, plugin := range p.plugins() {
		if worker, ok := plugin.(rivertype.WorkerMiddleware); ok {
			_ = worker.Work(context.Background(), nil, func(context.Context) error {
				job()
				return nil
			})
		}
	}
}

// SweepRetention runs the job that takes away what was kept for long enough.
func (j *Jobs) SweepRetention(ctx context.Context) error {
	_, err := j.client.Insert(ctx, keepArgs{}, nil)
	return err
}

// NextSweep is when that job runs by itself.
func NextSweep(now time.Time) time.Time { return fullHours{}.Next(now) }
