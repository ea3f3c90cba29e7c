package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// The default settings of the connections, which the URL can override. A connection that idles in a
// transaction belongs to a process that is gone, and must not hold its locks for long. A search has
// one process of the server: three took longer on two processors. It reads an index, which the
// server believes to be slow, as on disks that have to move a head.
const (
	serverConns   = 16
	lockTimeout   = "10s"
	idleTimeout   = "60s"
	searchWorkers = "0"
	pageCost      = "1.1"
)

func (s *Store) openPostgres() error {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return err
	}
	if !strings.Contains(s.url, "pool_max_conns=") {
		config.MaxConns = serverConns
	}
	for name, value := range map[string]string{
		"lock_timeout": lockTimeout, "idle_in_transaction_session_timeout": idleTimeout,
		"max_parallel_workers_per_gather": searchWorkers, "random_page_cost": pageCost,
	} {
		if _, ok := config.ConnConfig.RuntimeParams[name]; !ok {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	// The context would only limit connections that are made at once, and none are.
	if s.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		return err
	}
	s.writer = sql.OpenDB(gathering{stdlib.GetPoolConnector(s.pool)})
	s.writer.SetMaxIdleConns(0) // the pool keeps them
	s.reader = s.writer
	return nil
}

// migrationLock is the number of the advisory lock that migrations run under; tryEvery is how often
// it is tried. Waiting for it in the server would block an index that is made concurrently.
const (
	migrationLock = 0x74616e64656d // "tandem"
	tryEvery      = 100 * time.Millisecond
)

// lockServer waits until no other process migrates and returns what releases the lock. It ends with
// its connection, and so with the process.
func lockServer(
	ctx context.Context, config *pgx.ConnConfig,
) (unlock func() error, err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	for {
		var locked bool
		err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(migrationLock)).
			Scan(&locked)
		if err == nil && !locked {
			err = pause(ctx, tryEvery)
		}
		if err != nil {
			return nil, errors.Join(wrap(err, "locking"), conn.Close(context.WithoutCancel(ctx)))
		}
		if locked {
			return func() error { return conn.Close(context.WithoutCancel(ctx)) }, nil
		}
	}
}

// The error codes of PostgreSQL that mean something to us.
const (
	uniqueViolation = "23505"
	serialization   = "40001"
	deadlock        = "40P01"
	cutShort        = "57014" // by whoever asked
	notInRepertoire = "22021" // text with a zero byte or broken UTF-8
	tries           = 10
	longestBetween  = 50 * time.Millisecond
)

// again repeats what failed because of another transaction, several times and after random pauses.
func again(ctx context.Context, do func() error) error {
	for i := 1; ; i++ {
		err := do()
		if i == tries || !collided(err) {
			return err
		}
		if paused := pause(ctx, rand.N(longestBetween)); paused != nil {
			return errors.Join(err, paused)
		}
	}
}

// collided tells whether a transaction failed because of another at the same time. A row that the
// other was first to insert is there when the transaction runs again.
func collided(err error) bool {
	switch code(err) {
	case uniqueViolation, serialization, deadlock:
		return true
	}
	return false
}

// unreachable tells whether the server cannot be reached, or says that it cannot work at the
// moment.
func unreachable(err error) bool {
	var connecting *pgconn.ConnectError
	var network *net.OpError
	if errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	class := code(err)
	return class != cutShort && slices.ContainsFunc([]string{"08", "53", "57", "58"},
		func(prefix string) bool { return strings.HasPrefix(class, prefix) })
}

// unspeakable tells whether an argument of a statement was a text that no row can hold.
func unspeakable(err error) bool { return code(err) == notInRepertoire }

// code is PostgreSQL's code of an error, empty for any other.
func code(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return ""
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
