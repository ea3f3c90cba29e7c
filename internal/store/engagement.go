package store

import (
	"context"
	"database/sql"
)

// represent chooses, of all people's rows of each referral, the one that stands for it in the lists
// of those who see everybody's: its sender's, else that of whoever has it longest. It also tells
// the others who sent it. A row that is the only one of its referral is left alone.
func represent(ctx context.Context, tx *sql.Tx, remoteIDs []string) error {
	if len(remoteIDs) == 0 {
		return nil
	}
	var a args
	return later(ctx, tx, `
		UPDATE referrals SET
			listed = CASE WHEN id = (SELECT o.id FROM referrals o
				WHERE o.remote_id = referrals.remote_id
				ORDER BY o.gone_at <> 0, o.send_id = '', o.created_at, o.id LIMIT 1)
				THEN 1 ELSE 0 END,
			sender_id = COALESCE((SELECT o.owner_id FROM referrals o
				WHERE o.remote_id = referrals.remote_id AND o.send_id <> ''
				ORDER BY o.created_at, o.id LIMIT 1), sender_id)
		WHERE remote_id IN (`+a.list(remoteIDs)+`) AND (listed = 0 OR EXISTS (
			SELECT 1 FROM referrals o
			WHERE o.remote_id = referrals.remote_id AND o.id <> referrals.id))`, a...)
}

// connectByEngagement joins the own referrals of a person with Microsoft's of the same engagement.
// A send that is still to create the connected referral, or may have done so, has the say until it
// rests.
func connectByEngagement(
	ctx context.Context, tx *sql.Tx, owner string, engagements []string,
) error {
	if len(engagements) == 0 {
		return nil
	}
	a := args{owner}
	_, err := tx.ExecContext(ctx, `
		UPDATE referrals SET conn_state = 'accepted', conn_referral_id = m.id
		FROM referrals m
		WHERE referrals.owner_id = $1 AND referrals.kind = 'own'
			AND referrals.conn_state IN ('', 'cancelled', 'rejected')
			AND m.owner_id = $1 AND m.kind = 'microsoft' AND m.gone_at = 0
			AND m.engagement_id = referrals.engagement_id AND m.engagement_id <> ''
			AND referrals.engagement_id IN (`+a.list(engagements)+`)`, a...)
	return err
}

// describeConnected copies what the connected referrals say to the own ones.
func describeConnected(
	ctx context.Context, tx *sql.Tx, owner string, engagements []string,
) error {
	if len(engagements) == 0 {
		return nil
	}
	a := args{owner}
	return later(ctx, tx, `
		UPDATE referrals SET conn_status = m.status, conn_substatus = m.substatus,
			conn_opened_at = m.opened_at, conn_decided_at = m.decided_at,
			conn_expires_at = m.expires_at
		FROM referrals m
		WHERE referrals.owner_id = $1 AND referrals.kind = 'own'
			AND m.id = referrals.conn_referral_id
			AND referrals.engagement_id IN (`+a.list(engagements)+`)`, a...)
}

// disconnectGone undoes connections with referrals that are gone, unless they were made from here.
func disconnectGone(ctx context.Context, tx *sql.Tx, owner string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE referrals SET conn_state = '', conn_referral_id = '', conn_status = '',
			conn_substatus = '', conn_opened_at = 0, conn_decided_at = 0, conn_expires_at = 0
		WHERE owner_id = $1 AND conn_referral_id <> ''
			AND conn_referral_id IN (SELECT m.id FROM referrals m
				WHERE m.owner_id = $1 AND m.gone_at <> 0 AND m.send_id = '')`, owner)
	return err
}
