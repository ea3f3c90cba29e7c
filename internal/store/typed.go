package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem/internal/referral"
)

// typedFor is how long a working copy is kept: as long as drafts live.
const typedFor = 90 * 24 * time.Hour

// SaveTyped keeps what the caller typed on a page, in place of what he typed there before. It
// changes nothing of the draft or referral. It is referral.ErrNotFound when that is not the
// caller's own.
func (s *Store) SaveTyped(ctx context.Context, c referral.Caller, t referral.Typed) error {
	t.At = s.clock()
	err := s.write(ctx, func(tx *sql.Tx) error { return saveTyped(ctx, tx, c.UserID, t) })
	return wrap(err, "keeping what was typed on page %s", t.Page)
}

func saveTyped(ctx context.Context, tx *sql.Tx, userID string, t referral.Typed) error {
	if len(t.Form) > referral.MaxTyped {
		return referral.ErrInvalid
	}
	if err := ownSubject(ctx, tx, userID, t.Subject); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO working_copies (user_id, subject, page, form, signed_out, typed_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (user_id, subject, page) DO UPDATE SET form = excluded.form,
			signed_out = excluded.signed_out, typed_at = excluded.typed_at`,
		userID, t.Subject, t.Page, t.Form, flag(t.SignedOut), micros(t.At))
	return err
}

// ownSubject makes sure that the draft or referral is there and the person's own.
func ownSubject(ctx context.Context, tx *sql.Tx, userID, subject string) error {
	if subject == "" {
		return nil
	}
	var owner string
	return tx.QueryRowContext(ctx, `
		SELECT owner_id FROM drafts WHERE id = $1 AND owner_id = $2 AND deleted_at = 0
		UNION SELECT owner_id FROM referrals WHERE id = $1 AND owner_id = $2`,
		subject, userID).Scan(&owner)
}

// Typed returns what the caller typed on a page of the subject and has not saved;
// referral.ErrNotFound when there is nothing.
func (s *Store) Typed(
	ctx context.Context, c referral.Caller, subject, page string,
) (referral.Typed, error) {
	t, err := scanTyped(s.reader.QueryRowContext(ctx, `
		SELECT subject, page, form, signed_out, typed_at FROM working_copies
		WHERE user_id = $1 AND subject = $2 AND page = $3`, c.UserID, subject, page))
	return t, wrap(err, "loading what was typed on page %s", page)
}

// AllTyped returns what the caller typed on any page of the subject and has not saved, the oldest
// first.
func (s *Store) AllTyped(
	ctx context.Context, c referral.Caller, subject string,
) ([]referral.Typed, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT subject, page, form, signed_out, typed_at FROM working_copies
		WHERE user_id = $1 AND subject = $2 ORDER BY typed_at, page`, c.UserID, subject)
	all, err := collect(rows, err, scanTyped)
	return all, wrap(err, "loading what was typed on pages of %s", subject)
}

// DraftWithTyped returns a draft as Draft does, together with AllTyped of it. Mostly nothing was
// typed, which takes no second query.
func (s *Store) DraftWithTyped(
	ctx context.Context, c referral.Caller, id string,
) (d referral.Draft, all []referral.Typed, err error) {
	var any bool
	d, err = scanDraft(s.byKey(ctx, `
		SELECT `+draftColumns+`, EXISTS (SELECT 1 FROM working_copies w
			WHERE w.user_id = $2 AND w.subject = $1)
		FROM `+draftTables+` WHERE `+draftOf, id, c.UserID, flag(c.Admin)), &any)
	if err != nil {
		return d, nil, wrap(err, "loading draft %s", id)
	}
	if any {
		all, err = s.AllTyped(ctx, c, id)
	}
	return d, all, err
}

func scanTyped(r row) (referral.Typed, error) {
	var t referral.Typed
	var signedOut int
	var at int64
	err := r.Scan(&t.Subject, &t.Page, &t.Form, &signedOut, &at)
	t.SignedOut, t.At = signedOut == 1, fromMicros(at)
	return t, err
}

// DeleteTyped forgets what the caller typed on a page; nothing there is fine.
func (s *Store) DeleteTyped(ctx context.Context, c referral.Caller, subject, page string) error {
	_, err := s.writer.ExecContext(ctx,
		`DELETE FROM working_copies WHERE user_id = $1 AND subject = $2 AND page = $3`,
		c.UserID, subject, page)
	return wrap(err, "forgetting what was typed on page %s", page)
}

