package main

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tandem/internal/referral"
)

const limitSchema = `
	CREATE TABLE IF NOT EXISTS drafts (id TEXT PRIMARY KEY, doc TEXT NOT NULL);
	CREATE TABLE IF NOT EXISTS referrals (id INTEGER PRIMARY KEY, owner BIGINT NOT NULL,
		state TEXT NOT NULL, name TEXT NOT NULL, customer TEXT NOT NULL,
		deal_value DOUBLE PRECISION NOT NULL, currency TEXT NOT NULL, closing TEXT NOT NULL,
		referral_id TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
		request TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '');
	CREATE INDEX IF NOT EXISTS referrals_owner ON referrals (owner, id DESC)`

// open prepares the statements and returns the connections that read.
func (l *limit) open(driver, source string) (*sql.DB, error) {
	writer, err := openLimit(driver, source, 1)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Exec(limitSchema); err != nil {
		return nil, fmt.Errorf("making the tables: %w", err)
	}
	reader, err := openLimit(driver, source, 4)
	if err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to    **sql.Stmt
		db    *sql.DB
		query string
	}{
		{&l.insert, writer, `INSERT INTO referrals (id, owner, state, name, customer, deal_value,
				currency, closing, created_at, updated_at, request)
			VALUES ($1, $2, 'submitting', $3, $4, $5, $6, $7, $8, $8, $9)`},
		{&l.update, writer, `UPDATE referrals SET state = $1, referral_id = $2, updated_at = $3,
			answer = $4 WHERE id = $5`},
		{&l.save, writer, `INSERT INTO drafts (doc, id) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`},
		{&l.newest, reader, fmt.Sprintf(`SELECT id, deal_value, created_at, name, customer,
				currency, closing, state, referral_id
			FROM referrals WHERE owner = $1 ORDER BY id DESC LIMIT %d`, referral.PageSize)},
	} {
		if *s.to, err = s.db.Prepare(s.query); err != nil {
			return nil, fmt.Errorf("preparing: %w", err)
		}
	}
	l.writes = newGroup(writer)
	l.last.Store(1 << 30) // above the ids of fillLimit
	return reader, nil
}

// fillLimit gives the bare program rows up to n.
func fillLimit(db *sql.DB, n int) error {
	_, err := db.Exec(`WITH RECURSIVE n (i) AS (
			SELECT count(*) + 1 FROM referrals UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO referrals (id, owner, state, name, customer, deal_value, currency, closing,
			referral_id, created_at, updated_at, request)
		SELECT i, $2, 'submitted', 'Deal ' || i, 'Customer ' || i % 997, i * 7 % 10007, 'USD',
			'2027-10-14T00:00:00Z', '37ef26aa-1d15-4533-9f93-' || i, $3, $3, '{}'
		FROM n WHERE i <= $1`, n, bareOwner, time.Now().UnixMicro())
	if err != nil {
		return fmt.Errorf("filling the bare program: %w", err)
	}
	return nil
}

// group is a single writer. It commits the writes that arrived during the last commit together, and
// ends with the process.
type group struct {
	db    *sql.DB
	queue chan *write
}

// write is one statement that waits for its commit.
type write struct {
	stmt *sql.Stmt
	args []any
	err  error
	done chan struct{}
}

// mostTogether is how many writes share a commit.
const mostTogether = 64

func newGroup(db *sql.DB) *group {
	g := &group{db: db, queue: make(chan *write, 256)}
	go g.run()
	return g
}

// exec runs the statement and returns once it is committed to disk.
func (g *group) exec(stmt *sql.Stmt, args ...any) error {
	w := &write{stmt: stmt, args: args, done: make(chan struct{})}
	g.queue <- w
	<-w.done
	return w.err
}

func (g *group) run() {
	for first := range g.queue {
		batch := []*write{first}
		for len(batch) < mostTogether && len(g.queue) > 0 {
			batch = append(batch, <-g.queue)
		}
		err := g.commit(batch)
		for _, w := range batch {
			w.err = errors.Join(w.err, err)
			close(w.done)
		}
	}
}

func (g *group) commit(batch []*write) error {
	tx, err := g.db.Begin()
	if err != nil {
		return err
	}
	for _, w := range batch {
		_, w.err = tx.Stmt(w.stmt).Exec(w.args...)
	}
	return tx.Commit()
}
