package store

import (
	"context"
	"encoding/json"

	"tandem/internal/referral"
)

// OpenDraft returns a draft with all that the page of one of its steps is made of, by one query. A
// deleted one is a *referral.DeletedError.
func (s *Store) OpenDraft(
	ctx context.Context, c referral.Caller, id string, step referral.Step,
) (referral.OpenDraft, error) {
	var last, revision string
	var typedAt int64
	typed := referral.Typed{Subject: id, Page: string(step)}
	draft, err := scanDraft(s.byKey(ctx, `
		SELECT `+draftColumns+`, me.last_answers,
			COALESCE((SELECT value FROM settings WHERE name = $4), ''),
			COALESCE(w.form, ''), COALESCE(w.signed_out, 0) = 1, COALESCE(w.typed_at, 0)
		FROM `+draftTables+` JOIN users me ON me.id = $2
			LEFT JOIN working_copies w ON w.user_id = $2 AND w.subject = $1 AND w.page = $5
		WHERE `+draftOf, id, c.UserID, flag(c.Admin), revisionSetting, typed.Page),
		&last, &revision, &typed.Form, &typed.SignedOut, &typedAt)
	if err != nil {
		return referral.OpenDraft{}, wrap(err, "opening draft %s", id)
	}
	open := referral.OpenDraft{Draft: draft}
	if typedAt != 0 {
		typed.At = fromMicros(typedAt)
		open.Typed = &typed
	}
	if err := json.Unmarshal([]byte(last), &open.Last); err != nil {
		return open, wrap(err, "reading the last answers of user %s", c.UserID)
	}
	open.Settings, err = s.settingsOf(ctx, revision)
	return open, wrap(err, "opening draft %s", id)
}
