package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"tandem/internal/referral"
)

// A lock is a lease: its holder renews it, and it expires shortly after the holder died. The clocks
// of machines must differ by less than the lease.
const (
	lease       = 10 * time.Second
	renewEvery  = 3 * time.Second
	clocksApart = time.Minute           // a lock that ends later is of a clock that was set back since
	longestWait = 50 * time.Millisecond // between two tries
	releaseTime = 5 * time.Second
)

// Lock lets one caller at a time, of all processes at this database, touch the token of a person.
// It waits for its turn or for the end of ctx. unlock must be called once. When the holder's
// process dies, the next gets its turn after ten seconds.
func (s *Store) Lock(ctx context.Context, userID string) (unlock func(), err error) {
	owner, err := s.newID()
	if err != nil {
		return nil, err
	}
	for {
		err := s.take(ctx, userID, owner)
		if errors.Is(err, referral.ErrNotFound) {
			err = pause(ctx, rand.N(longestWait))
			if err == nil {
				continue
			}
		}
		if err != nil {
			return nil, wrap(err, "locking the token of user %s", userID)
		}
		return s.hold(context.WithoutCancel(ctx), userID, owner), nil
	}
}

// take takes or renews a lock. It is referral.ErrNotFound when another has it.
func (s *Store) take(ctx context.Context, name, owner string) error {
	now := s.clock()
	return s.write(ctx, func(tx *sql.Tx) error {
		return found(tx.ExecContext(ctx, `
			INSERT INTO locks (name, owner, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE
			SET owner = excluded.owner, expires_at = excluded.expires_at
			WHERE locks.owner = excluded.owner OR locks.expires_at <= $4 OR locks.expires_at > $5`,
			name, owner, micros(now.Add(lease)), micros(now), micros(now.Add(lease+clocksApart))))
	})
}

// hold renews a lock until unlock is called, which gives it back. Errors in both are ignored,
// because the lock then expires by itself.
func (s *Store) hold(ctx context.Context, name, owner string) (unlock func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for pause(ctx, renewEvery) == nil {
			_ = s.take(ctx, name, owner)
		}
	}()
	return func() {
		cancel()
		<-ended
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
		defer cancel()
		_, _ = s.writer.ExecContext(ctx,
			`DELETE FROM locks WHERE name = $1 AND owner = $2`, name, owner)
	}
}

// queueUp makes transactions with the same name wait for each other, until they end. SQLite has a
// single writer anyway.
func (s *Store) queueUp(ctx context.Context, tx *sql.Tx, name string) error {
	if s.pool == nil {
		return nil
	}
	return later(ctx, tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
}
