package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem/internal/referral"
)

// archive keeps what Microsoft said of a referral before another version takes its place.
func (s *Store) archive(ctx context.Context, tx *sql.Tx, r referral.Referral) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO referral_versions (referral_id, etag, raw, replaced_at)
		SELECT r.id, r.etag, a.raw, $3
		FROM referrals r JOIN referral_answers a ON a.referral_id = r.id
		WHERE r.remote_id = $1 AND r.owner_id = $2 AND r.etag <> $4 AND length(a.raw) > 0
		ON CONFLICT (referral_id, etag) DO NOTHING`,
		r.RemoteID, r.OwnerID, micros(s.clock()), r.ETag)
	return wrap(err, "keeping the version before")
}

// loadVersion returns the JSON of a referral as it was with this eTag, unless it was removed.
func loadVersion(ctx context.Context, q querier, referralID, etag string) (raw []byte, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT a.raw FROM referrals r JOIN referral_answers a ON a.referral_id = r.id
		WHERE r.id = $1 AND r.etag = $2 AND length(a.raw) > 0
		UNION ALL
		SELECT v.raw FROM referral_versions v WHERE v.referral_id = $1 AND v.etag = $2
		LIMIT 1`, referralID, etag).Scan(&raw)
	return raw, err
}

// Version returns Microsoft's JSON of a referral as it was with this eTag; referral.ErrNotFound
// when Tandem never saw it.
func (s *Store) Version(
	ctx context.Context, c referral.Caller, referralID, etag string,
) (raw []byte, err error) {
	if _, err = loadReferral(ctx, s.reader, c, referralID); err == nil {
		raw, err = loadVersion(ctx, s.reader, referralID, etag)
	}
	return raw, wrap(err, "loading a version of referral %s", referralID)
}

// FirstVersion returns the JSON with which Microsoft answered when the referral was created; when
// there was no such answer, the oldest that is kept.
func (s *Store) FirstVersion(
	ctx context.Context, c referral.Caller, referralID string,
) (raw []byte, err error) {
	r, err := loadReferral(ctx, s.reader, c, referralID)
	if err != nil {
		return nil, wrap(err, "loading referral %s", referralID)
	}
	for _, query := range []string{`
		SELECT a.body FROM attempts a JOIN referrals r ON r.send_id = a.send_id
		WHERE r.id = $1 AND a.status BETWEEN 200 AND 299 AND length(a.body) > 0
		ORDER BY a.number DESC LIMIT 1`, `
		SELECT raw FROM referral_versions WHERE referral_id = $1
		ORDER BY replaced_at LIMIT 1`} {
		err = s.reader.QueryRowContext(ctx, query, referralID).Scan(&raw)
		if err == nil && json.Valid(raw) {
			return raw, nil
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, wrap(err, "loading the first version of referral %s", referralID)
		}
	}
	return r.Raw, nil
}

