package store

import (
	"context"
	"errors"
	"time"

	"tandem/internal/referral"
)

const (
	sealIDToken = "id-token"
	// touchEvery is how precisely the time of a session's last request is stored. Storing each
	// would turn every read into a write. Short sessions use a tenth of their limit.
	touchEvery = 5 * time.Minute
)

// CreateSession stores a new session under the hash of its secret. It ends after lifetime, or
// after the absolute limit when that is shorter or lifetime is zero. The ID token is kept sealed
// for the sign-out; it may be empty.
func (s *Store) CreateSession(
	ctx context.Context, hash []byte, userID, idToken string, lifetime time.Duration,
) error {
	if lifetime <= 0 || lifetime > s.absolute {
		lifetime = s.absolute
	}
	now := s.clock()
	_, err := s.writer.ExecContext(ctx, `
		INSERT INTO sessions (hash, user_id, id_token, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $4, $5)`, hash, userID,
		s.keys.seal(sealIDToken, userID, []byte(idToken)), micros(now), micros(now.Add(lifetime)))
	return wrap(err, "creating a session of user %s", userID)
}

// mostDrafts is the most open drafts that are counted for every page.
const mostDrafts = 100

// Session returns the person whose session it is, with the number of his open drafts, a hundred at
// most, and his time zone. It is referral.ErrNotFound when there is none or its idle or absolute
// limit is over. It extends the idle limit, unless the database cannot be written.
func (s *Store) Session(ctx context.Context, hash []byte) (referral.SignedIn, error) {
	u, seen, ends, err := s.session(ctx, hash)
	if err != nil {
		return u, err
	}
	now := s.clock()
	if now.Sub(fromMicros(seen)) >= min(touchEvery, s.idle/10) {
		err, seen = s.touch(ctx, hash, now), micros(now)
	}
	if errors.Is(err, referral.ErrUnavailable) { // a database that cannot be written may be readable
		err = nil
	}
	u.Left = s.left(now, seen, ends)
	return u, err
}

// WatchSession is Session for requests that a page makes by itself. They do not extend the idle
// limit, because they are no sign of the person.
func (s *Store) WatchSession(ctx context.Context, hash []byte) (referral.SignedIn, error) {
	u, seen, ends, err := s.session(ctx, hash)
	u.Left = s.left(s.clock(), seen, ends)
	return u, err
}

func (s *Store) session(
	ctx context.Context, hash []byte,
) (u referral.SignedIn, seen, ends int64, err error) {
	now := s.clock()
	err = s.byKey(ctx, `
		SELECT `+userColumns+`, s.seen_at, s.expires_at,
			(SELECT COUNT(*) FROM (SELECT 1 FROM drafts d
				WHERE d.owner_id = u.id AND d.deleted_at = 0 AND d.sent = 0 LIMIT $4) AS open),
			COALESCE((SELECT p.zone FROM preferences p WHERE p.user_id = u.id), '')
		FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.hash = $1 AND s.expires_at > $2 AND s.seen_at > $3`,
		hash, micros(now), micros(now.Add(-s.idle)), mostDrafts).
		Scan(append(userFields(&u.User), &seen, &ends, &u.Drafts, &u.Zone)...)
	if err != nil {
		return referral.SignedIn{}, 0, 0, wrap(err, "loading a session")
	}
	u.Idle = s.idle
	return u, seen, ends, nil
}

// left returns how long a session lasts that was last seen, and at the latest ends, at these times.
func (s *Store) left(now time.Time, seen, ends int64) time.Duration {
	return min(fromMicros(seen).Add(s.idle).Sub(now), fromMicros(ends).Sub(now))
}

// KeepSession counts as a request of the session's owner and returns how long the session lasts
// now; referral.ErrNotFound when it is over.
func (s *Store) KeepSession(ctx context.Context, hash []byte) (time.Duration, error) {
	var ends int64
	now := s.clock()
	err := s.writer.QueryRowContext(ctx, `
		UPDATE sessions SET seen_at = $2
		WHERE hash = $1 AND expires_at > $2 AND seen_at > $3 RETURNING expires_at`,
		hash, micros(now), micros(now.Add(-s.idle))).Scan(&ends)
	return s.left(now, micros(now), ends), wrap(err, "keeping a session")
}

func (s *Store) touch(ctx context.Context, hash []byte, now time.Time) error {
	_, err := s.writer.ExecContext(ctx,
		`UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hash, micros(now))
	return wrap(err, "touching a session")
}

// SessionIDToken returns the ID token that the session began with, empty when it had none.
func (s *Store) SessionIDToken(ctx context.Context, hash []byte) (string, error) {
	var userID string
	var sealed, plain []byte
	err := s.reader.QueryRowContext(ctx,
		`SELECT user_id, id_token FROM sessions WHERE hash = $1`, hash).Scan(&userID, &sealed)
	if err == nil {
		plain, err = s.keys.open(sealIDToken, userID, sealed)
	}
	return string(plain), wrap(err, "loading a session's ID token")
}

// DeleteSession ends a session; one that is gone already is fine.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	_, err := s.writer.ExecContext(ctx, `DELETE FROM sessions WHERE hash = $1`, hash)
	return wrap(err, "deleting a session")
}

// DeleteExpired removes the sessions whose limits are over and returns how many.
func (s *Store) DeleteExpired(ctx context.Context) (int, error) {
	now := s.clock()
	res, err := s.writer.ExecContext(ctx,
		`DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2`,
		micros(now), micros(now.Add(-s.idle)))
	if err != nil {
		return 0, wrap(err, "deleting expired sessions")
	}
	n, err := res.RowsAffected()
	return int(n), wrap(err, "counting expired sessions")
}
