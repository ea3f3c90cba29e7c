package store

import (
	"context"
	"database/sql"
	"slices"
	"sync/atomic"
	"time"

	"tandem/internal/referral"
)

const (
	// revisionSetting is the name of the setting whose value every change of the settings raises.
	revisionSetting = "revision"
	// settingsFor is how long the settings are cached at most, because an older version of Tandem
	// on the same database does not raise the revision.
	settingsFor = time.Minute
)

// keptSettings are the settings as they were read last, which every page of the form needs. The
// zero value holds none.
type keptSettings struct{ last atomic.Pointer[settingsRead] }

type settingsRead struct {
	referral.Settings
	revision string
	at       time.Time
}

// Settings returns what the organisation keeps for all deals. Everybody who is signed in may read
// it.
func (s *Store) Settings(
	ctx context.Context, c referral.Caller,
) (out referral.Settings, err error) {
	if err := mayRead(c); err != nil {
		return out, wrap(err, "loading the settings")
	}
	revision, err := setting(ctx, s.reader, revisionSetting)
	if err == nil {
		out, err = s.settingsOf(ctx, revision)
		out.Entries = slices.Clone(out.Entries)
	}
	return out, wrap(err, "loading the settings")
}

// settingsOf returns the settings of the given revision, from memory if they are there. All callers
// share the entries and must not change them.
func (s *Store) settingsOf(ctx context.Context, revision string) (referral.Settings, error) {
	last := s.settings.last.Load()
	if last == nil || last.revision != revision || s.clock().Sub(last.at) >= settingsFor {
		var err error
		if last, err = s.readSettings(ctx); err != nil {
			return referral.Settings{}, err
		}
		s.settings.last.Store(last)
	}
	return last.Settings, nil
}

func (s *Store) readSettings(ctx context.Context) (*settingsRead, error) {
	out := &settingsRead{at: s.clock()}
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		if out.revision, err = setting(ctx, tx, revisionSetting); err != nil {
			return err
		}
		if out.OrganizationID, err = setting(ctx, tx, organizationSetting); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx,
			`SELECT `+entryColumns+` FROM entries ORDER BY position, id`)
		out.Entries, err = collect(rows, err, scanEntry)
		return err
	})
	return out, err
}

// raiseSettings raises the revision; every change of the settings calls it. It locks the row, so
// that no two changes have the same revision.
func raiseSettings(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO settings (name, value) VALUES ($1, '1')
		ON CONFLICT (name) DO UPDATE
		SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT)`, revisionSetting)
	return err
}