// Seen returns the version of a referral that the caller looked at last, and when; the raw is nil
// when he never did.
func (s *Store) Seen(
	ctx context.Context, c referral.Caller, referralID string,
) (raw []byte, at time.Time, err error) {
	var etag string
	var seen int64
	err = s.reader.QueryRowContext(ctx, `
		SELECT etag, seen_at FROM referral_seen WHERE referral_id = $1 AND user_id = $2`,
		referralID, c.UserID).Scan(&etag, &seen)
	if err == nil {
		raw, err = loadVersion(ctx, s.reader, referralID, etag)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	return raw, fromMicros(seen), wrap(err, "loading what was seen of referral %s", referralID)
}

// See records that the caller has looked at the version with this eTag.
func (s *Store) See(
	ctx context.Context, c referral.Caller, referralID, etag string,
) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := loadReferral(ctx, tx, c, referralID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO referral_seen (referral_id, user_id, etag, seen_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (referral_id, user_id) DO UPDATE SET etag = excluded.etag,
				seen_at = excluded.seen_at`, referralID, c.UserID, etag, micros(s.clock()))
		return err
	})
	return wrap(err, "recording what was seen of referral %s", referralID)
}

// Fetch returns when a referral was last requested from Microsoft, and with what result.
func (s *Store) Fetch(
	ctx context.Context, c referral.Caller, referralID string,
) (f referral.Fetch, err error) {
	var asked, done int64
	var outcome string
	err = s.reader.QueryRowContext(ctx, `
		SELECT f.asked_at, f.done_at, f.outcome
		FROM referral_fetches f JOIN referrals r ON r.id = f.referral_id
		WHERE r.id = $1 AND (r.owner_id = $2 OR $3 = 1)`,
		referralID, c.UserID, flag(c.Admin)).Scan(&asked, &done, &outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(outcome), &f.Outcome)
	}
	f.AskedAt, f.DoneAt = fromMicros(asked), fromMicros(done)
	return f, wrap(err, "loading the fetch of referral %s", referralID)
}

// AskFetch makes a fetch of the caller's referral due, unless one is under way.
func (s *Store) AskFetch(
	ctx context.Context, c referral.Caller, referralID string, enqueue Enqueue,
) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		r, err := loadReferral(ctx, tx, c, referralID)
		if err != nil {
			return err
		}
		if r.OwnerID != c.UserID {
			return referral.ErrForbidden
		}
		now := s.clock()
		res, err := tx.ExecContext(ctx, `
			INSERT INTO referral_fetches (referral_id, asked_at) VALUES ($1, $2)
			ON CONFLICT (referral_id) DO UPDATE SET asked_at = excluded.asked_at, outcome = '{}'
			WHERE referral_fetches.asked_at <= referral_fetches.done_at
				OR referral_fetches.outcome <> '{}' OR referral_fetches.asked_at < $3`,
			referralID, micros(now), micros(now.Add(-time.Minute)))
		if err = found(res, err); err != nil {
			return err
		}
		return enqueue(ctx, tx, referralID)
	})
	if errors.Is(err, referral.ErrNotFound) {
		if _, missing := loadReferral(ctx, s.reader, c, referralID); missing == nil {
			return nil // under way
		}
	}
	return wrap(err, "asking for referral %s", referralID)
}

// SaveFetched stores Microsoft's present version of a referral; when there is none, now is nil and
// the outcome says why. A fetch that was asked for after this one began is still due.
func (s *Store) SaveFetched(
	ctx context.Context, referralID string, now *referral.Referral, o referral.Outcome,
) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		doc, err := document(o)
		if err != nil {
			return err
		}
		if now == nil {
			_, err = tx.ExecContext(ctx,
				`UPDATE referral_fetches SET outcome = $2 WHERE referral_id = $1`, referralID, doc)
			return err
		}
		return s.shown(ctx, tx, referralID, *now)
	})
	return wrap(err, "storing referral %s as fetched", referralID)
}

// shown stores Microsoft's present version of a referral, and when it was read.
func (s *Store) shown(ctx context.Context, tx *sql.Tx, id string, now referral.Referral) error {
	if err := s.replace(ctx, tx, id, now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO referral_fetches (referral_id, asked_at, done_at) VALUES ($1, $2, $2)
		ON CONFLICT (referral_id) DO UPDATE SET done_at = excluded.done_at, outcome = '{}'`,
		id, micros(s.clock()))
	return err
}

// Upgrade notes that more people see a deal or work on it, when nothing has to change at Microsoft
// for that. It is referral.ErrConflict when they do already.
func (s *Store) Upgrade(
	ctx context.Context, c referral.Caller, referralID string, to referral.Deal,
) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := lockReferral(ctx, tx, c, referralID); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			UPDATE referrals SET deal = $2 WHERE id = $1 AND deal IN ($3, $4) AND deal <> $2`,
			referralID, to, referral.Private, referral.PartnerLed)
		if err = found(res, err); err != nil {
			return referral.ErrConflict
		}
		return s.addEvent(ctx, tx, referral.Event{Kind: referral.EventDealUpgraded,
			UserID: c.UserID, ReferralID: referralID})
	})
	return wrap(err, "upgrading referral %s", referralID)
}
