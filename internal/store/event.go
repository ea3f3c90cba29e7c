package store

import (
	"context"
	"database/sql"
	"strings"

	"tandem/internal/referral"
)

// addEvent appends events to the history, in this order. Triggers keep anybody from changing or
// removing events.
func (s *Store) addEvent(ctx context.Context, tx *sql.Tx, events ...referral.Event) error {
	var a args
	rows := make([]string, len(events))
	for i, e := range events {
		rows[i] = "(" + strings.Join([]string{a.add(micros(s.clock())), a.add(e.UserID),
			a.add(e.Kind), a.add(e.DraftID), a.add(e.SendID), a.add(e.ReferralID),
			a.add(e.Detail)}, ", ") + ")"
	}
	err := later(ctx, tx, `
		INSERT INTO events (at, user_id, kind, draft_id, send_id, referral_id, detail)
		VALUES `+strings.Join(rows, ", "), a...)
	return wrap(err, "adding event %s", events[0].Kind)
}

// History returns what happened to a referral, to the one connected with it, and to the draft and
// sends they came from, oldest first. The id may be of either referral.
func (s *Store) History(
	ctx context.Context, c referral.Caller, referralID string,
) (all []referral.Event, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		own, err := loadOwn(ctx, tx, c, referralID)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT e.at, e.user_id, COALESCE(u.name, ''), e.kind, e.draft_id, e.send_id,
				e.referral_id, e.detail
			FROM events e LEFT JOIN users u ON u.id = e.user_id
			WHERE (e.draft_id = $1 AND e.draft_id <> '')
				OR (e.referral_id = $2 AND e.referral_id <> '')
			ORDER BY e.id`, own.DraftID, own.ID)
		all, err = collect(rows, err, scanEvent)
		return err
	})
	return all, wrap(err, "loading the history of referral %s", referralID)
}

func scanEvent(r row) (referral.Event, error) {
	var e referral.Event
	var at int64
	err := r.Scan(&at, &e.UserID, &e.UserName, &e.Kind, &e.DraftID, &e.SendID, &e.ReferralID,
		&e.Detail)
	e.At = fromMicros(at)
	return e, err
}
