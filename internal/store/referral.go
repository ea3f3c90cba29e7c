package store

import (
	"context"
	"database/sql"

	"tandem/internal/referral"
)

// referralColumns are the columns of referralTables without the raw answer.
const referralColumns = `r.id, r.remote_id, r.engagement_id, r.owner_id, u.name, r.sender_id,
	COALESCE(su.name, ''), r.kind, r.draft_id, r.send_id, r.deal, r.name, r.customer,
	r.external_reference_id, r.country, r.deal_value, r.currency, r.closing_date, r.status,
	r.substatus, r.direction, r.etag, r.conn_state, r.conn_send_id, r.conn_referral_id,
	r.conn_status, r.conn_substatus, r.conn_opened_at, r.conn_decided_at, r.conn_expires_at,
	r.opened_at, r.decided_at, r.expires_at, r.gone_at, r.created_at, r.updated_at`

// referralTables are a referral r, its owner u and its sender su.
const referralTables = `referrals r JOIN users u ON u.id = r.owner_id
	LEFT JOIN users su ON su.id = r.sender_id`

// scanReferral reads referralColumns and then what more was asked for.
func scanReferral(from row, more ...any) (referral.Referral, error) {
	var r referral.Referral
	conn := &r.Connection
	err := from.Scan(append([]any{&r.ID, &r.RemoteID, &r.EngagementID, &r.OwnerID, &r.OwnerName,
		&r.SenderID, &r.SenderName, &r.Kind, &r.DraftID, &r.SendID, &r.Deal, &r.Name, &r.Customer,
		&r.ExternalReferenceID, &r.Country, &r.DealValue, &r.Currency, &r.ClosingDate, &r.Status,
		&r.Substatus, &r.Direction, &r.ETag, &conn.State, &conn.SendID, &conn.ReferralID,
		&conn.Status, &conn.Substatus, moment(&conn.OpenedAt), moment(&conn.DecidedAt),
		moment(&conn.ExpiresAt), moment(&r.OpenedAt), moment(&r.DecidedAt),
		moment(&r.ExpiresAt), moment(&r.GoneAt), moment(&r.CreatedAt), moment(&r.UpdatedAt)},
		more...)...)
	return r, err
}

// Referral returns a referral with Microsoft's raw answer.
func (s *Store) Referral(
	ctx context.Context, c referral.Caller, id string,
) (referral.Referral, error) {
	r, err := loadReferral(ctx, s.reader, c, id)
	return r, wrap(err, "loading referral %s", id)
}

func loadReferral(
	ctx context.Context, q querier, c referral.Caller, id string,
) (referral.Referral, error) {
	var raw []byte
	var stored, removed int64
	r, err := scanReferral(q.QueryRowContext(ctx, `
		SELECT `+referralColumns+`, a.raw, a.stored_at, a.removed_at
		FROM `+referralTables+` JOIN referral_answers a ON a.referral_id = r.id
		WHERE r.id = $1 AND (r.owner_id = $2 OR $3 = 1) AND `+present,
		id, c.UserID, flag(c.Admin)), &raw, &stored, &removed)
	r.Raw, r.AnsweredAt, r.RemovedAt = raw, fromMicros(stored), fromMicros(removed)
	return r, err
}

// present is the condition that a referral r is still there for its owner. Referrals that he sent
// from Tandem stay even when Microsoft no longer shows them to him.
const present = `(r.gone_at = 0 OR r.send_id <> '')`

// Counterpart returns the caller's own id of a referral that somebody else has under this one, so
// that a link from a colleague leads a member of the deal's team to it; referral.ErrNotFound when
// Microsoft shows it to him not, or no longer.
func (s *Store) Counterpart(
	ctx context.Context, c referral.Caller, id string,
) (own string, err error) {
	err = s.reader.QueryRowContext(ctx, `
		SELECT r.id FROM referrals o JOIN referrals r ON r.remote_id = o.remote_id
		WHERE o.id = $1 AND r.owner_id = $2 AND r.id <> o.id AND `+present, id, c.UserID).Scan(&own)
	return own, wrap(err, "looking for the own referral of %s", id)
}

// Pair returns the own referral of an engagement and the one connected with it, nil when there is
// none. The id may be of either.
func (s *Store) Pair(
	ctx context.Context, c referral.Caller, id string,
) (own referral.Referral, connected *referral.Referral, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		if own, err = loadOwn(ctx, tx, c, id); err != nil {
			return err
		}
		if own.Connection.ReferralID == "" {
			return nil
		}
		other, err := loadReferral(ctx, tx, c, own.Connection.ReferralID)
		connected = &other
		return err
	})
	if err != nil {
		return referral.Referral{}, nil, wrap(err, "loading the pair of referral %s", id)
	}
	return own, connected, nil
}

// loadOwn returns the own referral by its id or by that of the one connected with it.
func loadOwn(
	ctx context.Context, q querier, c referral.Caller, id string,
) (referral.Referral, error) {
	r, err := loadReferral(ctx, q, c, id)
	if err != nil || r.Kind == referral.Own {
		return r, err
	}
	err = q.QueryRowContext(ctx,
		`SELECT id FROM referrals WHERE conn_referral_id = $1 AND conn_referral_id <> ''`, id,
	).Scan(&id)
	if err != nil {
		return referral.Referral{}, err
	}
	return loadReferral(ctx, q, c, id)
}
