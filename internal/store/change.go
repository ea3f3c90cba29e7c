package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tandem/internal/referral"
)

// changeColumns are the columns of a change c, its referral r and its owner u.
const changeColumns = `c.id, c.referral_id, r.remote_id, c.owner_id, u.name, r.name, r.customer,
	c.section, c.deal, c.base_etag, c.edits, c.body, c.replaces, c.state, c.outcome, c.wait_until,
	c.their_etag, c.created_at, c.updated_at, c.request_id, c.trace`

const changeTables = `changes c JOIN referrals r ON r.id = c.referral_id
	JOIN users u ON u.id = c.owner_id`

func scanChange(r row) (referral.Change, error) {
	var c referral.Change
	var edits, outcome string
	var wait, created, updated int64
	err := r.Scan(&c.ID, &c.ReferralID, &c.RemoteID, &c.OwnerID, &c.OwnerName, &c.Name, &c.Customer,
		&c.Section, &c.Deal, &c.BaseETag, &edits, &c.Body, &c.Replaces, &c.State, &outcome, &wait,
		&c.TheirETag, &created, &updated, &c.Origin.RequestID, &c.Origin.Trace)
	if err != nil {
		return referral.Change{}, err
	}
	c.WaitUntil, c.CreatedAt, c.UpdatedAt = fromMicros(wait), fromMicros(created), fromMicros(updated)
	return c, errors.Join(json.Unmarshal([]byte(edits), &c.Edits),
		json.Unmarshal([]byte(outcome), &c.Outcome))
}

// Change returns a change with its attempts and with the versions of the referral that it names, as
// long as they are kept.
func (s *Store) Change(
	ctx context.Context, c referral.Caller, id string,
) (out referral.Change, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		if out, err = loadChange(ctx, tx, c, id); err != nil {
			return err
		}
		if out.Base, err = keptVersion(ctx, tx, out.ReferralID, out.BaseETag); err != nil {
			return err
		}
		out.Theirs, err = keptVersion(ctx, tx, out.ReferralID, out.TheirETag)
		return err
	})
	return out, wrap(err, "loading change %s", id)
}

// keptVersion is nil for a version that was removed.
func keptVersion(ctx context.Context, q querier, referralID, etag string) ([]byte, error) {
	raw, err := loadVersion(ctx, q, referralID, etag)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return raw, err
}

// ChangeJob returns a change for a worker, who acts for nobody but its owner.
func (s *Store) ChangeJob(ctx context.Context, id string) (referral.Change, error) {
	return s.Change(ctx, worker(), id)
}

func loadChange(
	ctx context.Context, q querier, c referral.Caller, id string,
) (referral.Change, error) {
	out, err := scanChange(q.QueryRowContext(ctx, `
		SELECT `+changeColumns+` FROM `+changeTables+`
		WHERE c.id = $1 AND (c.owner_id = $2 OR $3 = 1)`, id, c.UserID, flag(c.Admin)))
	if err != nil {
		return referral.Change{}, err
	}
	out.Attempts, err = loadAttempts(ctx, q, attemptsOfChanges, id)
	return out, err
}

// Changes returns the changes of a referral, oldest first, without attempts and versions, except
// Base of changes that set an amount, which has the currency.
func (s *Store) Changes(
	ctx context.Context, c referral.Caller, referralID string,
) ([]referral.Change, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+changeColumns+` FROM `+changeTables+`
		WHERE c.referral_id = $1 AND (r.owner_id = $2 OR $3 = 1) ORDER BY c.created_at, c.id`,
		referralID, c.UserID, flag(c.Admin))
	all, err := collect(rows, err, scanChange)
	for i, ch := range all {
		if err == nil && ch.SetsAmount() {
			all[i].Base, err = keptVersion(ctx, s.reader, referralID, ch.BaseETag)
		}
	}
	return all, wrap(err, "listing the changes of referral %s", referralID)
}

// ChangesToSettle returns the changes that wait for a person, newest first, at most 200, without
// attempts and versions.
func (s *Store) ChangesToSettle(
	ctx context.Context, c referral.Caller,
) ([]referral.Change, error) {
	var a args
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+changeColumns+` FROM `+changeTables+`
		WHERE `+changesToSettle+` AND `+a.visible("c", c)+`
		ORDER BY c.updated_at DESC`+atMost(listLimit), a...)
	all, err := collect(rows, err, scanChange)
	return all, wrap(err, "listing changes that need attention")
}

// changesToSettle is the SQL of referral.State.NeedsAttention for a table of changes named c, less
// those that an admin ended. An index has the first words.
const changesToSettle = `c.state IN ('rejected', 'unknown', 'needs-sign-in')
	AND c.outcome <> '{"kind":"ended"}'`

// ChangesNeedingSignIn returns the person's changes that AwaitsSignIn, oldest first.
func (s *Store) ChangesNeedingSignIn(
	ctx context.Context, userID string,
) ([]referral.Change, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+changeColumns+` FROM `+changeTables+`
		WHERE c.owner_id = $1 AND `+changesToSettle+` ORDER BY c.created_at, c.id`, userID)
	return chosen(rows, err, referral.Change.AwaitsSignIn)
}

// UnfinishedChanges returns the changes that move on by themselves or are being looked up: each of
// them must have a job.
func (s *Store) UnfinishedChanges(ctx context.Context) ([]referral.Change, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+changeColumns+` FROM `+changeTables+`
		WHERE c.state IN ('queued', 'sending', 'waiting', 'unknown') ORDER BY c.id`)
	return chosen(rows, err, func(c referral.Change) bool {
		return c.State.Running() || c.LookingUp()
	})
}

// chosen returns the changes in a result for which want is true.
func chosen(
	rows *sql.Rows, err error, want func(referral.Change) bool,
) ([]referral.Change, error) {
	all, err := collect(rows, err, scanChange)
	var out []referral.Change
	for _, one := range all {
		if want(one) {
			out = append(out, one)
		}
	}
	return out, wrap(err, "listing changes")
}
