package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"tandem/internal/referral"
)

// section is a part of what is kept about a person: the rows of a query whose $1 is his id.
type section struct{ name, query string }

// sections are everything that is kept about a person and what he made, without what would let
// others act as him: of tokens and sessions only the times are included.
func sections() []section {
	const (
		sends    = `SELECT id FROM sends WHERE owner_id = $1`
		drafts   = `SELECT id FROM drafts WHERE owner_id = $1`
		own      = `SELECT id FROM referrals WHERE owner_id = $1`
		changes  = `SELECT id FROM changes WHERE owner_id = $1`
		attempts = `send_id, number, request_id, correlation_id, started_at, sent_at, ended_at,
			status, headers, body`
	)
	return []section{
		{"profile", `SELECT id, key, name, given_name, family_name, email, login_hint, admin,
			last_answers, created_at, signed_in_at, erased_at FROM users WHERE id = $1`},
		{"preferences", `SELECT doc, zone, updated_at FROM preferences WHERE user_id = $1`},
		{"sessions", `SELECT created_at, seen_at, expires_at FROM sessions WHERE user_id = $1
			ORDER BY created_at`},
		{"tokens", `SELECT updated_at FROM tokens WHERE user_id = $1`},
		{"drafts", `SELECT id, name, customer, deal, reached, revision, doc, sent, deleted_at,
			created_at, updated_at FROM drafts WHERE owner_id = $1 ORDER BY created_at, id`},
		{"typed_and_not_saved", `SELECT subject, page, form, signed_out, typed_at
			FROM working_copies WHERE user_id = $1 ORDER BY typed_at, subject, page`},
		{"typed_while_signed_out", `SELECT subject, page, typed_at FROM stashes
			WHERE user_id = $1 ORDER BY typed_at, subject, page`},
		{"sends", `SELECT id, kind, draft_id, revision, state, name, customer,
			external_reference_id, engagement_id, referral_id, body, outcome, wait_until,
			superseded, created_at, updated_at
			FROM sends WHERE owner_id = $1 ORDER BY created_at, id`},
		{"attempts", `SELECT ` + attempts + ` FROM attempts WHERE send_id IN (` + sends + `)
			ORDER BY started_at, send_id, number`},
		{"consents", `SELECT send_id, doc FROM consents WHERE send_id IN (` + sends + `)
			ORDER BY send_id`},
		{"referrals", `SELECT r.id, r.remote_id, r.engagement_id, r.kind, r.draft_id, r.send_id,
			r.deal, r.name, r.customer, r.external_reference_id, r.country, r.deal_value,
			r.currency, r.closing_date, r.status, r.substatus, r.etag, r.conn_state,
			r.conn_referral_id, r.sender_id, r.team, r.direction, r.fetched_at, r.gone_at,
			a.raw, a.stored_at, a.removed_at, r.created_at, r.updated_at
			FROM referrals r JOIN referral_answers a ON a.referral_id = r.id
			WHERE r.owner_id = $1 ORDER BY r.created_at, r.id`},
		{"earlier_answers", `SELECT referral_id, etag, raw, replaced_at FROM referral_versions
			WHERE referral_id IN (` + own + `) ORDER BY replaced_at, referral_id`},
		{"looked_at", `SELECT referral_id, etag, seen_at FROM referral_seen WHERE user_id = $1
			ORDER BY seen_at, referral_id`},
		{"listings", `SELECT state, seen, outcome, wait_until, started_at, moved_at, fresh_at,
			entire_at FROM listings WHERE user_id = $1`},
		{"connections", `SELECT referral_id, doc, revision, updated_at FROM connects
			WHERE referral_id IN (` + own + `) ORDER BY updated_at, referral_id`},
		{"changes", `SELECT id, referral_id, section, base_etag, edits, body, state, outcome,
			wait_until, created_at, updated_at
			FROM changes WHERE owner_id = $1 ORDER BY created_at, id`},
		{"attempts_of_changes", `SELECT ` + attempts + ` FROM change_attempts
			WHERE send_id IN (` + changes + `) ORDER BY started_at, send_id, number`},
		{"events", `SELECT id, at, user_id, kind, draft_id, send_id, referral_id, detail
			FROM events WHERE user_id = $1 OR draft_id IN (` + drafts + `)
				OR send_id IN (` + sends + `) OR referral_id IN (` + own + `) ORDER BY id`},
		{"settings_changed", `SELECT at, what, kind, was, became FROM settings_history
			WHERE user_id = $1 ORDER BY id`},
	}
}

// Export writes everything that is kept about a person as one JSON object with a list for each kind
// of thing. A person may have his own, an admin everybody's; to anyone else he does not exist
// (referral.ErrNotFound). After an error the output is not complete, and no JSON.
func (s *Store) Export(
	ctx context.Context, c referral.Caller, userID string, w io.Writer,
) error {
	if c.UserID == "" || c.UserID != userID && !c.Admin {
		return wrap(referral.ErrNotFound, "exporting the data of user %s", userID)
	}
	err := s.read(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT id FROM users WHERE id = $1`, userID).
			Scan(&userID); err != nil {
			return err
		}
		out := bufio.NewWriter(w)
		fmt.Fprintf(out, "{\n\"exported_at\": %q", s.clock().Format(time.RFC3339))
		for _, part := range sections() {
			if err := export(ctx, tx, userID, part, out); err != nil {
				return wrap(err, "reading %s", part.name)
			}
		}
		fmt.Fprint(out, "\n}\n")
		return out.Flush()
	})
	return wrap(err, "exporting the data of user %s", userID)
}

// export writes one list, a line for each row.
func export(
	ctx context.Context, q querier, userID string, part section, out *bufio.Writer,
) error {
	rows, err := q.QueryContext(ctx, part.query, userID)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, ",\n%q: [", part.name)
	for n := 0; rows.Next(); n++ {
		line, err := exportRow(rows, names)
		if err != nil {
			return err
		}
		if n > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintf(out, "\n  %s", line)
	}
	fmt.Fprint(out, "]")
	return rows.Err()
}

// exportRow returns a row as a JSON object.
func exportRow(r row, names []string) ([]byte, error) {
	values, fields := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		fields[i] = &values[i]
	}
	if err := r.Scan(fields...); err != nil {
		return nil, err
	}
	object := map[string]any{}
	for i, name := range names {
		object[name] = exported(name, values[i])
	}
	return json.Marshal(object)
}

// exported returns a column's value for people: times as text, null for the zero time, and
// documents as JSON.
func exported(name string, value any) any {
	switch v := value.(type) {
	case int64:
		if name != "at" && name != "wait_until" && !strings.HasSuffix(name, "_at") {
			return v
		}
		if v == 0 {
			return nil
		}
		return fromMicros(v).Format(time.RFC3339Nano)
	case []byte:
		return asDocument(string(v))
	case string:
		return asDocument(v)
	}
	return value
}

// asDocument returns a JSON object or list as JSON, and any other text as text.
func asDocument(text string) any {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if json.Valid([]byte(text)) {
			return json.RawMessage(text)
		}
	}
	return text
}
