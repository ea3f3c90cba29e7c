package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// mostTogether is how many writes share a commit.
const mostTogether = 32

// group is the one writer of SQLite. To wait for the disk takes longer than most of what is written,
// so that those who come while another writes join his transaction. It is committed once nobody
// waits, and none of them returns before.
type group struct {
	db      *sql.DB
	waiting atomic.Int32
	mu      sync.Mutex // held by whose turn it is
	open    *batch
}

// batch is a transaction of several writes.
type batch struct {
	tx     *sql.Tx
	writes int
	// lost says why nothing of it can be committed, once that is so.
	lost error
	// done is closed when the transaction has ended; err is what all that was written came to.
	done chan struct{}
	err  error
}

// write runs fn in a transaction, perhaps with others before and after it, of which it is independent:
// its error undoes its own changes alone. It returns when the transaction is committed.
func (g *group) write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	b, err := g.turn(ctx, fn)
	if b == nil {
		return err
	}
	<-b.done
	if b.err != nil {
		return b.err
	}
	return err
}

// turn waits for the turn, runs fn, and ends the transaction unless another is to join it. Who waits
// does so in any case, as others may count on him; he only does nothing when ctx has ended.
func (g *group) turn(ctx context.Context, fn func(tx *sql.Tx) error) (b *batch, err error) {
	g.waiting.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting.Add(-1)
	defer g.settle()
	if err := ctx.Err(); err != nil {
		return nil, err
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

// settle ends the transaction if nobody is to join it.
func (g *group) settle() {
	b := g.open
	if b == nil || b.lost == nil && b.writes < mostTogether && g.waiting.Load() > 0 {
		return
	}
	g.open = nil
	b.end()
}

var errPanicked = errors.New("another write of the same transaction panicked")

// add runs a write. When it fails the transaction is as it was before.
func (b *batch) add(fn func(tx *sql.Tx) error) (err error) {
	b.lost = errPanicked // until fn returns
	if b.writes++; b.writes > 1 {
		if b.lost = b.exec("SAVEPOINT one"); b.lost != nil {
			return b.lost
		}
		b.lost = errPanicked
	}
	err = fn(b.tx)
	b.lost = nil
	switch {
	case b.writes == 1 && err != nil:
		b.lost = err
	case b.writes > 1 && err != nil:
		if b.lost = b.exec("ROLLBACK TO one"); b.lost == nil {
			b.lost = b.exec("RELEASE one")
		}
	case b.writes > 1:
		b.lost = b.exec("RELEASE one")
	}
	return err
}

func (b *batch) exec(statement string) error {
	if _, err := b.tx.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("writing together: %w", err)
	}
	return nil
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
