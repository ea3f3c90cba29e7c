package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/referral"
)

const (
	unfinishedSends   = `SELECT COUNT(*) FROM sends WHERE owner_id = $1 AND superseded = 0` + unfinished
	unfinishedChanges = `SELECT COUNT(*) FROM changes WHERE owner_id = $1` + unfinished
)

// People returns everybody who ever signed in, for an admin, by name; those whose data was erased
// come last. It is referral.ErrNotAdmin for reps.
func (s *Store) People(ctx context.Context, c referral.Caller) ([]referral.Person, error) {
	if err := mayChange(c); err != nil {
		return nil, wrap(err, "listing people")
	}
	rows, err := s.reader.QueryContext(ctx, people+` ORDER BY (u.erased_at > 0), u.name, u.id`)
	all, err := collect(rows, err, scanPerson)
	return all, wrap(err, "listing people")
}

// Person returns one of People.
func (s *Store) Person(
	ctx context.Context, c referral.Caller, id string,
) (referral.Person, error) {
	if err := mayChange(c); err != nil {
		return referral.Person{}, wrap(err, "loading person %s", id)
	}
	p, err := scanPerson(s.reader.QueryRowContext(ctx, people+` WHERE u.id = $1`, id))
	return p, wrap(err, "loading person %s", id)
}

const people = `
	SELECT u.id, u.name, u.email, u.admin, u.signed_in_at, u.erased_at,
		(SELECT COUNT(*) FROM drafts d
			WHERE d.owner_id = u.id AND d.deleted_at = 0 AND d.sent = 0),
		(SELECT COUNT(*) FROM sends s WHERE s.owner_id = u.id AND s.state = 'accepted'),
		(SELECT COUNT(*) FROM sends WHERE owner_id = u.id AND superseded = 0` + unfinished + `)
			+ (SELECT COUNT(*) FROM changes WHERE owner_id = u.id` + unfinished + `)
	FROM users u`

func scanPerson(r row) (referral.Person, error) {
	var p referral.Person
	var admin int
	var signedIn, erased int64
	err := r.Scan(&p.ID, &p.Name, &p.Email, &admin, &signedIn, &erased, &p.Drafts, &p.Referrals,
		&p.Unfinished)
	p.Admin = admin == 1
	p.SignedInAt, p.ErasedAt = fromMicros(signedIn), fromMicros(erased)
	return p, err
}

// ErasePerson erases the data of somebody who signed in: sessions, tokens, preferences, drafts and
// whatever he typed, and his name and address wherever they are kept. What he sent and its history
// stay, as those of a former user whose row has nothing but Tandem's own id. An admin does it, and
// not to himself (referral.ErrForbidden); for reps it is referral.ErrNotAdmin. It is a
// *referral.BusyError when a send or change of his, or with him in it, is not done; then nothing is
// erased but the sessions.
func (s *Store) ErasePerson(ctx context.Context, c referral.Caller, id string) error {
	p, err := s.Person(ctx, c, id)
	switch {
	case err != nil:
	case id == c.UserID || !p.ErasedAt.IsZero():
		err = referral.ErrForbidden
	case p.Unfinished > 0:
		err = &referral.BusyError{Unfinished: p.Unfinished}
	default:
		err = s.erasePerson(ctx, c, p)
	}
	return wrap(err, "erasing person %s", id)
}

// erasePerson ends the person's sessions first, so that he begins nothing new meanwhile.
func (s *Store) erasePerson(ctx context.Context, c referral.Caller, p referral.Person) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		return clearRows(ctx, tx, p.ID, "sessions", "tokens")
	})
	if address, ok := referral.EmailAddress(p.Email); err == nil && ok {
		_, err = s.eraseAddress(ctx, c, address)
	}
	if err == nil {
		err = s.eraseDraftsOf(ctx, c, p.ID)
	}
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error { return s.eraseUser(ctx, tx, c, p.ID) })
}

// eraseDraftsOf deletes the drafts of a person, one by one, so that others get their turn.
func (s *Store) eraseDraftsOf(ctx context.Context, c referral.Caller, id string) error {
	rows, err := s.reader.QueryContext(ctx,
		`SELECT id FROM drafts WHERE owner_id = $1 AND deleted_at = 0 AND sent = 0`, id)
	ids, err := collect(rows, err, scanString)
	for _, draft := range ids {
		err := s.write(ctx, func(tx *sql.Tx) error {
			present, err := s.lockDraft(ctx, tx, referral.Caller{UserID: id}, draft)
			if errors.Is(err, referral.ErrGone) {
				return nil
			}
			if err != nil {
				return err
			}
			if id := present.sendID(referral.Own); id != "" {
				return mayStay(ctx, tx, id)
			}
			return s.eraseDraft(ctx, tx, c, draft, "its owner's data was erased")
		})
		if err != nil {
			return err
		}
	}
	return err
}

// mayStay makes sure that a send whose draft could not be deleted is one that an admin ended. Like
// what was sent, it stays, without what was typed.
func mayStay(ctx context.Context, tx *sql.Tx, sendID string) error {
	ended, err := isEnded(ctx, tx, sendID)
	if err == nil && !ended {
		err = &referral.BusyError{Unfinished: 1}
	}
	return err
}

// eraseUser deletes what is left of a person, except what he sent, and gives him a name that says
// nothing.
func (s *Store) eraseUser(
	ctx context.Context, tx *sql.Tx, c referral.Caller, id string,
) error {
	for _, query := range []string{unfinishedSends, unfinishedChanges} {
		var n int
		if err := tx.QueryRowContext(ctx, query, id).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return &referral.BusyError{Unfinished: n}
		}
	}
	err := clearRows(ctx, tx, id, "sessions", "tokens", "preferences", "working_copies", "stashes",
		"referral_seen", "listings")
	if err != nil {
		return err
	}
	// What others sent and Microsoft showed him is theirs.
	_, err = tx.ExecContext(ctx, `
		DELETE FROM referrals WHERE owner_id = $1 AND sender_id <> $1 AND NOT EXISTS (
			SELECT 1 FROM changes c WHERE c.referral_id = referrals.id)`, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE drafts SET doc = '{}' WHERE owner_id = $1`, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE users SET key = $2, name = $3, given_name = '', family_name = '', email = '',
			login_hint = '', admin = 0, last_answers = '{}', erased_at = $4
		WHERE id = $1`, id, "erased:"+id, "Former user "+id[:6], micros(s.clock()))
	if err != nil {
		return err
	}
	return s.addEvent(ctx, tx, referral.Event{Kind: referral.EventPersonErased,
		UserID: c.UserID, Detail: "Former user " + id[:6]})
}

// clearRows deletes a person's rows from tables with a user_id.
func clearRows(ctx context.Context, tx *sql.Tx, userID string, tables ...string) error {
	for _, table := range tables {
		_, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE user_id = $1`, userID)
		if err != nil {
			return err
		}
	}
	return nil
}
