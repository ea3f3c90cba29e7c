// Package store keeps what Tandem must not lose: people, sessions, sealed tokens, drafts, sends,
// referrals and the history of them all, in one SQLite file or in a PostgreSQL database.
//
// Every exported method owns its transaction. Where permission matters it takes the caller and
// checks him in the query: an owner reads and changes his own rows; an admin reads all rows, and
// changing another's is referral.ErrForbidden; for anyone else a row does not exist
// (referral.ErrNotFound). Errors carry the operation and wrap the sentinels of package referral.
//
// Times are kept as Unix microseconds UTC. The statements use only what SQLite and PostgreSQL
// share; what is particular to one is in sqlite.go, postgres.go and migrations. SQLite has one
// writer at a time. PostgreSQL has many (READ COMMITTED), so a transaction that decides by what it
// reads first locks a row, by an update that changes nothing.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"tandem/internal/referral"
)

// Options say where the data lives and what the store depends on.
type Options struct {
	// Path is the SQLite file. It is created, readable by its owner alone, when missing.
	Path string
	// URL is the connection URL of PostgreSQL. When it is set, Path is unused.
	URL string
	// Keys seal tokens. Required.
	Keys *Keys
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Rand makes ids; nil means crypto/rand.Reader. It is read by several goroutines at once.
	Rand io.Reader
	// Idle and Absolute limit sessions, from the last request and from the sign-in; zero means
	// 12 hours and 7 days.
	Idle, Absolute time.Duration
	// Moved is called for every send and change that came to another state, after the commit. It
	// must not block. May be nil.
	Moved func(referral.Kind, referral.State)
	// KeepDrafts is how long drafts are kept that nobody touches, KeepAnswers how long Microsoft's
	// answers are; zero keeps them for good.
	KeepDrafts, KeepAnswers time.Duration
	// Migrate brings tables of others up to date. It runs after the store's own migrations and
	// under the same lock.
	Migrate []func(context.Context, *Store) error
}

// Store is the open database. It is safe for concurrent use.
type Store struct {
	// writer is a single connection on SQLite; code inside a transaction must use only that
	// transaction, as waiting for the pool would wait for itself.
	writer, reader *sql.DB
	// group makes the transactions of the writer on SQLite; nil on PostgreSQL.
	group *group
	// pool has the connections of writer and reader; nil on SQLite.
	pool           *pgxpool.Pool
	path, url      string
	keys           *Keys
	now            func() time.Time
	rand           io.Reader
	idle, absolute time.Duration
	moved          func(referral.Kind, referral.State)

	keepDrafts, keepAnswers time.Duration
	settings                keptSettings
	// restored is when the copy was made that the database was brought back from; zero for none.
	restored time.Time
}

// Open opens the database, migrates it under a lock that other processes respect, and returns the
// store. For SQLite the lock is a file beside the database, named like it with ".lock" added.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Keys == nil {
		return nil, errors.New("opening store: no keys")
	}
	s := newStore(o)
	if err := s.open(ctx, o.Migrate); err != nil {
		return nil, errors.Join(wrap(s.explain(err), "opening store"), s.Close())
	}
	return s, nil
}

func newStore(o Options) *Store {
	s := &Store{path: o.Path, url: o.URL, keys: o.Keys, now: o.Now, rand: o.Rand,
		idle: o.Idle, absolute: o.Absolute, moved: o.Moved,
		keepDrafts: o.KeepDrafts, keepAnswers: o.KeepAnswers}
	if s.moved == nil {
		s.moved = func(referral.Kind, referral.State) {}
	}
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

func (s *Store) open(
	ctx context.Context, migrations []func(context.Context, *Store) error,
) error {
	if err := s.connect(); err != nil {
		return err
	}
	if err := s.migrate(ctx, migrations); err != nil {
		return err
	}
	if err := errors.Join(s.noteLimit(ctx), s.noteRestored(ctx)); err != nil {
		return err
	}
	return s.Ping(ctx)
}

func (s *Store) connect() error {
	if s.url != "" {
		return s.openPostgres()
	}
	return s.openSQLite()
}

// Writer returns the connections that write, on SQLite the only one, for a job queue that keeps its
// tables in the same database. Never use it inside a transaction.
func (s *Store) Writer() *sql.DB { return s.writer }

// Pool returns PostgreSQL's connections, those of Writer, and nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

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
	if s.pool != nil {
		s.pool.Close()
	}
	return wrap(errors.Join(errs...), "closing store")
}
