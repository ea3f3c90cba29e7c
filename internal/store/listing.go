package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tandem/internal/referral"
)

// listingColumns are what scanListing reads of a person, users u, and of the fetch, listings f.
const listingColumns = `COALESCE(u.signed_in_at, 0), COALESCE(f.pass, 0), COALESCE(f.pages, 0),
	COALESCE(f.state, ''), COALESCE(f.entire, 0) = 1, COALESCE(f.next, ''), COALESCE(f.seen, 0),
	COALESCE(f.newest, 0), COALESCE(f.since, 0), COALESCE(f.tries, 0), COALESCE(f.outcome, '{}'),
	COALESCE(f.wait_until, 0), COALESCE(f.started_at, 0), COALESCE(f.moved_at, 0),
	COALESCE(f.fresh_at, 0), COALESCE(f.entire_at, 0)`

// scanListing reads the listingColumns into f, and into others what the query has before them.
func scanListing(r row, f *referral.Listing, others ...any) error {
	var outcome string
	err := r.Scan(append(others, moment(&f.SignedInAt), &f.Pass, &f.Pages, &f.State, &f.Entire,
		&f.Next, &f.Seen, moment(&f.Newest), moment(&f.Since), &f.Tries, &outcome,
		moment(&f.WaitUntil), moment(&f.StartedAt), moment(&f.MovedAt), moment(&f.FreshAt),
		moment(&f.EntireAt))...)
	if err != nil || outcome == "{}" {
		return err
	}
	return json.Unmarshal([]byte(outcome), &f.Outcome)
}

// Listing returns how far the fetching of a person's referrals has come. Before the first fetch,
// only UserID and SignedInAt are set; for an unknown person only UserID.
func (s *Store) Listing(ctx context.Context, userID string) (referral.Listing, error) {
	f := referral.Listing{UserID: userID}
	err := scanListing(s.reader.QueryRowContext(ctx, `SELECT `+listingColumns+`
		FROM users u LEFT JOIN listings f ON f.user_id = u.id WHERE u.id = $1`, userID), &f)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil
	}
	return f, wrap(err, "loading the fetch of user %s", userID)
}

// AskListing begins the pass over a person's referrals that follows f, together with the job that
// carries it out, if one is due because he looks at the list or, when asked is true, because he
// wants it. F is as it was read just now. AskListing returns the pass that there is then.
func (s *Store) AskListing(
	ctx context.Context, f referral.Listing, asked bool,
	enqueue func(ctx context.Context, tx *sql.Tx, f referral.Listing) error,
) (referral.Listing, error) {
	if !f.Due(s.clock(), asked) {
		return f, nil
	}
	begun := f.Begin(s.clock(), asked)
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := s.putListing(ctx, tx, f, begun); err != nil {
			return err
		}
		return enqueue(ctx, tx, begun)
	})
	if errors.Is(err, referral.ErrConflict) {
		return s.Listing(ctx, f.UserID)
	}
	return begun, wrap(err, "fetching the referrals of user %s", f.UserID)
}

// SaveListing replaces the pass was by now. It is referral.ErrConflict when somebody else has moved
// it on.
func (s *Store) SaveListing(ctx context.Context, was, now referral.Listing) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return s.putListing(ctx, tx, was, now) })
	return wrap(err, "saving the fetch of user %s", was.UserID)
}

// putListing updates the row if its pass and page are still those of was. Both only grow, so that
// any change in between is noticed.
func (s *Store) putListing(ctx context.Context, tx *sql.Tx, was, f referral.Listing) error {
	outcome, err := document(f.Outcome)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO listings (user_id, pass, pages, state, entire, next, seen, newest, since, tries,
			outcome, wait_until, started_at, fresh_at, entire_at, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (user_id) DO UPDATE SET pass = excluded.pass, pages = excluded.pages,
			state = excluded.state, entire = excluded.entire, next = excluded.next,
			seen = excluded.seen, newest = excluded.newest, since = excluded.since,
			tries = excluded.tries, outcome = excluded.outcome,
			wait_until = excluded.wait_until, started_at = excluded.started_at,
			fresh_at = excluded.fresh_at, entire_at = excluded.entire_at,
			moved_at = excluded.moved_at
		WHERE listings.pass = $17 AND listings.pages = $18`,
		f.UserID, f.Pass, f.Pages, f.State, flag(f.Entire), f.Next, f.Seen, micros(f.Newest),
		micros(f.Since), f.Tries, outcome, micros(f.WaitUntil), micros(f.StartedAt),
		micros(f.FreshAt), micros(f.EntireAt), micros(s.clock()), was.Pass, was.Pages)
	if err = found(res, err); errors.Is(err, referral.ErrNotFound) {
		return referral.ErrConflict
	}
	return err
}
