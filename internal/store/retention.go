package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tandem/internal/referral"
)

const (
	// Notice is how long before their end people are told of drafts that nobody touches. A limit
	// that is new or shorter than before counts for nobody until it has been in force so long.
	Notice = 14 * 24 * time.Hour
	// sweepBatch is how many rows a sweep looks up, or takes away, at once.
	sweepBatch = 100
	limitDraft = "drafts"
)

// limit is how long something is kept.
type limit struct {
	keep  time.Duration
	since time.Time
}

// end returns when something last touched at the given time may be deleted; zero means never.
func (l limit) end(touched time.Time) time.Time {
	if l.keep == 0 {
		return time.Time{}
	}
	end, told := touched.Add(l.keep), l.since.Add(Notice)
	if end.Before(told) {
		return told
	}
	return end
}

// noteLimit stores since when the limit for drafts is in force.
func (s *Store) noteLimit(ctx context.Context) error {
	_, err := s.writer.ExecContext(ctx, `
		INSERT INTO retention (what, keep, since) VALUES ($1, $2, $3)
		ON CONFLICT (what) DO UPDATE SET keep = excluded.keep, since = excluded.since
		WHERE retention.keep <> excluded.keep`,
		limitDraft, s.keepDrafts.Microseconds(), micros(s.clock()))
	return wrap(err, "noting how long drafts stay")
}

func (s *Store) draftsStay(ctx context.Context, q querier) (limit, error) {
	var since int64
	err := q.QueryRowContext(ctx,
		`SELECT since FROM retention WHERE what = $1`, limitDraft).Scan(&since)
	return limit{keep: s.keepDrafts, since: fromMicros(since)}, err
}

// DeleteUnused deletes the drafts that nobody has touched for as long as Options.KeepDrafts says,
// and returns how many. A draft is touched by typing on its pages, by saving it and by what becomes
// of its sends. One with a send that has not ended, or that created a referral, stays. It does
// nothing while another process is doing the same.
func (s *Store) DeleteUnused(ctx context.Context) (n int, err error) {
	stay, err := s.draftsStay(ctx, s.reader)
	if err != nil || stay.keep == 0 || s.clock().Before(stay.since.Add(Notice)) {
		return 0, wrap(err, "reading how long drafts stay")
	}
	before := s.clock().Add(-stay.keep)
	err = s.alone(ctx, "sweep/drafts", func() error {
		for {
			ids, err := s.unused(ctx, before)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := s.deleteUnused(ctx, id, before, &n); err != nil {
					return err
				}
			}
			if len(ids) < sweepBatch {
				return nil
			}
		}
	})
	return n, wrap(err, "deleting drafts that nobody touched")
}

// touched is the SQL for what keeps the draft $1 from being unused since $2: the sends that have it
// or ended since, and what was typed on its pages since and not saved.
const touched = `(
	SELECT COUNT(*) FROM sends s
		WHERE s.draft_id = $1 AND (` + locking + ` OR s.updated_at >= $2)
) + (
	SELECT COUNT(*) FROM working_copies w WHERE w.subject = $1 AND w.typed_at >= $2
)`

