package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate runs the store's migrations and then those of others. Migrators break when two
// processes start at once, hence the lock.
func (s *Store) migrate(
	ctx context.Context, others []func(context.Context, *Store) error,
) (err error) {
	unlock, err := s.lockMigrations(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := s.migrateOwn(ctx); err != nil {
		return wrap(err, "migrating")
	}
	for _, other := range others {
		if err := other(ctx, s); err != nil {
			return wrap(err, "migrating tables of others")
		}
	}
	return nil
}

func (s *Store) lockMigrations(ctx context.Context) (unlock func() error, err error) {
	if s.pool != nil {
		return lockServer(ctx, s.pool.Config().ConnConfig)
	}
	return lockFile(ctx, s.path+".lock")
}

func (s *Store) migrateOwn(ctx context.Context) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	if err := notNewer(ctx, p); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// notNewer refuses a database that a newer program has migrated: an older one would not maintain
// what it does not know.
func notNewer(ctx context.Context, p *goose.Provider) error {
	has, knows, err := p.GetVersions(ctx)
	if err == nil && has > knows {
		err = fmt.Errorf("a newer Tandem has brought the database to version %d, and this one knows "+
			"%d: start the newer one, or bring back the copy made before", has, knows)
	}
	return err
}

func (s *Store) migrations() (*goose.Provider, error) {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	if s.pool != nil {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	dir, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, s.writer, dir,
		goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
}
