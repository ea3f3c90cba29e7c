package store

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// mostTogether is how many writes share a commit at most. With more, the first ones would wait
// longer for the last one than all of them for the disk.
const mostTogether = 12

// group is the single writer of SQLite. Waiting for the disk takes longer than most writes, so
// writers that arrive while another one writes join its transaction. The transaction is committed
// as soon as nobody else waits, and no writer returns before the commit.
//
// When one of several writes fails, all are rolled back, and each is run again in a transaction of
// its own. Few writes fail, so that this costs less than a savepoint for each of them.
type group struct {
	db      *sql.DB
	waiting atomic.Int32
	mu      sync.Mutex // held by the writer whose turn it is
	open    *batch
}

// batch is a transaction of one or several writes.
type batch struct {
	tx     *sql.Tx
	writes int
	// lost is why the batch cannot be committed; nil while it can.
	lost error
	// done is closed when the transaction has ended; err is the result, the same for all writes.
	done chan struct{}
	err  error
}

// errUndone is the error of a write that was rolled back because another one failed.
var errUndone = errors.New("another write of the same transaction failed")

// write runs fn in a transaction and returns when that is committed. Other writes may share the
// transaction, but an error of fn undoes its own changes alone. fn may run twice; then the first
// run has left nothing in the database.
func (g *group) write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	err := g.turn(ctx, fn, false)
	if errors.Is(err, errUndone) {
		err = g.turn(ctx, fn, true)
	}
	return err
}

// turn runs fn when its turn comes, and waits for the end of the transaction.
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

// take runs fn when its turn comes, and ends the transaction unless another writer will join it. It
// waits even when ctx has ended, because an open transaction may be left for it to end; it then
// only does not run fn.
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
		// Cancelling a statement would roll back the whole transaction, and other writes with it.
		tx, err := g.db.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return nil, err
		}
		g.open = &batch{tx: tx, done: make(chan struct{})}
	}
	b = g.open
	return b, b.add(fn)
}

// settle ends the transaction if it must, or if no other writer will join it.
func (g *group) settle(must bool) {
	b := g.open
	if b == nil || !must && b.lost == nil && b.writes < mostTogether && g.another() {
		return
	}
	g.open = nil
	b.end()
}

// another tells whether a writer waits for its turn. Those who are about to write get so far first:
// that takes less time than the commit that they would need otherwise.
func (g *group) another() bool {
	if g.waiting.Load() == 0 {
		runtime.Gosched()
	}
	return g.waiting.Load() > 0
}

// add runs a write. If it fails, the whole transaction is lost: with errUndone, or with the write's
// own error if it was the only one.
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

// end commits the transaction, or rolls it back when it is lost.
func (b *batch) end() {
	defer close(b.done)
	if b.lost != nil {
		b.err = errors.Join(b.lost, b.tx.Rollback())
		return
	}
	b.err = b.tx.Commit()
}