func (s *Store) unused(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT d.id FROM drafts d
		WHERE d.deleted_at = 0 AND d.sent = 0 AND d.updated_at < $2
			AND `+strings.ReplaceAll(touched, "$1", "d.id")+` = 0
		ORDER BY d.updated_at LIMIT $1`, sweepBatch, micros(before))
	return collect(rows, err, scanString)
}

// deleteUnused deletes a draft and counts it, if it is still unused. The update that changes
// nothing takes the row's lock, so that nobody can send the draft any more; only then is the rest
// looked at.
func (s *Store) deleteUnused(ctx context.Context, id string, before time.Time, n *int) error {
	var deleted int
	err := s.write(ctx, func(tx *sql.Tx) error {
		deleted = 0
		err := found(tx.ExecContext(ctx, `
			UPDATE drafts SET revision = revision
			WHERE id = $1 AND deleted_at = 0 AND sent = 0 AND updated_at < $2`,
			id, micros(before)))
		if errors.Is(err, referral.ErrNotFound) {
			return nil
		}
		var touches int
		if err == nil {
			err = tx.QueryRowContext(ctx, `SELECT `+touched, id, micros(before)).Scan(&touches)
		}
		if err != nil || touches > 0 {
			return err
		}
		deleted = 1
		return s.eraseDraft(ctx, tx, referral.Caller{}, id, "nobody had touched it for long")
	})
	if err == nil {
		*n += deleted
	}
	return err
}

// RemoveAnswers removes Microsoft's answers that are older than Options.KeepAnswers, and returns
// how many: those of attempts, once their send has ended, and the JSON of referrals. Ids, states,
// times and the history stay. It does nothing while another process is doing the same.
func (s *Store) RemoveAnswers(ctx context.Context) (n int, err error) {
	if s.keepAnswers == 0 {
		return 0, nil
	}
	err = s.alone(ctx, "sweep/answers", func() error {
		now := s.clock()
		before := now.Add(-s.keepAnswers)
		return errors.Join(
			s.inBatches(ctx, &n, `
				UPDATE referral_answers SET raw = $1, removed_at = $2 WHERE referral_id IN (
					SELECT a.referral_id FROM referral_answers a
					WHERE a.removed_at = 0 AND a.stored_at < $3
					ORDER BY a.stored_at LIMIT $4)`,
				[]byte{}, micros(now), micros(before), sweepBatch),
			s.inBatches(ctx, &n, `
				UPDATE attempts SET body = $1 WHERE (send_id, number) IN (
					SELECT a.send_id, a.number FROM attempts a JOIN sends s ON s.id = a.send_id
					WHERE length(a.body) > 0 AND a.ended_at <> 0 AND a.ended_at < $2
						AND s.state IN ('accepted', 'rejected', 'cancelled')
					ORDER BY a.ended_at LIMIT $3)`,
				[]byte{}, micros(before), sweepBatch),
			s.inBatches(ctx, &n, `
				UPDATE change_attempts SET body = $1 WHERE (send_id, number) IN (
					SELECT a.send_id, a.number FROM change_attempts a
						JOIN changes c ON c.id = a.send_id
					WHERE length(a.body) > 0 AND a.ended_at <> 0 AND a.ended_at < $2
						AND c.state IN ('accepted', 'rejected', 'cancelled')
					ORDER BY a.ended_at LIMIT $3)`,
				[]byte{}, micros(before), sweepBatch),
			s.inBatches(ctx, &n, `
				DELETE FROM referral_versions WHERE (referral_id, etag) IN (
					SELECT v.referral_id, v.etag FROM referral_versions v
					WHERE v.replaced_at < $1 ORDER BY v.replaced_at LIMIT $2)`,
				micros(before), sweepBatch))
	})
	return n, wrap(err, "removing answers")
}

// inBatches repeats a statement that changes at most sweepBatch rows until it changes fewer, and
// counts the rows. Other writers get their turn in between.
func (s *Store) inBatches(ctx context.Context, n *int, statement string, a ...any) error {
	for {
		var changed int64
		err := s.write(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, statement, a...)
			if err == nil {
				changed, err = res.RowsAffected()
			}
			return err
		})
		if err != nil {
			return err
		}
		*n += int(changed)
		if changed < sweepBatch {
			return nil
		}
	}
}

// alone runs fn, unless another process that uses this database is running it.
func (s *Store) alone(ctx context.Context, name string, fn func() error) error {
	owner, err := s.newID()
	if err != nil {
		return err
	}
	err = s.take(ctx, name, owner)
	if errors.Is(err, referral.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.hold(context.WithoutCancel(ctx), name, owner)()
	return fn()
}
