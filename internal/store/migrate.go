package store

import (
	"context"
	"embed"
	"errors"
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
	_, err = p.Up(ctx)
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
