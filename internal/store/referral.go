package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"tandem/internal/referral"
)

// referralColumns are the columns of a referral r and its owner u without the raw answer.
const referralColumns = `r.id, r.remote_id, r.engagement_id, r.owner_id, u.name, r.kind,
	r.draft_id, r.send_id, r.deal, r.name, r.customer, r.external_reference_id, r.country,
	r.deal_value, r.currency, r.closing_date, r.status, r.substatus, r.etag, r.conn_state,
	r.conn_send_id, r.conn_referral_id, r.created_at, r.updated_at`

// scanReferral reads referralColumns and then what more was asked for.
func scanReferral(from row, more ...any) (referral.Referral, error) {
	var r referral.Referral
	var created, updated int64
	err := from.Scan(append([]any{&r.ID, &r.RemoteID, &r.EngagementID, &r.OwnerID, &r.OwnerName,
		&r.Kind, &r.DraftID, &r.SendID, &r.Deal, &r.Name, &r.Customer, &r.ExternalReferenceID,
		&r.Country, &r.DealValue, &r.Currency, &r.ClosingDate, &r.Status, &r.Substatus, &r.ETag,
		&r.Connection.State, &r.Connection.SendID, &r.Connection.ReferralID, &created, &updated},
		more...)...)
	if err != nil {
		return referral.Referral{}, err
	}
	r.CreatedAt, r.UpdatedAt = fromMicros(created), fromMicros(updated)
	return r, nil
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
		FROM referrals r JOIN users u ON u.id = r.owner_id
			JOIN referral_answers a ON a.referral_id = r.id
		WHERE r.id = $1 AND (r.owner_id = $2 OR $3 = 1)`, id, c.UserID, flag(c.Admin)), &raw, &stored, &removed)
	r.Raw, r.AnsweredAt, r.RemovedAt = raw, fromMicros(stored), fromMicros(removed)
	return r, err
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

// upsertReferral stores a referral under its owner and RemoteID and returns Tandem's id. Where it
// came from is written once; what Microsoft says of it is replaced.
func (s *Store) upsertReferral(
	ctx context.Context, tx *sql.Tx, r referral.Referral,
) (id string, err error) {
	if r.RemoteID == "" {
		return "", errors.New("referral without Microsoft's id")
	}
	if id, err = s.newID(); err != nil {
		return "", err
	}
	r = readable(r)
	if err := s.archive(ctx, tx, r); err != nil {
		return "", err
	}
	now := s.clock()
	if r.UpdatedAt.IsZero() {
		r.UpdatedAt = now
	}
	err = tx.QueryRowContext(ctx, `
		INSERT INTO referrals (id, remote_id, owner_id, engagement_id, kind, draft_id, send_id,
			deal, name, customer, external_reference_id, country, deal_value, amount, currency,
			closing_date, status, substatus, etag, search, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
			$19, $20, $21, $22)
		ON CONFLICT (remote_id, owner_id) DO UPDATE SET engagement_id = excluded.engagement_id,
			name = excluded.name, customer = excluded.customer,
			external_reference_id = excluded.external_reference_id, country = excluded.country,
			deal_value = excluded.deal_value, amount = excluded.amount,
			currency = excluded.currency, closing_date = excluded.closing_date,
			status = excluded.status, substatus = excluded.substatus, etag = excluded.etag,
			search = excluded.search, updated_at = excluded.updated_at
		RETURNING id`,
		id, r.RemoteID, r.OwnerID, r.EngagementID, r.Kind, r.DraftID, r.SendID, r.Deal, r.Name,
		r.Customer, r.ExternalReferenceID, r.Country, r.DealValue, amount(r.DealValue), r.Currency,
		r.ClosingDate, r.Status, r.Substatus, r.ETag, searchText(r), micros(now),
		micros(r.UpdatedAt)).Scan(&id)
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO referral_answers (referral_id, raw, stored_at) VALUES ($1, $2, $3)
		ON CONFLICT (referral_id) DO UPDATE SET raw = excluded.raw,
			stored_at = excluded.stored_at, removed_at = 0`, id, blob(r.Raw), micros(now))
	return id, err
}

// amount is the deal value as a number to sort by; what is no number counts as 0.
func amount(value string) float64 {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0
	}
	return f
}

// searchText is what a list's search looks into. The name comes first: the list sorts by it too.
func searchText(r referral.Referral) string {
	return strings.ToLower(strings.Join([]string{
		r.Name, r.Customer, r.ExternalReferenceID, r.EngagementID, r.RemoteID}, "\n"))
}
