package program

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tandem/internal/config"
	"tandem/internal/store"
)

// backup copies the SQLite file while others may be working with it. It needs to know where the
// database is, and nothing else that serving needs.
func backup(ctx context.Context, to string, w world) error {
	place, err := config.Place(config.Source{Environ: w.environ, ReadFile: os.ReadFile})
	if err != nil {
		return err
	}
	if place.Kind != config.SQLite {
		return errors.New("the database is PostgreSQL's; copy it with pg_dump")
	}
	if err := store.Backup(ctx, place.File, to); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.stdout, "copied %s to %s and checked the copy\n", place.File, to)
	return err
}

// restored says that the database was brought back from a copy that tandem backup did not make, so
// that everything is looked for at Microsoft before it is sent.
func restored(ctx context.Context, w world) error {
	c, err := load(w, false)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, c, w.now, nil)
	if err != nil {
		return err
	}
	if err := errors.Join(db.MarkRestored(ctx), db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.stdout, "marked: what may have been sent is looked for at Microsoft first")
	return err
}
