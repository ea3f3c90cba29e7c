package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// operation does one thing once on behalf of a user; users are numbered from 0.
type operation func(ctx context.Context, user int) error

// result are the measurements of one round of an operation.
type result struct {
	// times are those of the operations that succeeded, shortest first.
	times   []time.Duration
	elapsed time.Duration
	// cpu is the processor time of the server.
	cpu    time.Duration
	failed int
	// err is one of the failures.
	err error
}

// load has a number of users repeat an operation for the duration.
func load(ctx context.Context, users int, d time.Duration, do operation) result {
	var wait sync.WaitGroup
	all := make([]result, users)
	began := time.Now()
	for user := range users {
		wait.Go(func() { all[user] = repeat(ctx, user, began.Add(d), do) })
	}
	wait.Wait()
	sum := result{elapsed: time.Since(began)}
	for _, r := range all {
		sum.times = append(sum.times, r.times...)
		sum.failed += r.failed
		if r.err != nil {
			sum.err = r.err
		}
	}
	slices.Sort(sum.times)
	return sum
}

// repeat runs the operation until the given time, and at least once.
func repeat(ctx context.Context, user int, until time.Time, do operation) (r result) {
	for ctx.Err() == nil {
		began := time.Now()
		if err := do(ctx, user); err != nil {
			r.failed, r.err = r.failed+1, err
		} else {
			r.times = append(r.times, time.Since(began))
		}
		if !time.Now().Before(until) {
			break
		}
	}
	return r
}

// round lets the program warm up and measures it.
func round(ctx context.Context, p fleet, users int, d time.Duration, do operation) (result, error) {
	if warm := load(ctx, users, d/4, do); warm.err != nil {
		return warm, warm.err
	}
	before, err := p.usage()
	if err != nil {
		return result{}, err
	}
	r := load(ctx, users, d, do)
	after, err := p.usage()
	if err != nil {
		return r, err
	}
	r.cpu = after.cpu - before.cpu
	return r, r.err
}

// rate is how many operations succeeded in a second.
func (r result) rate() float64 {
	if r.elapsed <= 0 {
		return 0
	}
	return float64(len(r.times)) / r.elapsed.Seconds()
}

// percentile is the time within which a share of the operations succeeded, from 0 to 1.
func (r result) percentile(share float64) time.Duration {
	if len(r.times) == 0 {
		return 0
	}
	return r.times[min(int(share*float64(len(r.times))), len(r.times)-1)]
}

// cost is the server's processor time for each operation.
func (r result) cost() time.Duration {
	return r.cpu / time.Duration(max(len(r.times), 1))
}
