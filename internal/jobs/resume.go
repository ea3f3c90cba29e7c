package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/referral"
)

// resumeEvery is how long a send can be without a job before it is given one.
const resumeEvery = time.Minute

// mostListed is how many jobs the queue lists at once. When there are that many, none are added.
const mostListed = 10_000

// recover takes over what a dead process left behind: attempts that it began become Unknown and are
// looked up, and everything else that was under way gets a job. A process that is still stopping
// can still record the answer of its attempt. If there is none, all calls have ended by now.
func (j *Jobs) recover(ctx context.Context) error {
	var lost time.Time
	leave, alone := j.store.Alone(ctx)
	switch j.unlease = func() { _ = leave() }; {
	case alone:
		lost = j.sender.now()
	case j.store.Pool() == nil:
		j.log.Warn("another process works with the same SQLite file")
	}
	ids, err := j.store.Interrupted(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := j.sender.interrupted(ctx, referral.Send{ID: id}, lost, j.enqueue)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			return fmt.Errorf("settling interrupted send %s: %w", id, err)
		}
	}
	if err := j.recoverChanges(ctx); err != nil {
		return err
	}
	return j.resume(ctx, waitingJobs(), isReserve)
}

// waitingJobs selects jobs that have not begun to run.
func waitingJobs() *river.JobListParams {
	return river.NewJobListParams().
		Kinds(sendArgs{}.Kind(), changeArgs{}.Kind()).First(mostListed).
		States("available", "pending", "retryable", "scheduled")
}

// liveJobs selects jobs that run or will run. A job whose process died counts as running until the
// queue rescues it.
func liveJobs() *river.JobListParams {
	return waitingJobs().States("available", "pending", "retryable", "scheduled", "running")
}

// resume adds a job for every send that must move on and has none among the given jobs. Jobs for
// which dead is true do not count. A job too many does no harm.
func (j *Jobs) resume(
	ctx context.Context, jobs *river.JobListParams, dead func(*rivertype.JobRow) bool,
) error {
	ids, err := j.store.Unfinished(ctx)
	if err != nil {
		return err
	}
	changes, err := j.store.UnfinishedChanges(ctx)
	if err != nil {
		return err
	}
	return j.takeOn(ctx, append(argsOf(ids), argsOfChanges(changes)...), jobs, dead)
}

func argsOf(sendIDs []string) []river.JobArgs {
	var all []river.JobArgs
	for _, id := range sendIDs {
		all = append(all, sendArgs{SendID: id})
	}
	return all
}

// takeOn adds jobs for the sends and changes that have none among the given jobs. Jobs for which
// dead is true do not count, nor do those that are farOff.
func (j *Jobs) takeOn(
	ctx context.Context, due []river.JobArgs, jobs *river.JobListParams,
	dead func(*rivertype.JobRow) bool,
) error {
	if len(due) == 0 {
		return nil
	}
	listed, err := j.client.JobList(ctx, jobs)
	if err != nil {
		return fmt.Errorf("listing jobs: %w", err)
	}
	if len(listed.Jobs) == mostListed {
		return nil
	}
	has := argsIn(slices.DeleteFunc(listed.Jobs, func(row *rivertype.JobRow) bool {
		return dead(row) || farOff(row)
	}))
	for _, args := range due {
		if slices.Contains(has, args) {
			continue
		}
		if _, err := j.client.Insert(ctx, args, nil); err != nil {
			return fmt.Errorf("queueing %v: %w", args, err)
		}
		has = append(has, args)
	}
	return nil
}

// farOff tells whether a job is due later than any is put off: the clock was set back since.
func farOff(row *rivertype.JobRow) bool {
	return row.ScheduledAt.After(time.Now().Add(2 * longestSnooze))
}

// nobody is a dead function for when every job's worker is alive.
func nobody(*rivertype.JobRow) bool { return false }

// argsIn decodes the arguments of jobs.
func argsIn(rows []*rivertype.JobRow) []river.JobArgs {
	var all []river.JobArgs
	for _, row := range rows {
		var send sendArgs
		var change changeArgs
		switch {
		case row.Kind == change.Kind() && json.Unmarshal(row.EncodedArgs, &change) == nil:
			all = append(all, change)
		case row.Kind == send.Kind() && json.Unmarshal(row.EncodedArgs, &send) == nil:
			all = append(all, send)
		}
	}
	return all
}

// sweepArgs is the job that looks for sends whose own job was lost.
type sweepArgs struct{}

// Kind is the job's name in the queue's tables.
func (sweepArgs) Kind() string { return "sweep" }

// InsertOpts leaves a sweep that failed to the next one.
func (sweepArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

func everyMinute() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(resumeEvery),
		func() (river.JobArgs, *river.InsertOpts) { return sweepArgs{}, nil }, nil)
}

type sweeper struct {
	river.WorkerDefaults[sweepArgs]
	jobs *Jobs
}

// Work adds a job for every send that lost its own.
func (w *sweeper) Work(ctx context.Context, _ *river.Job[sweepArgs]) error {
	return w.jobs.resume(ctx, liveJobs(), nobody)
}
