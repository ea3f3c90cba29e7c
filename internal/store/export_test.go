package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/referral"
)

// Write runs fn in a transaction.
func (s *Store) Write(ctx context.Context, fn func(tx *sql.Tx) error) error { return s.write(ctx, fn) }

// Old makes a database as it was after a migration, and fills it.
func Old(ctx context.Context, o Options, version int64, fill func(db *sql.DB) error) error {
	s := newStore(o)
	if err := s.connect(); err != nil {
		return err
	}
	p, err := s.migrations()
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	if err == nil {
		err = fill(s.writer)
	}
	return errors.Join(err, s.Close())
}

// Waiting is how many wait for their turn to write.
func (s *Store) Waiting() int { return int(s.group.waiting.Load()) }

// Reader are the connections that read.
func (s *Store) Reader() *sql.DB { return s.reader }

// ListQuery is the statement of a list's first page, for looking at its plan.
func ListQuery(c referral.Caller, f referral.Filter) (string, []any) {
	query, a := listQuery(c, f, 1)
	return query, a
}

// NumbersQuery is the statement of a list's numbers.
func NumbersQuery(c referral.Caller, f referral.Filter) (string, []any) {
	query, a := numbersQuery(c, f, true)
	return query, a
}

// NewestReferrals is the first page of everything, with something happening between its two
// queries.
func NewestReferrals(
	ctx context.Context, s *Store, c referral.Caller, between func(),
) (referral.List, error) {
	return newestReferrals(ctx, &interrupted{querier: s.reader, do: between}, c, referral.Filter{})
}

// interrupted does something before the second query.
type interrupted struct {
	querier
	queries int
	do      func()
}

func (i *interrupted) count() {
	if i.queries++; i.queries == 2 {
		i.do()
	}
}

func (i *interrupted) QueryContext(
	ctx context.Context, query string, args ...any,
) (*sql.Rows, error) {
	i.count()
	return i.querier.QueryContext(ctx, query, args...)
}

func (i *interrupted) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	i.count()
	return i.querier.QueryRowContext(ctx, query, args...)
}

// Places are the tables and columns that may hold anybody's address, as table.column.
func Places() (all []string) {
	for _, p := range places() {
		all = append(all, p.table+"."+p.column)
	}
	return all
}

// OpenSends is the condition of sends that may still move, for looking at the plan.
const OpenSends = openSends

// Later has a statement carried out that nobody waits for.
func Later(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	return later(ctx, tx, query, args...)
}
