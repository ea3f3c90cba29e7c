// Package store keeps what Tandem must not lose: people, sessions, sealed tokens, drafts, sends,
// referrals and the history of them all, in one SQLite file.
//
// Every exported method owns its transaction. Where permission matters it takes the caller and
// checks him in the query: an owner reads and changes his own rows; an admin reads all rows, and
// changing another's is referral.ErrForbidden; for anyone else a row does not exist
// (referral.ErrNotFound). Errors carry the operation and wrap the sentinels of package referral.
//
// Times are kept as Unix microseconds UTC. The statements use only what SQLite and PostgreSQL
// share; what is particular to SQLite stands in sqlite.go and migrations/sqlite.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"time"
)

// Options say where the data lives and what the store depends on.
type Options struct {
	// Path is the database file. It is created, readable by its owner alone, when missing.
	Path string
	// Keys seal tokens. Required.
	Keys *Keys
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Rand makes ids; nil means crypto/rand.Reader. It is read by several goroutines at once.
	Rand io.Reader
	// Idle and Absolute limit sessions, from the last request and from the sign-in; zero means
	// 12 hours and 7 days.
	Idle, Absolute time.Duration
	// Migrate brings tables of others up to date on the writer connection. It runs after the
	// store's own migrations and under the same lock.
	Migrate []func(context.Context, *sql.DB) error
}

// Store is the open database. It is safe for concurrent use.
type Store struct {
	// writer is a single connection; code inside a transaction must use only that transaction,
	// as waiting for the pool would wait for itself.
	writer, reader *sql.DB
	path           string
	keys           *Keys
	now            func() time.Time
	rand           io.Reader
	idle, absolute time.Duration
}

// Open opens the database, migrates it under a lock that other processes respect, and returns the
// store. The lock is a file beside the database, named like it with ".lock" added.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Keys == nil {
		return nil, errors.New("opening store: no keys")
	}
	s := newStore(o)
	if err := s.open(ctx, o.Migrate); err != nil {
		return nil, errors.Join(wrap(err, "opening store"), s.Close())
	}
	return s, nil
}

func newStore(o Options) *Store {
	s := &Store{path: o.Path, keys: o.Keys, now: o.Now, rand: o.Rand,
		idle: o.Idle, absolute: o.Absolute}
	if s.now == nil {
		s.now = time.Now
	}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	if s.idle == 0 {
		s.idle = 12 * time.Hour
	}
	if s.absolute == 0 {
		s.absolute = 7 * 24 * time.Hour
	}
	return s
}

// Writer returns the one connection that writes, for a job queue that keeps its tables in the
// same database. Never use it inside a transaction.
func (s *Store) Writer() *sql.DB { return s.writer }

// Ping tells whether both the connection that writes and those that read answer.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.writer.PingContext(ctx); err != nil {
		return wrap(err, "pinging the writer")
	}
	return wrap(s.reader.PingContext(ctx), "pinging the reader")
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return wrap(errors.Join(errs...), "closing store")
}
