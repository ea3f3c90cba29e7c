package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate runs the store's migrations and then those of others. Migrators break when two
// processes start at once, hence the lock.
func (s *Store) migrate(
	ctx context.Context, others []func(context.Context, *sql.DB) error,
) (err error) {
	unlock, err := lock(ctx, s.path+".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := s.migrateOwn(ctx); err != nil {
		return wrap(err, "migrating")
	}
	for _, other := range others {
		if err := other(ctx, s.writer); err != nil {
			return wrap(err, "migrating tables of others")
		}
	}
	return nil
}

func (s *Store) migrateOwn(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, dir,
		goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
