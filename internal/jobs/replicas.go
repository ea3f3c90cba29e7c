package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tandem/internal/referral"
)

// On PostgreSQL other replicas may be sending at any time, and any may die. Each looks every
// watchEvery for what another must have left behind, because nothing happened to it for as long as a
// call to Microsoft takes and deadMargin more.
const (
	watchEvery = 2 * time.Second
	deadMargin = 5 * time.Second
)

// watch adopts what other replicas left behind until ctx ends.
func (j *Jobs) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := j.adopt(ctx); err != nil && ctx.Err() == nil {
				j.log.Warn("looking for sends without a worker", "error", err.Error())
			}
		}
	}
}

// adopt has the attempts of dead replicas looked up, and takes on what else they were at.
func (j *Jobs) adopt(ctx context.Context) error {
	dead := j.sender.now().Add(-j.sender.callTimeout - deadMargin)
	ids, err := j.store.Abandoned(ctx, dead)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := j.abandoned(ctx, id, dead); err != nil {
			return fmt.Errorf("settling abandoned send %s: %w", id, err)
		}
	}
	if ids, err = j.store.Overdue(ctx, dead); err != nil {
		return err
	}
	changes, err := j.overdueChanges(ctx, dead)
	if err != nil {
		return err
	}
	return j.takeOn(ctx, append(argsOf(ids), argsOfChanges(changes)...), liveJobs(), dead)
}

// abandoned has an attempt that began before the given time looked up, unless another replica was
// faster.
func (j *Jobs) abandoned(ctx context.Context, sendID string, dead time.Time) error {
	send, err := j.store.Job(ctx, sendID)
	if err != nil || !send.LastAttempt().StartedAt.Before(dead) {
		return err
	}
	err = j.sender.interrupted(ctx, send, j.enqueue)
	if errors.Is(err, referral.ErrConflict) {
		return nil
	}
	return err
}
