package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tandem/internal/referral"
)

const (
	// settling is how long Microsoft's lists may lack a new referral: one that was stored within
	// this time before a pass does not count as gone.
	settling = 10 * time.Minute
	// forget is after how long a referral that is gone is deleted.
	forget = 30 * 24 * time.Hour
)

// SaveListingPage stores a page of referrals for the person of the pass and returns the pass as it
// stands then: done after the last page. What a pass that read everything did not find is gone for
// that person, if it found as many as Microsoft counts. It is referral.ErrConflict when somebody
// else has moved the pass on.
func (s *Store) SaveListingPage(
	ctx context.Context, f referral.Listing, page referral.ListingPage,
) (next referral.Listing, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		next = s.after(f, page)
		if err := s.putListing(ctx, tx, f, next); err != nil {
			return err
		}
		// Another person's pass may be storing the same referrals.
		if err := s.queueUp(ctx, tx, "referrals"); err != nil {
			return err
		}
		if err := s.merge(ctx, tx, f.UserID, page.Referrals); err != nil {
			return err
		}
		if next.State == referral.ListingRunning || !f.Entire {
			return nil
		}
		return s.dropMissing(ctx, tx, f, page.Count)
	})
	return next, wrap(err, "saving a page of the referrals of user %s", f.UserID)
}

// after returns the pass as it is once the page is stored.
func (s *Store) after(f referral.Listing, page referral.ListingPage) referral.Listing {
	f.Pages++
	f.Seen += len(page.Referrals)
	f.Next, f.Tries, f.Outcome, f.MovedAt = page.Next, 0, referral.Outcome{}, s.clock()
	for _, r := range page.Referrals {
		if r.UpdatedAt.After(f.Newest) {
			f.Newest = r.UpdatedAt
		}
	}
	if f.Next != "" {
		return f
	}
	f.State, f.FreshAt = referral.ListingDone, f.StartedAt
	if f.Newest.After(f.Since) {
		f.Since = f.Newest
	}
	if f.Entire {
		f.EntireAt = f.StartedAt
	}
	return f
}

// merge stores the referrals that are new or changed, and records that Microsoft still lists the
// others.
func (s *Store) merge(
	ctx context.Context, tx *sql.Tx, owner string, page []referral.Referral,
) error {
	page = slices.Clone(page)
	for i := range page {
		page[i] = readable(page[i])
	}
	known, err := loadVersions(ctx, tx, owner, page)
	if err != nil {
		return err
	}
	var same, changed, engagements []string
	for _, r := range page {
		if known[r.RemoteID].covers(r) {
			same = append(same, r.RemoteID)
			continue
		}
		r.OwnerID, r.FetchedAt = owner, s.clock()
		if _, _, err := s.upsertReferral(ctx, tx, r); err != nil {
			return err
		}
		changed = append(changed, r.RemoteID)
		engagements = append(engagements, r.EngagementID)
	}
	return errors.Join(s.listedStill(ctx, tx, owner, same), represent(ctx, tx, changed),
		connectByEngagement(ctx, tx, owner, engagements),
		describeConnected(ctx, tx, owner, engagements))
}

// version is the stored version of a referral.
type version struct {
	remoteID, etag         string
	updated, fetched, gone time.Time
}

// covers tells whether a referral has nothing new: it is the same version, or an older one because
// the page was read before the newest answer came. A version that no list ever had is not covered,
// because answers leave fields out.
func (v version) covers(r referral.Referral) bool {
	if v.fetched.IsZero() || !v.gone.IsZero() {
		return false
	}
	return v.updated.After(r.UpdatedAt) ||
		v.etag != "" && v.etag == r.ETag && v.updated.Equal(r.UpdatedAt)
}

func loadVersions(
	ctx context.Context, tx *sql.Tx, owner string, page []referral.Referral,
) (map[string]version, error) {
	var ids []string
	for _, r := range page {
		ids = append(ids, r.RemoteID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var a args
	rows, err := tx.QueryContext(ctx, `
		SELECT remote_id, etag, updated_at, fetched_at, gone_at FROM referrals
		WHERE owner_id = `+a.add(owner)+` AND remote_id IN (`+a.list(ids)+`)`, a...)
	all, err := collect(rows, err, func(r row) (v version, err error) {
		err = r.Scan(&v.remoteID, &v.etag, moment(&v.updated), moment(&v.fetched),
			moment(&v.gone))
		return v, err
	})
	known := map[string]version{}
	for _, v := range all {
		known[v.remoteID] = v
	}
	return known, err
}

func (s *Store) listedStill(
	ctx context.Context, tx *sql.Tx, owner string, remoteIDs []string,
) error {
	if len(remoteIDs) == 0 {
		return nil
	}
	a := args{micros(s.clock()), owner}
	_, err := tx.ExecContext(ctx, `UPDATE referrals SET fetched_at = $1
		WHERE owner_id = $2 AND remote_id IN (`+a.list(remoteIDs)+`)`, a...)
	return err
}

// dropMissing marks the referrals that the pass did not find as gone for its person.
func (s *Store) dropMissing(
	ctx context.Context, tx *sql.Tx, f referral.Listing, count int,
) error {
	var seen int
	err := tx.QueryRowContext(ctx,
		`SELECT count(*) FROM referrals WHERE owner_id = $1 AND fetched_at >= $2`,
		f.UserID, micros(f.StartedAt)).Scan(&seen)
	if err != nil || seen < count {
		return err
	}
	rows, err := tx.QueryContext(ctx, `
		UPDATE referrals SET gone_at = $1
		WHERE owner_id = $2 AND gone_at = 0 AND fetched_at < $3 AND created_at < $4
		RETURNING remote_id`, micros(s.clock()), f.UserID, micros(f.StartedAt),
		micros(f.StartedAt.Add(-settling)))
	missing, err := collect(rows, err, scanString)
	if err != nil {
		return err
	}
	if err := disconnectGone(ctx, tx, f.UserID); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM referrals
		WHERE owner_id = $1 AND send_id = '' AND gone_at <> 0 AND gone_at < $2`,
		f.UserID, micros(s.clock().Add(-forget)))
	return errors.Join(err, represent(ctx, tx, missing))
}
