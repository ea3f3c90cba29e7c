package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"tandem/internal/referral"
)

// place is a column whose documents can hold e-mail addresses.
type place struct {
	table, column string
	// keys are the columns that name a row; the first is what busy and deal have as $1.
	keys []string
	// busy is the SQL that counts unfinished sends and changes that need the document unchanged.
	busy string
	// deal is the SQL for the draft that the document comes from.
	deal string
	// count is the number in Traces that counts the document.
	count func(*referral.Traces) *int
}

// unfinished is the SQL for the states of sends and changes that are not done, nor ended by an
// admin.
const unfinished = ` AND state NOT IN ('accepted', 'rejected', 'cancelled')
	AND outcome <> '{"kind":"ended"}'`

// places are all columns that can hold an address, apart from those of people who signed in and of
// what was typed and not saved. A test checks that every column of the database is in one of the
// lists.
func places() []place {
	const (
		ofSend   = `SELECT draft_id FROM sends WHERE id = $1`
		ofChange = `SELECT r.draft_id FROM referrals r JOIN changes c ON c.referral_id = r.id
			WHERE c.id = $1`
		ofReferral = `SELECT draft_id FROM referrals WHERE id = $1`

		sendBusy    = `SELECT COUNT(*) FROM sends WHERE id = $1 AND superseded = 0` + unfinished
		draftBusy   = `SELECT COUNT(*) FROM sends WHERE draft_id = $1 AND superseded = 0` + unfinished
		connectBusy = `SELECT COUNT(*) FROM sends
			WHERE referral_id = $1 AND superseded = 0` + unfinished
		changeBusy   = `SELECT COUNT(*) FROM changes WHERE id = $1` + unfinished
		referralBusy = `SELECT COUNT(*) FROM changes WHERE referral_id = $1` + unfinished
	)
	id, attempt := []string{"id"}, []string{"send_id", "number"}
	return []place{
		{"drafts", "doc", id, draftBusy, `SELECT id FROM drafts WHERE id = $1`, drafts},
		{"connects", "doc", []string{"referral_id"}, connectBusy, ofReferral, drafts},
		{"sends", "body", id, sendBusy, ofSend, sends},
		{"sends", "outcome", id, sendBusy, ofSend, answers},
		{"consents", "doc", []string{"send_id"}, sendBusy, ofSend, sends},
		{"attempts", "body", attempt, sendBusy, ofSend, answers},
		{"referrals", "team", id, referralBusy, ofReferral, answers},
		{"referral_answers", "raw", []string{"referral_id"}, referralBusy, ofReferral, answers},
		{"referral_versions", "raw", []string{"referral_id", "etag"}, referralBusy, ofReferral,
			answers},
		{"changes", "edits", id, changeBusy, ofChange, changes},
		{"changes", "body", id, changeBusy, ofChange, changes},
		{"changes", "outcome", id, changeBusy, ofChange, answers},
		{"change_attempts", "body", attempt, changeBusy, ofChange, answers},
	}
}

func drafts(t *referral.Traces) *int  { return &t.Drafts }
func sends(t *referral.Traces) *int   { return &t.Sends }
func changes(t *referral.Traces) *int { return &t.Changes }
func answers(t *referral.Traces) *int { return &t.Answers }

// trace is a document that names the person.
type trace struct {
	place
	key []any
}

// where is the condition for the row, with placeholders from $1.
func (p place) where() string {
	var terms []string
	for i, key := range p.keys {
		terms = append(terms, fmt.Sprintf("%s = $%d", key, i+1))
	}
	return strings.Join(terms, " AND ")
}

// FindContact tells an admin where an e-mail address occurs in all that is kept. It is
// referral.ErrNotAdmin for reps.
func (s *Store) FindContact(
	ctx context.Context, c referral.Caller, address string,
) (referral.Traces, error) {
	if err := mayChange(c); err != nil {
		return referral.Traces{}, wrap(err, "looking for a contact")
	}
	_, counts, err := s.traces(ctx, address)
	return counts, wrap(err, "looking for a contact")
}

// EraseContact removes the person with an e-mail address from everything that is kept, and records
// in the history that it happened and to which deals. It is referral.ErrNotAdmin for reps, and a
// *referral.BusyError when a send or change with the person is not done; then nothing is erased.
func (s *Store) EraseContact(
	ctx context.Context, c referral.Caller, address string,
) (counts referral.Traces, err error) {
	if err := mayChange(c); err != nil {
		return counts, wrap(err, "erasing a contact")
	}
	counts, err = s.eraseAddress(ctx, c, address)
	return counts, wrap(err, "erasing a contact")
}

func (s *Store) eraseAddress(
	ctx context.Context, c referral.Caller, address string,
) (referral.Traces, error) {
	all, counts, err := s.traces(ctx, address)
	if err == nil && counts.Busy > 0 {
		err = &referral.BusyError{Unfinished: counts.Busy}
	}
	if err != nil {
		return counts, err
	}
	told := map[string]bool{}
	for _, one := range all {
		deal, err := s.eraseTrace(ctx, c, one, address, told)
		if err != nil {
			return counts, wrap(err, "in %s", one.table)
		}
		told[deal] = true
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := eraseForms(ctx, tx, address); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, referral.Event{Kind: referral.EventContactErased,
			UserID: c.UserID, Detail: fmt.Sprintf("in %d places", counts.Total())})
	})
	return counts, err
}