// eraseTyped forgets what anybody typed about a draft that is deleted.
func eraseTyped(ctx context.Context, tx *sql.Tx, draftID string) error {
	for _, statement := range []string{
		`DELETE FROM working_copies WHERE subject = $1`,
		`DELETE FROM stashes WHERE subject = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, draftID); err != nil {
			return err
		}
	}
	return nil
}

const (
	sealStash = "stash"
	// stashFor is how long a page waits for its author's sign-in.
	stashFor = time.Hour
	// mostStashed is how many pages wait for one person; the oldest goes first.
	mostStashed = 20
)

// Stash keeps a page that the person posted after his session had ended, sealed, for an hour. hash
// is that of a secret which only his browser has. It is referral.ErrNotFound when nobody has this
// id.
func (s *Store) Stash(ctx context.Context, hash []byte, userID string, t referral.Typed) error {
	if len(t.Form) > referral.MaxTyped {
		return wrap(referral.ErrInvalid, "stashing page %s", t.Page)
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		var known string
		err := tx.QueryRowContext(ctx, `SELECT id FROM users WHERE id = $1`, userID).Scan(&known)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO stashes (hash, subject, page, user_id, sealed, typed_at)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (hash, subject, page) DO UPDATE SET user_id = excluded.user_id,
				sealed = excluded.sealed, typed_at = excluded.typed_at`,
			hash, t.Subject, t.Page, userID, s.keys.seal(sealStash, userID, []byte(t.Form)),
			micros(s.clock()))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM stashes WHERE user_id = $1 AND typed_at <= (
				SELECT typed_at FROM stashes WHERE user_id = $1
				ORDER BY typed_at DESC LIMIT 1 OFFSET $2)`, userID, mostStashed)
		return err
	})
	return wrap(err, "stashing page %s", t.Page)
}

// Unstash turns the pages stashed under the hash into working copies of the person who signed in,
// if they are his and about what is his. All others, and those older than an hour, are deleted: a
// stash can be used once.
func (s *Store) Unstash(ctx context.Context, hash []byte, userID string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		all, err := s.takeStash(ctx, tx, hash, userID)
		if err != nil {
			return err
		}
		for _, t := range all {
			err := saveTyped(ctx, tx, userID, t)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
	return wrap(err, "restoring stashed pages")
}

// stashed is a page as it waits.
type stashed struct {
	referral.Typed
	userID string
	sealed []byte
}

// takeStash deletes all pages of the hash and returns those that are the person's.
func (s *Store) takeStash(
	ctx context.Context, tx *sql.Tx, hash []byte, userID string,
) ([]referral.Typed, error) {
	rows, err := tx.QueryContext(ctx, `
		DELETE FROM stashes WHERE hash = $1
		RETURNING subject, page, user_id, sealed, typed_at`, hash)
	all, err := collect(rows, err, scanStash)
	if err != nil {
		return nil, err
	}
	var out []referral.Typed
	for _, x := range all {
		if x.userID != userID || !x.At.After(s.clock().Add(-stashFor)) {
			continue
		}
		form, err := s.keys.open(sealStash, userID, x.sealed)
		if errors.Is(err, referral.ErrNotFound) {
			continue
		}
		x.Form, x.SignedOut = string(form), true
		out = append(out, x.Typed)
	}
	return out, nil
}

func scanStash(r row) (stashed, error) {
	var x stashed
	var at int64
	err := r.Scan(&x.Subject, &x.Page, &x.userID, &x.sealed, &at)
	x.At = fromMicros(at)
	return x, err
}

// DeleteOldTyped removes stashes that waited for an hour and working copies of 90 days.
func (s *Store) DeleteOldTyped(ctx context.Context) error {
	now := s.clock()
	_, err := s.writer.ExecContext(ctx,
		`DELETE FROM stashes WHERE typed_at <= $1`, micros(now.Add(-stashFor)))
	if err == nil {
		_, err = s.writer.ExecContext(ctx,
			`DELETE FROM working_copies WHERE typed_at <= $1`, micros(now.Add(-typedFor)))
	}
	return wrap(err, "deleting what was typed long ago")
}
