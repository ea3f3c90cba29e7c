package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"modernc.org/sqlite"
)

// The settings of the connections. A send is promised to the rep once it is committed, so each
// commit waits for the disk (synchronous FULL); that costs one fsync a commit. Temporary data stays
// in memory. The log is copied into the file when it has 16 MB, so that a page that changed many
// times is written there once.
const (
	busy        = "_pragma=busy_timeout(10000)&_dqs=0"
	writerFlags = busy + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(4000)" +
		"&_txlock=immediate"
	readerFlags = busy + "&_pragma=query_only(1)"
	lockFlags   = "_pragma=busy_timeout(60000)&_txlock=exclusive"
	tryFlags    = "_pragma=busy_timeout(0)&_txlock=exclusive"
	readerConns = 4
)

func (s *Store) openSQLite() error {
	if err := createPrivate(s.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	writer, err := connector(s.path, writerFlags)
	if err != nil {
		return err
	}
	writer.whole = true
	s.writer = pool(writer, 1)
	s.group = &group{db: s.writer}
	s.reader, err = openFile(s.path, readerFlags, readerConns)
	return err
}

func openFile(path, flags string, conns int) (*sql.DB, error) {
	c, err := connector(path, flags)
	if err != nil {
		return nil, err
	}
	return pool(c, conns), nil
}

func connector(path, flags string) (preparing, error) {
	return preparing{Connector: opener{driver: &sqlite.Driver{},
		name: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + flags}}, addStrpos()
}

// opener is a connector that opens connections to one database.
type opener struct {
	driver *sqlite.Driver
	name   string
}

// Connect implements driver.Connector.
func (o opener) Connect(ctx context.Context) (driver.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return o.driver.Open(o.name)
}

// Driver implements driver.Connector.
func (o opener) Driver() driver.Driver { return o.driver }

func pool(c driver.Connector, conns int) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// explain adds why SQLite could not work with its file: its own error has only a number.
func (s *Store) explain(err error) error {
	if s.path == "" || !unwritable(err) {
		return err
	}
	f, reason := os.OpenFile(s.path, os.O_RDWR, 0)
	if reason != nil {
		return fmt.Errorf("%w: %w", reason, err)
	}
	f.Close()
	return fmt.Errorf("%s, or a file beside it: %w", s.path, err)
}

// createPrivate makes an empty file that only its owner can read; SQLite gives the files beside
// it the same permissions. The error is fs.ErrExist when there is one.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// lockFile waits until no other process holds the lock file, and returns the function that releases
// it. The lock is that of an SQLite database, because it works on every system and ends with the
// process.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	return lockWith(ctx, path, lockFlags)
}

func lockWith(ctx context.Context, path, flags string) (unlock func() error, err error) {
	db, err := openFile(path, flags, 1)
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(wrap(err, "locking %s", path), db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

// Alone tells whether no other process works on the SQLite file. If so, no other process is told
// the same before leave is called or this process ends, in whatever way. Otherwise, or when it
// cannot be determined, alone is false and leave does nothing.
func (s *Store) Alone(ctx context.Context) (leave func() error, alone bool) {
	if s.path == "" {
		return func() error { return nil }, false
	}
	leave, err := lockWith(ctx, s.path+".alive", tryFlags)
	if err != nil {
		return func() error { return nil }, false
	}
	return leave, true
}

// The primary codes of SQLite's errors about the disk or other processes.
const (
	sqliteBusy     = 5
	sqliteReadOnly = 8
	sqliteIO       = 10
	sqliteFull     = 13
	sqliteOpen     = 14
)

// unwritable tells whether SQLite could not work with its file at the moment.
func unwritable(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code() & 0xff {
	case sqliteBusy, sqliteReadOnly, sqliteIO, sqliteFull, sqliteOpen:
		return true
	}
	return false
}
