package store

import (
	"context"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tandem/internal/referral"
)

// querier is what reading needs of a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row is a single result, of *sql.Row or *sql.Rows.
type row interface{ Scan(dest ...any) error }

// write runs fn in a transaction and commits it when fn returns nil. fn may run several times: on
// PostgreSQL after a collision with another transaction, on SQLite, where several writes share a
// commit, when another one fails.
func (s *Store) write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	if s.pool != nil {
		return again(ctx, func() error { return within(ctx, s.writer, nil, fn) })
	}
	return s.group.write(ctx, fn)
}

// read runs fn on one unchanging view of the database.
func (s *Store) read(ctx context.Context, fn func(tx *sql.Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if s.pool != nil {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return within(ctx, s.reader, opts, fn)
}

// forUpdate returns the query so that it locks the rows it reads of the table, which is given by
// its name in the query, until the transaction ends. SQLite has a single writer anyway.
func (s *Store) forUpdate(table, query string) string {
	if s.pool == nil {
		return query
	}
	return query + " FOR NO KEY UPDATE OF " + table
}

func within(
	ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(tx *sql.Tx) error,
) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// collect scans all rows of a query.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	return collectInto(nil, rows, err, scan)
}

// collectInto is collect for a slice that was made as long as the result may be.
func collectInto[T any](
	out []T, rows *sql.Rows, err error, scan func(row) (T, error),
) ([]T, error) {
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func scanString(r row) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

// wrap adds the operation to an error. It turns "no rows" into referral.ErrNotFound, and errors of
// an unreachable or full database into referral.ErrUnavailable. nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	switch {
	case errors.Is(err, sql.ErrNoRows) || unspeakable(err):
		err = referral.ErrNotFound
	case !errors.Is(err, referral.ErrUnavailable) && (unreachable(err) || unwritable(err)):
		err = fmt.Errorf("%w: %w", referral.ErrUnavailable, err)
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// newID returns 26 letters and digits that are safe in URLs: 48 bits of time in milliseconds, so
// that rows of the same time are close together in every index, and 80 random bits.
func (s *Store) newID() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(s.rand, raw[6:]); err != nil {
		return "", wrap(err, "making an id")
	}
	now := uint64(s.now().UnixMilli())
	binary.BigEndian.PutUint16(raw[:], uint16(now>>32))
	binary.BigEndian.PutUint32(raw[2:], uint32(now))
	padded := base32.HexEncoding.EncodeToString(raw[:]) // sorts like the bytes
	return strings.ToLower(strings.TrimRight(padded, "=")), nil
}

// clock returns the present time with the precision that the database stores.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// micros is the stored form of a time; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// moment scans the stored form of a time.
func moment(t *time.Time) sql.Scanner { return stamped{t} }

type stamped struct{ t *time.Time }

// Scan implements sql.Scanner.
func (s stamped) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	*s.t = fromMicros(n)
	return nil
}

// flag is the stored form of a bool.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// blob is the stored form of bytes that may be nil.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// document is the stored form of a value without columns of its own.
func document(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), wrap(err, "encoding")
}

// args collects the arguments of a statement that is put together from parts.
type args []any

// add returns the placeholder of one more argument.
func (a *args) add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// states returns the placeholders of a list of states, for IN.
func (a *args) states(all []referral.State) string {
	texts := make([]string, len(all))
	for i, state := range all {
		texts[i] = string(state)
	}
	return a.list(texts)
}

// list returns the placeholders of a list of texts, for IN.
func (a *args) list(all []string) string {
	marks := make([]string, len(all))
	for i, text := range all {
		marks[i] = a.add(text)
	}
	return strings.Join(marks, ", ")
}

// atMost is a LIMIT clause with the number in the text. With a placeholder PostgreSQL would make a
// new plan at each call, because its generic plan looks so much worse.
func atMost(n int) string { return " LIMIT " + strconv.Itoa(n) }

// visible returns the condition that the caller may see a row of the table; an admin's is always
// true, which leaves the planner free to use an index without the owner.
func (a *args) visible(table string, c referral.Caller) string {
	if c.Admin {
		return "1 = 1"
	}
	return table + ".owner_id = " + a.add(c.UserID)
}
