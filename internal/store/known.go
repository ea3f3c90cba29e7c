package store

import (
	"context"

	"tandem/internal/referral"
)

// Known tells whether the referral with Microsoft's id is stored as that of a send, whoever owns
// it. Then no later send created it. A referral that was only fetched is not Known.
func (s *Store) Known(ctx context.Context, remoteID string) (bool, error) {
	known, err := isKnown(ctx, s.reader, remoteID)
	return known, wrap(err, "looking for a known referral")
}

func isKnown(ctx context.Context, q querier, remoteID string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM referrals WHERE remote_id = $1 AND send_id <> ''`,
		plain(remoteID)).Scan(&n)
	return n > 0, err
}

// Rival tells whether another send that looks the same is in the middle of an attempt. If so, what
// a look-up finds for this send may have been created by the other one.
func (s *Store) Rival(ctx context.Context, send referral.Send) (bool, error) {
	var n int
	err := s.reader.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM sends s WHERE `+openSends+` AND s.state = 'sending'
			AND s.id <> $1 AND s.kind = $2 AND s.external_reference_id = $3 AND s.engagement_id = $4`,
		send.ID, send.Kind, send.ExternalReferenceID, send.EngagementID).Scan(&n)
	return n > 0, wrap(err, "looking for a rival of send %s", send.ID)
}

// Connected tells whether any list showed a referral for Microsoft in the engagement, whoever
// created it.
func (s *Store) Connected(ctx context.Context, engagementID string) (bool, error) {
	var n int
	err := s.reader.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM referrals
		WHERE engagement_id = $1 AND kind = 'microsoft' AND gone_at = 0`, engagementID).Scan(&n)
	return n > 0, wrap(err, "looking for a referral for Microsoft")
}
