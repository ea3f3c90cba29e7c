package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/referral"
)

// userColumns are the columns of a user u in the order of userFields.
const userColumns = `u.id, u.key, u.name, u.given_name, u.family_name, u.email, u.login_hint,
	u.admin`

func userFields(u *referral.User) []any {
	return []any{&u.ID, &u.Key, &u.Name, &u.GivenName, &u.FamilyName, &u.Email, &u.LoginHint,
		&u.Admin}
}

// SignIn stores the person under u.Key and returns him with Tandem's ID, which is new at the first
// sign-in and the same ever after. The other fields are those of the newest sign-in.
func (s *Store) SignIn(ctx context.Context, u referral.User) (referral.User, error) {
	id, err := s.newID()
	if err != nil {
		return u, err
	}
	now := micros(s.clock())
	err = s.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
			INSERT INTO users (id, key, name, given_name, family_name, email, login_hint, admin,
				created_at, signed_in_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
			ON CONFLICT (key) DO UPDATE SET name = excluded.name,
				given_name = excluded.given_name, family_name = excluded.family_name,
				email = excluded.email, login_hint = excluded.login_hint,
				admin = excluded.admin, signed_in_at = excluded.signed_in_at
			RETURNING id`,
			id, u.Key, u.Name, u.GivenName, u.FamilyName, u.Email, u.LoginHint, flag(u.Admin), now,
		).Scan(&u.ID)
	})
	return u, wrap(err, "signing a person in")
}

// User returns a person by Tandem's id.
func (s *Store) User(ctx context.Context, id string) (referral.User, error) {
	var u referral.User
	err := s.reader.QueryRowContext(ctx,
		`SELECT `+userColumns+` FROM users u WHERE u.id = $1`, id).Scan(userFields(&u)...)
	return u, wrap(err, "loading user %s", id)
}

// Outsiders counts the people whose key does not contain the text, apart from those whose data was
// erased.
func (s *Store) Outsiders(ctx context.Context, key string) (n int, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM users
		WHERE strpos(key, $1) = 0 AND strpos(key, 'erased:') = 0`, key).Scan(&n)
	return n, wrap(err, "counting people of elsewhere")
}

// Last returns the answers with which the person's next draft begins, zero when none were saved.
func (s *Store) Last(ctx context.Context, userID string) (referral.Last, error) {
	var doc string
	var last referral.Last
	err := s.reader.QueryRowContext(ctx,
		`SELECT last_answers FROM users WHERE id = $1`, userID).Scan(&doc)
	if err == nil {
		err = json.Unmarshal([]byte(doc), &last)
	}
	return last, wrap(err, "loading the last answers of user %s", userID)
}

// SaveLast keeps the answers with which the person's next draft begins.
func (s *Store) SaveLast(ctx context.Context, userID string, last referral.Last) error {
	doc, err := document(last)
	if err != nil {
		return err
	}
	res, err := s.writer.ExecContext(ctx,
		`UPDATE users SET last_answers = $2 WHERE id = $1`, userID, doc)
	return wrap(found(res, err), "saving the last answers of user %s", userID)
}

// found turns a statement that changed no row into referral.ErrNotFound.
func found(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return referral.ErrNotFound
	}
	return err
}
