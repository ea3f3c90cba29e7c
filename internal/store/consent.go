package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/referral"
)

// keepConsent stores what was said about the customer's consent to a send, in the transaction that
// makes the send due. It is never changed afterwards.
func keepConsent(ctx context.Context, tx *sql.Tx, send referral.Send) error {
	if send.Consent == nil {
		return nil
	}
	doc, err := document(send.Consent)
	if err != nil {
		return err
	}
	return later(ctx, tx, `INSERT INTO consents (send_id, doc) VALUES ($1, $2)`, send.ID, doc)
}

// Consent returns what the rep had said about the customer's consent when a send of the caller was
// made due, nil when nothing was kept.
func (s *Store) Consent(
	ctx context.Context, c referral.Caller, sendID string,
) (*referral.ConsentReceipt, error) {
	a := args{sendID}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT k.doc FROM consents k JOIN sends s ON s.id = k.send_id
		WHERE k.send_id = $1 AND `+a.visible("s", c), a...)
	docs, err := collect(rows, err, scanString)
	if err != nil || len(docs) == 0 {
		return nil, wrap(err, "loading the consent of send %s", sendID)
	}
	r := &referral.ConsentReceipt{}
	err = json.Unmarshal([]byte(docs[0]), r)
	return r, wrap(err, "reading the consent of send %s", sendID)
}