// traces looks through all documents.
func (s *Store) traces(
	ctx context.Context, address string,
) (all []trace, counts referral.Traces, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		all, counts = nil, referral.Traces{}
		for _, p := range places() {
			keys, err := p.find(ctx, tx, address)
			if err != nil {
				return wrap(err, "in %s", p.table)
			}
			*p.count(&counts) += len(keys)
			for _, key := range keys {
				var busy int
				if err := tx.QueryRowContext(ctx, p.busy, key[0]).Scan(&busy); err != nil {
					return err
				}
				counts.Busy += min(busy, 1)
				all = append(all, trace{p, key})
			}
		}
		forms, err := formsWith(ctx, tx, address)
		counts.Typed = len(forms)
		return err
	})
	return all, counts, err
}

// find returns the keys of the rows whose document names the person.
func (p place) find(ctx context.Context, q querier, address string) ([][]any, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+strings.Join(p.keys, ", ")+`, `+p.column+
		` FROM `+p.table+` WHERE `+p.column+` IS NOT NULL`)
	keys, err := collect(rows, err, func(r row) ([]any, error) {
		key, fields := make([]any, len(p.keys)), []any{}
		for i := range key {
			fields = append(fields, &key[i])
		}
		var doc []byte
		if err := r.Scan(append(fields, &doc)...); err != nil {
			return nil, err
		}
		if _, found := without(doc, address); !found {
			return nil, nil
		}
		return key, nil
	})
	var out [][]any
	for _, key := range keys {
		if key != nil {
			out = append(out, key)
		}
	}
	return out, err
}

// without returns a document without the person. A document that is not JSON counts as text.
func without(doc []byte, address string) (out []byte, found bool) {
	_, domain, _ := strings.Cut(address, "@")
	if plainASCII(domain) && !bytes.Contains(bytes.ToLower(doc), []byte(domain)) {
		return doc, false
	}
	if out, found, err := referral.ErasePerson(doc, address); err == nil {
		return out, found
	}
	text := referral.EraseAddress(string(doc), address)
	return []byte(text), text != string(doc)
}

// plainASCII tells whether JSON always writes the text without escapes.
func plainASCII(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return r > '~' || r <= ' ' || strings.ContainsRune(`"\/<>&`, r)
	}) < 0
}

// eraseTrace removes the person from one document, unless a send or change that needs it has begun
// meanwhile. It adds an event to the deal's history, unless one was added already. deal is the id
// of the deal's draft and may be empty.
func (s *Store) eraseTrace(
	ctx context.Context, c referral.Caller, t trace, address string, told map[string]bool,
) (deal string, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := t.lock(ctx, tx); err != nil {
			return err
		}
		var doc []byte
		err := tx.QueryRowContext(ctx, `SELECT `+t.column+` FROM `+t.table+` WHERE `+t.where(),
			t.key...).Scan(&doc)
		if err != nil {
			return err
		}
		doc, _ = without(doc, address)
		if err := t.save(ctx, tx, doc); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, t.deal, t.key[0])
		ids, err := collect(rows, err, scanString)
		if deal = strings.Join(ids, ""); err != nil || deal == "" || told[deal] {
			return err
		}
		return s.addEvent(ctx, tx, referral.Event{Kind: referral.EventContactErased,
			UserID: c.UserID, DraftID: deal})
	})
	return deal, err
}

// lock locks the row, by an update that changes nothing, and makes sure that no unfinished send or
// change needs the document.
func (t trace) lock(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE `+t.table+` SET `+t.column+` = `+t.column+
		` WHERE `+t.where(), t.key...)
	var busy int
	if err == nil {
		err = tx.QueryRowContext(ctx, t.busy, t.key[0]).Scan(&busy)
	}
	if err == nil && busy > 0 {
		err = &referral.BusyError{Unfinished: busy}
	}
	return err
}

// save stores a document, as bytes or as text like the column.
func (t trace) save(ctx context.Context, tx *sql.Tx, doc []byte) error {
	var value any = doc
	if t.column != "body" && t.column != "raw" {
		value = string(doc)
	}
	set := t.column + ` = $` + fmt.Sprint(len(t.key)+1)
	// Whoever has the page open must not save the person again without noticing. A draft that was
	// sent does not change any more.
	switch t.table {
	case "drafts":
		set += `, revision = revision + 1 - sent`
	case "connects":
		set += `, revision = revision + 1`
	}
	_, err := tx.ExecContext(ctx, `UPDATE `+t.table+` SET `+set+` WHERE `+t.where(),
		append(append([]any{}, t.key...), value)...)
	return err
}

// form is what was typed on a page and not saved.
type form struct{ userID, subject, page, text string }

// formsWith returns the forms that name the person.
func formsWith(ctx context.Context, q querier, address string) ([]form, error) {
	rows, err := q.QueryContext(ctx, `SELECT user_id, subject, page, form FROM working_copies`)
	all, err := collect(rows, err, func(r row) (f form, err error) {
		err = r.Scan(&f.userID, &f.subject, &f.page, &f.text)
		return f, err
	})
	var out []form
	for _, f := range all {
		text, err := url.QueryUnescape(f.text)
		if err != nil {
			text = f.text
		}
		if referral.EraseAddress(text, address) != text {
			out = append(out, f)
		}
	}
	return out, err
}

// eraseForms forgets the forms that name the person.
func eraseForms(ctx context.Context, tx *sql.Tx, address string) error {
	all, err := formsWith(ctx, tx, address)
	for _, f := range all {
		_, err := tx.ExecContext(ctx, `
			DELETE FROM working_copies WHERE user_id = $1 AND subject = $2 AND page = $3`,
			f.userID, f.subject, f.page)
		if err != nil {
			return err
		}
	}
	return err
}
