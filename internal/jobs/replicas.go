package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/riverqueue/river/rivertype"

	"tandem/internal/referral"
)

// On PostgreSQL other replicas may be sending at any time, and any of them may die. Every
// watchEvery each looks for replicas whose heartbeats have stopped, and takes over their sends.
// Sends that this does not find are taken over when nothing has happened to them for longer than a
// call to Microsoft takes, by deadMargin.
const (
	watchEvery = time.Second
	deadMargin = 5 * time.Second
)

// sighting is the last new heartbeat of a replica, and when we saw it by our own clock.
type sighting struct {
	beats int64
	at    time.Time
}

// watch takes over what dead replicas left behind, until ctx ends.
func (j *Jobs) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	seen := map[string]sighting{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := errors.Join(j.lookAround(ctx, seen), j.adopt(ctx))
			if err != nil && ctx.Err() == nil {
				j.log.Warn("looking for sends without a worker", "error", err.Error())
			}
		}
	}
}

// lookAround takes over from the replicas whose heartbeats have stopped.
func (j *Jobs) lookAround(ctx context.Context, seen map[string]sighting) error {
	beats, err := j.store.Beats(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	maps.DeleteFunc(seen, func(id string, _ sighting) bool { _, there := beats[id]; return !there })
	var failed []error
	for id, n := range beats {
		last, known := seen[id]
		silent := now.Sub(last.at)
		switch {
		case !known || last.beats != n:
			seen[id] = sighting{n, now}
		case silent > deadAfter:
			lost := j.sender.now().Add(fenceAfter - silent)
			failed = append(failed, wrapped(j.takeOver(ctx, id, lost), "taking over from "+id))
		}
	}
	return errors.Join(failed...)
}

func wrapped(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// takeOver makes look-ups due for the unfinished attempts of a dead replica, whose calls had ended
// at the time lost, and adds new jobs for its other sends. Several replicas may do that at once.
func (j *Jobs) takeOver(ctx context.Context, replica string, lost time.Time) error {
	sends, changes, err := j.store.LeftBy(ctx, replica)
	if err != nil {
		return err
	}
	for _, id := range sends {
		err := j.abandoned(ctx, id, lost, func(a referral.Attempt) bool {
			return a.Replica == replica
		})
		if err != nil {
			return err
		}
	}
	for _, id := range changes {
		err := changer{j.sender}.interrupted(ctx, id, j.enqueueChange)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			return err
		}
	}
	if err := j.reassign(ctx, replica); err != nil {
		return err
	}
	j.log.Warn("took over from a replica that no longer tells that it lives", "replica", replica,
		"sends", len(sends), "changes", len(changes))
	return j.store.Bury(ctx, replica)
}

// reassign adds new jobs for the sends and changes of a dead replica's jobs, and for those that its
// hands carried out without one.
func (j *Jobs) reassign(ctx context.Context, replica string) error {
	held, err := j.store.HeldBy(ctx, replica)
	if err != nil {
		return err
	}
	listed, err := j.client.JobList(ctx, waitingJobs().States("running", "scheduled"))
	if err != nil {
		return fmt.Errorf("listing jobs: %w", err)
	}
	worker := workerOf(replica)
	dead := func(row *rivertype.JobRow) bool {
		if row.State == rivertype.JobStateRunning {
			by := row.AttemptedBy
			return len(by) > 0 && by[len(by)-1] == worker
		}
		return isReserve(row) && slices.Contains(row.Tags, worker)
	}
	left := slices.DeleteFunc(listed.Jobs, func(row *rivertype.JobRow) bool { return !dead(row) })
	return j.takeOn(ctx, append(argsOf(held), argsIn(left)...), liveJobs(), dead)
}

// adopt makes look-ups due for attempts that must have ended by now, and adds jobs for all else
// that has not moved on.
func (j *Jobs) adopt(ctx context.Context) error {
	dead := j.sender.now().Add(-j.sender.callTimeout - deadMargin)
	ids, err := j.store.Abandoned(ctx, dead)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := j.abandoned(ctx, id, time.Time{}, func(a referral.Attempt) bool {
			return a.StartedAt.Before(dead)
		})
		if err != nil {
			return err
		}
	}
	if ids, err = j.store.Overdue(ctx, dead); err != nil {
		return err
	}
	changes, err := j.overdueChanges(ctx, dead)
	if err != nil {
		return err
	}
	return j.takeOn(ctx, append(argsOf(ids), argsOfChanges(changes)...), liveJobs(),
		func(row *rivertype.JobRow) bool {
			return isReserve(row) || row.State == rivertype.JobStateRunning && row.AttemptedAt != nil &&
				row.AttemptedAt.Before(dead)
		})
}

// abandoned makes the look-up of the send's newest attempt due, if that is the one meant and no
// other replica was faster.
func (j *Jobs) abandoned(
	ctx context.Context, sendID string, lost time.Time, meant func(referral.Attempt) bool,
) error {
	send, err := j.store.Job(ctx, sendID)
	if err != nil || !meant(send.LastAttempt()) {
		return err
	}
	err = j.sender.interrupted(ctx, send, lost, j.enqueue)
	if errors.Is(err, referral.ErrConflict) {
		return nil
	}
	return wrapped(err, "settling abandoned send "+sendID)
}
