package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"tandem/internal/referral"
)

// insertReferral inserts a referral that its owner does not have yet.
const insertReferral = `
	INSERT INTO referrals (id, remote_id, owner_id, engagement_id, kind, draft_id, send_id, deal,
		name, customer, external_reference_id, country, deal_value, amount, currency, closing_date,
		status, substatus, etag, search, created_at, updated_at, sender_id, team, direction,
		opened_at, decided_at, expires_at, fetched_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
	ON CONFLICT (remote_id, owner_id) DO `

// addReferral inserts a referral unless its owner has it, and tells whether nobody else does.
const addReferral = insertReferral + `NOTHING
	RETURNING NOT EXISTS (SELECT 1 FROM referrals o WHERE o.remote_id = $2 AND o.owner_id <> $3)`

// saveReferral inserts a referral, or updates what Microsoft says about it. Where it came from is
// only set while it is not known: it may have been fetched before the answer to its send was
// stored.
const saveReferral = insertReferral + `UPDATE SET engagement_id = excluded.engagement_id,
		draft_id = CASE referrals.send_id WHEN '' THEN excluded.draft_id
			ELSE referrals.draft_id END,
		deal = CASE referrals.send_id WHEN '' THEN excluded.deal ELSE referrals.deal END,
		send_id = CASE referrals.send_id WHEN '' THEN excluded.send_id
			ELSE referrals.send_id END,
		sender_id = CASE referrals.sender_id WHEN '' THEN excluded.sender_id
			ELSE referrals.sender_id END,
		name = excluded.name, customer = excluded.customer,
		external_reference_id = excluded.external_reference_id, country = excluded.country,
		deal_value = excluded.deal_value, amount = excluded.amount,
		currency = excluded.currency, closing_date = excluded.closing_date,
		status = excluded.status, substatus = excluded.substatus, etag = excluded.etag,
		search = excluded.search, updated_at = excluded.updated_at, team = excluded.team,
		direction = excluded.direction, opened_at = excluded.opened_at,
		decided_at = excluded.decided_at, expires_at = excluded.expires_at,
		fetched_at = excluded.fetched_at, gone_at = 0
	RETURNING id`

// upsertReferral stores a referral under its owner and RemoteID and returns Tandem's id. It is
// alone when nobody had it before, so that there is nothing to represent.
func (s *Store) upsertReferral(
	ctx context.Context, tx *sql.Tx, r referral.Referral,
) (id string, alone bool, err error) {
	if r.RemoteID == "" {
		return "", false, errors.New("referral without Microsoft's id")
	}
	if id, err = s.newID(); err != nil {
		return "", false, err
	}
	r = readable(r)
	now := s.clock()
	if r.UpdatedAt.IsZero() {
		r.UpdatedAt = now
	}
	row := []any{id, r.RemoteID, r.OwnerID, r.EngagementID, r.Kind, r.DraftID, r.SendID, r.Deal,
		r.Name, r.Customer, r.ExternalReferenceID, r.Country, r.DealValue, amount(r.DealValue),
		r.Currency, r.ClosingDate, r.Status, r.Substatus, r.ETag, searchText(r), micros(now),
		micros(r.UpdatedAt), r.SenderID, plain(teamText(r.Team)), r.Direction, micros(r.OpenedAt),
		micros(r.DecidedAt), micros(r.ExpiresAt), micros(r.FetchedAt)}
	err = tx.QueryRowContext(ctx, addReferral, row...).Scan(&alone)
	if errors.Is(err, sql.ErrNoRows) {
		if err := s.archive(ctx, tx, r); err != nil {
			return "", false, err
		}
		err = tx.QueryRowContext(ctx, saveReferral, row...).Scan(&id)
	}
	if err != nil {
		return "", false, err
	}
	return id, alone, later(ctx, tx, `
		INSERT INTO referral_answers (referral_id, raw, stored_at) VALUES ($1, $2, $3)
		ON CONFLICT (referral_id) DO UPDATE SET raw = excluded.raw,
			stored_at = excluded.stored_at, removed_at = 0`, id, blob(r.Raw), micros(now))
}

// amount is the deal value as a number to sort by. A value that is not a number counts as 0.
func amount(value string) float64 {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0
	}
	return f
}

// searchText is the text that a list's search looks into. The name comes first because the list is
// also sorted by this column.
func searchText(r referral.Referral) string {
	return start(strings.ToLower(strings.Join([]string{
		r.Name, r.Customer, r.ExternalReferenceID, r.EngagementID, r.RemoteID}, "\n")), maxSought)
}

// teamText holds the addresses so that a search for one, or a part of one, finds it.
func teamText(team []string) string { return plain(strings.ToLower(strings.Join(team, "\n"))) }
