package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
)

// mostTogether is how many writes share a commit: with more of them, those who came first wait longer
// for the last than all do for the disk.
const mostTogether = 12

// group is the one writer of SQLite. To wait for the disk takes longer than most of what is written,
// so that those who come while another writes join his transaction. It is committed once nobody
// waits, and none of them returns before.
//
// Few writes fail. When one of several does, all are undone, and each is done once more in a
// transaction of its own: a savepoint for each would cost every write what few need.
type group struct {
	db      *sql.DB
	waiting atomic.Int32
	mu      sync.Mutex // held by whose turn it is
	open    *batch
}

// batch is a transaction of one or several writes.
type batch struct {
	tx     *sql.Tx
	writes int
	// lost says why nothing of it can be committed, once that is so.
	lost error
	// done is closed when the transaction has ended; err is what all that was written came to.
	done chan struct{}
	err  error
}

// errUndone is what becomes of a batch in which not all writes did well.
var errUndone = errors.New("another write of the same transaction failed")

// write runs fn in a transaction, perhaps with others before and after it, of which it is independent:
// its error undoes its own changes alone. It returns when the transaction is committed. It may run fn
// twice; then nothing of the first time is left in the database.
func (g *group) write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	err := g.turn(ctx, fn, false)
	if errors.Is(err, errUndone) {
		err = g.turn(ctx, fn, true)
	}
	return err
}

// turn waits for the turn, runs fn, and waits for the end of the transaction.
func (g *group) turn(ctx context.Context, fn func(tx *sql.Tx) error, alone bool) error {
	b, err := g.take(ctx, fn, alone)
	if b == nil {
		return err
	}
	<-b.done
	if b.err != nil {
		return b.err
	}
	return err
}

// take waits for the turn, runs fn, and ends the transaction unless another is to join it. Who waits
// does so in any case, as others may count on him; he only does nothing when ctx has ended.
func (g *group) take(
	ctx context.Context, fn func(tx *sql.Tx) error, alone bool,
) (b *batch, err error) {
	g.waiting.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting.Add(-1)
	defer func() { g.settle(alone) }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if alone {
		g.settle(true)
	}
	if g.open == nil {
		// A statement that is cut short takes all of its transaction with it.
		tx, err := g.db.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return nil, err
		}
		g.open = &batch{tx: tx, done: make(chan struct{})}
	}
	b = g.open
	return b, b.add(fn)
}

// settle ends the transaction if it must, or if nobody is to join it.
func (g *group) settle(must bool) {
	b := g.open
	if b == nil || !must && b.lost == nil && b.writes < mostTogether && g.waiting.Load() > 0 {
		return
	}
	g.open = nil
	b.end()
}

// add runs a write. When it fails, so does all of the transaction; alone in it, for its own reason.
func (b *batch) add(fn func(tx *sql.Tx) error) error {
	b.writes++
	b.lost = errUndone // until fn returns
	err := fn(b.tx)
	switch {
	case err == nil:
		b.lost = nil
	case b.writes == 1:
		b.lost = err
	}
	return err
}

// end commits what was written, or undoes all of it when it is lost.
func (b *batch) end() {
	defer close(b.done)
	if b.lost != nil {
		b.err = errors.Join(b.lost, b.tx.Rollback())
		return
	}
	b.err = b.tx.Commit()
}
