package store

import (
	"context"

	"tandem/internal/referral"
)

// Known tells whether a referral with Microsoft's id is stored already as that of a send, whoever
// owns it: then it is not what a later one created. One that was only fetched may be.
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

// Rival tells whether another send of the same looks is in the middle of an attempt: then what a
// look-up finds for this one may be what the other has just created.
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
