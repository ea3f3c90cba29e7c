package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"tandem/internal/pgtest"
	"tandem/internal/store"
)

// place is where a run keeps the databases.
type place struct {
	// driver opens both databases directly: look is Tandem's, for reading only.
	driver, look, limit string
	// file or server is where Tandem's database is; the other one is empty.
	file, server string
}

// inFiles returns a place of SQLite files in a directory.
func inFiles(dir string) place {
	p := place{driver: "sqlite", file: filepath.Join(dir, "tandem.db")}
	p.look = "file:" + p.file + "?_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	p.limit = "file:" + filepath.Join(dir, "limit.db") + "?_pragma=busy_timeout(10000)" +
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	return p
}

// onServer returns a place of new databases on a PostgreSQL server.
func onServer(s *pgtest.Server, run int) (p place, err error) {
	p.driver = "pgx"
	if p.server, err = s.Create(fmt.Sprintf("tandem_%d", run)); err != nil {
		return p, err
	}
	// Who looks does so when there is hardly a send, and keeps the plan that is best for these.
	p.look = p.server + "&enable_seqscan=off"
	p.limit, err = s.Create(fmt.Sprintf("limit_%d", run))
	return p, err
}

// url is the value of TANDEM_DATABASE_URL.
func (p place) url() string {
	if p.server != "" {
		return p.server
	}
	return "sqlite:" + p.file
}

func (p place) name() string {
	if p.server != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}

// openLimit opens the bare program's database.
func openLimit(driver, source string, conns int) (*sql.DB, error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, fmt.Errorf("opening a database: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func (b *bench) openDatabases(ctx context.Context, key []byte) error {
	keys, err := store.NewKeys([][]byte{key})
	if err != nil {
		return err
	}
	b.db, err = store.Open(ctx, store.Options{Path: b.place.file, URL: b.place.server, Keys: keys})
	if err != nil {
		return err
	}
	if b.limitDB, err = openLimit(b.place.driver, b.place.limit, 1); err != nil {
		return err
	}
	if b.look, err = openLimit(b.place.driver, b.place.look, 1); err != nil {
		return err
	}
	if b.watch, err = newWatch(ctx, b.look, b.place.server != ""); err != nil {
		return err
	}
	return b.db.Writer().QueryRowContext(ctx, `SELECT id FROM users`).Scan(&b.rep.UserID)
}

// settle runs the maintenance that PostgreSQL would otherwise do by itself within minutes.
func (b *bench) settle(ctx context.Context) error {
	if b.place.server == "" {
		return nil
	}
	_, err := b.db.Writer().ExecContext(ctx, `VACUUM ANALYZE`)
	_, bare := b.limitDB.ExecContext(ctx, `VACUUM ANALYZE`)
	return errors.Join(err, bare)
}
