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

// On PostgreSQL other replicas may be sending at any time, and any may die. Each looks every
// watchEvery which of the others no longer tells that it lives, and takes over what that one was at.
// Whatever escapes that is taken over because nothing happened to it for as long as a call to
// Microsoft takes and deadMargin more.
const (
	watchEvery = time.Second
	deadMargin = 5 * time.Second
)

// sighting is what was last heard of a replica, and when by our own clock.
type sighting struct {
	beats int64
	at    time.Time
}

// watch takes over what other replicas left behind until ctx ends.
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

// lookAround takes over from the replicas that have died since they were seen.
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

// takeOver has the attempts looked up that a dead replica was at, whose calls had ended at the given
// time, and gives its other jobs to whoever lives. Several replicas may do that at once.
func (j *Jobs) takeOver(ctx context.Context, replica string, lost time.Time) error {
	sends, changes, err := j.store.LeftBy(ctx, replica)
	if err != nil {
		return err
	}
	for _, id := range sends {
		err := j.abandoned(ctx, id, lost, func(a referral.Attempt) bool { return a.Replica == replica })
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

// reassign gives a new job to what the jobs of a dead replica were about, and to what it had in hand
// without one.
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

// adopt has the attempts looked up that nobody can be at any more, and takes on what else did not
// move.
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

// abandoned has an attempt looked up that is the one meant, unless another replica was faster.
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
