package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/store"
)

// keepArgs is the job that deletes drafts and answers whose retention has passed.
type keepArgs struct{}

// Kind is the job's name in the queue's tables.
func (keepArgs) Kind() string { return "retention" }

// InsertOpts allows no retry: the next hourly run does what one did not get done.
func (keepArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

func everyHour() *river.PeriodicJob {
	return river.NewPeriodicJob(fullHours{},
		func() (river.JobArgs, *river.InsertOpts) { return keepArgs{}, nil }, nil)
}

// fullHours is a schedule by the clock, so that it also works where programs are restarted more
// often than every hour.
type fullHours struct{}

// Next returns the next full hour.
func (fullHours) Next(now time.Time) time.Time { return now.Truncate(time.Hour).Add(time.Hour) }

type keeper struct {
	river.WorkerDefaults[keepArgs]
	store *store.Store
	log   *slog.Logger
}

// Work deletes drafts that nobody touches any more and removes old answers of Microsoft.
func (w *keeper) Work(ctx context.Context, _ *river.Job[keepArgs]) error {
	drafts, err := w.store.DeleteUnused(ctx)
	answers, err2 := w.store.RemoveAnswers(ctx)
	if drafts+answers > 0 {
		w.log.Info("removed what was kept for long enough", "drafts", drafts, "answers", answers)
	}
	return errors.Join(err, err2)
}
