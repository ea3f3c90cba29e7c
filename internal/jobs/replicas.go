package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// On PostgreSQL other replicas may be sending at any time, and any may die. Each looks every
// watchEvery for what another must have left behind because nothing happened to it for deadAfter,
// which is longer than a call to Microsoft and what is stored around it take.
const (
	watchEvery = 2 * time.Second
	deadAfter  = partnercenter.DefaultTimeout + 5*time.Second
)

// mostListed is the most jobs that the queue lists at once.
const mostListed = 10_000

// running is the state of a job that a worker has.
const running = "running"

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
	dead := j.sender.now().Add(-deadAfter)
	ids, err := j.store.Abandoned(ctx, dead)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := j.sender.interrupted(ctx, id)
		if errors.Is(err, referral.ErrConflict) {
			continue // another replica was faster
		}
		if err != nil {
			return fmt.Errorf("settling abandoned send %s: %w", id, err)
		}
		if err := j.insert(ctx, id); err != nil {
			return err
		}
	}
	if ids, err = j.store.Overdue(ctx, dead); err != nil || len(ids) == 0 {
		return err
	}
	return j.takeOn(ctx, ids)
}

// takeOn gives a job to the sends that have none, or whose job's process seems to be dead. A job too
// many does no harm.
func (j *Jobs) takeOn(ctx context.Context, ids []string) error {
	listed, err := j.client.JobList(ctx, river.NewJobListParams().
		Kinds(sendArgs{}.Kind()).First(mostListed).
		States("available", "pending", "retryable", "scheduled", running))
	if err != nil {
		return fmt.Errorf("listing jobs: %w", err)
	}
	if len(listed.Jobs) == mostListed {
		return nil
	}
	has := map[string]bool{}
	for _, row := range listed.Jobs {
		var args sendArgs
		if json.Unmarshal(row.EncodedArgs, &args) == nil &&
			alive(row.State == running, row.AttemptedAt) {
			has[args.SendID] = true
		}
	}
	for _, id := range ids {
		if has[id] {
			continue
		}
		if err := j.insert(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// alive tells whether a job will run, or runs since not too long ago, by the queue's own clock.
func alive(runs bool, since *time.Time) bool {
	return !runs || since != nil && time.Since(*since) < deadAfter
}

func (j *Jobs) insert(ctx context.Context, sendID string) error {
	if _, err := j.client.Insert(ctx, sendArgs{SendID: sendID}, nil); err != nil {
		return fmt.Errorf("queueing send %s: %w", sendID, err)
	}
	return nil
}
