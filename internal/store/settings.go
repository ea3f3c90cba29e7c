package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/referral"
)

// organizationSetting is the name of the setting with the organisation's id.
const organizationSetting = "organization-id"

// mayRead and mayChange are who may see the settings, and who may change them.
func mayRead(c referral.Caller) error {
	if c.UserID == "" {
		return referral.ErrNotFound
	}
	return nil
}

func mayChange(c referral.Caller) error {
	if err := mayRead(c); err != nil || c.Admin {
		return err
	}
	return referral.ErrNotAdmin
}

func setting(ctx context.Context, q querier, name string) (value string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT value FROM settings WHERE name = $1`, name)
	values, err := collect(rows, err, scanString)
	if len(values) > 0 {
		value = values[0]
	}
	return value, err
}

const entryColumns = `id, kind, code, name, area, valid_from, valid_until, revision`

func scanEntry(r row) (referral.Entry, error) {
	var e referral.Entry
	var from, until string
	err := r.Scan(&e.ID, &e.Kind, &e.Code, &e.Name, &e.Area, &from, &until, &e.Revision)
	e.From, _ = referral.ParseDate(from)
	e.Until, _ = referral.ParseDate(until)
	return e, err
}

// day is the stored form of a date; no day is "".
func day(d referral.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// SaveOrganization keeps the organisation's id. It is referral.ErrNotAdmin for reps.
func (s *Store) SaveOrganization(ctx context.Context, c referral.Caller, id string) error {
	if err := mayChange(c); err != nil {
		return wrap(err, "saving the organisation")
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		before, err := setting(ctx, tx, organizationSetting)
		if err != nil || before == id {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO settings (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, organizationSetting, id)
		if err != nil {
			return err
		}
		return s.addSettingsChange(ctx, tx, c, referral.SettingsChange{
			What: referral.SettingsChanged, Before: referral.Entry{Name: before},
			After: referral.Entry{Name: id}})
	})
	return wrap(err, "saving the organisation")
}

// AddEntries adds entries to the settings, all or none, and returns how many: those whose code
// their list has already are left out. It is referral.ErrNotAdmin for reps.
func (s *Store) AddEntries(
	ctx context.Context, c referral.Caller, all []referral.Entry,
) (added int, err error) {
	if err := mayChange(c); err != nil {
		return 0, wrap(err, "adding to the settings")
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		added = 0
		for _, e := range all {
			n, err := s.insertEntry(ctx, tx, c, e)
			if err != nil {
				return err
			}
			added += n
		}
		return nil
	})
	return added, wrap(err, "adding to the settings")
}

func (s *Store) insertEntry(
	ctx context.Context, tx *sql.Tx, c referral.Caller, e referral.Entry,
) (int, error) {
	id, err := s.newID()
	if err != nil {
		return 0, err
	}
	e.ID, e.Revision = id, 1
	res, err := tx.ExecContext(ctx, `
		INSERT INTO entries (id, kind, code, name, area, valid_from, valid_until, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7,
			(SELECT COALESCE(MAX(position), 0) + 1 FROM entries WHERE kind = $2))
		ON CONFLICT (kind, code) DO NOTHING`,
		e.ID, e.Kind, e.Code, e.Name, e.Area, day(e.From), day(e.Until))
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return 0, err
	}
	return 1, s.addSettingsChange(ctx, tx, c, referral.SettingsChange{
		What: referral.SettingsAdded, Kind: e.Kind, After: e})
}

// SaveEntry stores a changed entry; what is one of the Settings constants, for the history. It is
// referral.ErrNotAdmin for reps, referral.ErrConflict when the entry was changed since e.Revision
// or when another of the list has its code. A change of an area's code is made in its plays, too.
func (s *Store) SaveEntry(
	ctx context.Context, c referral.Caller, e referral.Entry, what string,
) error {
	if err := mayChange(c); err != nil {
		return wrap(err, "saving entry %s", e.ID)
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		before, err := lockEntry(ctx, tx, e.ID)
		switch {
		case err != nil:
			return err
		case before.Revision != e.Revision:
			return referral.ErrConflict
		}
		if e.Kind, err = before.Kind, updateEntry(ctx, tx, before, e); err != nil {
			return err
		}
		return s.addSettingsChange(ctx, tx, c, referral.SettingsChange{
			What: what, Kind: before.Kind, Before: before, After: e})
	})
	return wrap(err, "saving entry %s", e.ID)
}

func lockEntry(ctx context.Context, tx *sql.Tx, id string) (referral.Entry, error) {
	return scanEntry(tx.QueryRowContext(ctx, `
		UPDATE entries SET revision = revision WHERE id = $1
		RETURNING `+entryColumns, id))
}

func updateEntry(ctx context.Context, tx *sql.Tx, before, e referral.Entry) error {
	var others int
	err := tx.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM entries WHERE kind = $1 AND code = $2 AND id <> $3`,
		before.Kind, e.Code, e.ID).Scan(&others)
	switch {
	case err != nil:
		return err
	case others > 0:
		return referral.ErrConflict
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE entries SET code = $2, name = $3, area = $4, valid_from = $5, valid_until = $6,
			revision = revision + 1 WHERE id = $1`,
		e.ID, e.Code, e.Name, e.Area, day(e.From), day(e.Until))
	if err != nil || before.Kind != referral.SolutionAreas || before.Code == e.Code {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE entries SET area = $2, revision = revision + 1 WHERE kind = $3 AND area = $1`,
		before.Code, e.Code, referral.SolutionPlays)
	return err
}

func (s *Store) addSettingsChange(
	ctx context.Context, tx *sql.Tx, c referral.Caller, x referral.SettingsChange,
) error {
	before, err := document(x.Before)
	if err != nil {
		return err
	}
	after, err := document(x.After)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO settings_history (at, user_id, what, kind, was, became)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		micros(s.clock()), c.UserID, x.What, x.Kind, before, after)
	if err != nil {
		return err
	}
	return raiseSettings(ctx, tx)
}

// SettingsHistory returns the newest changes of the settings, newest first, at most 200. It is
// referral.ErrNotAdmin for reps.
func (s *Store) SettingsHistory(
	ctx context.Context, c referral.Caller,
) ([]referral.SettingsChange, error) {
	if err := mayChange(c); err != nil {
		return nil, wrap(err, "loading the history of the settings")
	}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT h.at, COALESCE(u.name, ''), h.what, h.kind, h.was, h.became
		FROM settings_history h LEFT JOIN users u ON u.id = h.user_id
		ORDER BY h.id DESC LIMIT $1`, listLimit)
	all, err := collect(rows, err, scanSettingsChange)
	return all, wrap(err, "loading the history of the settings")
}

func scanSettingsChange(r row) (referral.SettingsChange, error) {
	var x referral.SettingsChange
	var at int64
	var before, after []byte
	err := r.Scan(&at, &x.UserName, &x.What, &x.Kind, &before, &after)
	if err == nil {
		err = json.Unmarshal(before, &x.Before)
	}
	if err == nil {
		err = json.Unmarshal(after, &x.After)
	}
	x.At = fromMicros(at)
	return x, err
}
