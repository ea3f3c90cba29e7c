package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/referral"
)

// listLimit is the most rows of a list that has no pages.
const listLimit = 200

// locking is the SQL of referral.State.Locks, for a table of sends named s.
const locking = `s.state NOT IN ('rejected', 'cancelled')`

// draftDoc is the part of a draft that no query looks into.
type draftDoc struct {
	Answers referral.Answers         `json:"answers"`
	Done    []referral.Step          `json:"done,omitempty"`
	Removed *referral.Removed        `json:"removed,omitempty"`
	Receipt *referral.ConsentReceipt `json:"receipt,omitempty"`
}

func encodeDraft(d referral.Draft) (string, error) {
	return document(draftDoc{Answers: d.Answers, Done: d.Done, Removed: d.Removed,
		Receipt: d.Receipt})
}

// Draft returns a draft with the send that has it, if any. A deleted one is a
// *referral.DeletedError.
func (s *Store) Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error) {
	d, err := loadDraft(ctx, s.reader, c, id)
	return d, wrap(err, "loading draft %s", id)
}

const (
	// draftTables are a draft d, its owner o, who deleted it b, and the send that has it s.
	draftTables = `drafts d JOIN users o ON o.id = d.owner_id
		LEFT JOIN users b ON b.id = d.deleted_by
		LEFT JOIN sends s ON s.draft_id = d.id AND s.kind = 'own' AND ` + locking
	draftColumns = `d.id, d.owner_id, o.name, d.doc, d.reached, d.revision, d.created_at,
		d.updated_at, d.deleted_at, d.deleted_by, COALESCE(b.name, ''), COALESCE(s.id, ''),
		COALESCE(s.state, ''), COALESCE(s.referral_id, '')`
	// draftOf are the conditions of a draft with the id $1 that the person $2 may see, who is an
	// admin if $3 is 1.
	draftOf = `d.id = $1 AND (d.owner_id = $2 OR $3 = 1)`
)

func loadDraft(
	ctx context.Context, q querier, c referral.Caller, id string,
) (referral.Draft, error) {
	return scanDraft(q.QueryRowContext(ctx,
		`SELECT `+draftColumns+` FROM `+draftTables+` WHERE `+draftOf, id, c.UserID, flag(c.Admin)))
}

// scanDraft reads draftColumns and then what more was asked for.
func scanDraft(r row, more ...any) (referral.Draft, error) {
	var d referral.Draft
	var doc, by, deletedBy string
	var created, updated, deleted int64
	err := r.Scan(append([]any{&d.ID, &d.OwnerID, &d.OwnerName, &doc, &d.Reached, &d.Revision,
		&created, &updated, &deleted, &deletedBy, &by, &d.SendID, &d.SendState, &d.ReferralID},
		more...)...)
	if err != nil {
		return referral.Draft{}, err
	}
	if deleted != 0 {
		return referral.Draft{}, &referral.DeletedError{
			By: by, At: fromMicros(deleted), Unused: deletedBy == ""}
	}
	d.CreatedAt, d.UpdatedAt = fromMicros(created), fromMicros(updated)
	var content draftDoc
	err = json.Unmarshal([]byte(doc), &content)
	d.Answers, d.Done, d.Removed = content.Answers, content.Done, content.Removed
	d.Receipt = content.Receipt
	return d, err
}

// Drafts returns the open drafts that the caller may see, newest first, at most 200. A draft is
// open until it is deleted or its referral exists.
func (s *Store) Drafts(
	ctx context.Context, c referral.Caller,
) (all []referral.DraftSummary, err error) {
	var a args
	query := `
		SELECT d.id, u.name, d.name, d.customer, d.deal, d.reached, d.updated_at,
			COALESCE((SELECT MAX(s.updated_at) FROM sends s WHERE s.draft_id = d.id), 0),
			COALESCE((SELECT MAX(w.typed_at) FROM working_copies w WHERE w.subject = d.id), 0),
			(SELECT COUNT(*) FROM sends s WHERE s.draft_id = d.id AND ` + locking + `)
		FROM drafts d JOIN users u ON u.id = d.owner_id
		WHERE d.deleted_at = 0 AND d.sent = 0 AND ` + a.visible("d", c) + `
		ORDER BY d.updated_at DESC` + atMost(listLimit)
	err = s.read(ctx, func(tx *sql.Tx) error {
		stay, err := s.draftsStay(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, query, a...)
		all, err = collect(rows, err, func(r row) (referral.DraftSummary, error) {
			return scanSummary(r, stay)
		})
		return err
	})
	return all, wrap(err, "listing drafts")
}

func scanSummary(r row, stay limit) (referral.DraftSummary, error) {
	var d referral.DraftSummary
	var updated, sent, typed int64
	var locks int
	err := r.Scan(&d.ID, &d.OwnerName, &d.Name, &d.Customer, &d.Deal, &d.Reached, &updated, &sent,
		&typed, &locks)
	d.UpdatedAt = fromMicros(updated)
	if locks == 0 {
		d.DeletedFrom = stay.end(fromMicros(max(updated, sent, typed)))
	}
	return d, err
}

// lockedDraft is what a writer has to know before he changes a draft.
type lockedDraft struct {
	revision  int
	ownerName string
	// sends are those of the draft that no later one took the place of.
	sends []sendOfDraft
}

type sendOfDraft struct {
	id    string
	kind  referral.Kind
	state referral.State
}

// sendID is the one send of a kind that locks the draft, or empty.
func (d lockedDraft) sendID(kind referral.Kind) string {
	for _, one := range d.sends {
		if one.kind == kind && one.state.Locks() {
			return one.id
		}
	}
	return ""
}

// lockDraft makes sure that the caller may change the draft and that nobody else changes it, or
// queues it, before the transaction ends. Only when the row is locked are the sends looked at.
func (s *Store) lockDraft(
	ctx context.Context, tx *sql.Tx, c referral.Caller, id string,
) (lockedDraft, error) {
	var d lockedDraft
	var owner, by string
	var deleted int64
	err := tx.QueryRowContext(ctx, s.forUpdate("d", `
		SELECT d.owner_id, u.name, d.revision, d.deleted_at, d.deleted_by
		FROM drafts d JOIN users u ON u.id = d.owner_id
		WHERE d.id = $1 AND (d.owner_id = $2 OR $3 = 1)`), id, c.UserID, flag(c.Admin),
	).Scan(&owner, &d.ownerName, &d.revision, &deleted, &by)
	switch {
	case err != nil:
		return d, err
	case deleted != 0:
		return d, deletedError(ctx, tx, by, deleted)
	case owner != c.UserID:
		return d, referral.ErrForbidden
	}
	rows, err := tx.QueryContext(ctx,
		`SELECT id, kind, state FROM sends WHERE draft_id = $1 AND superseded = 0`, id)
	d.sends, err = collect(rows, err, func(r row) (one sendOfDraft, err error) {
		err = r.Scan(&one.id, &one.kind, &one.state)
		return one, err
	})
	return d, err
}

func deletedError(ctx context.Context, q querier, by string, at int64) error {
	e := &referral.DeletedError{At: fromMicros(at), Unused: by == ""}
	if e.Unused {
		return e
	}
	err := q.QueryRowContext(ctx, `SELECT name FROM users WHERE id = $1`, by).Scan(&e.By)
	if err != nil {
		return err
	}
	return e
}
