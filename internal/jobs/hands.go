package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/referral"
)

// The reserve, which is the job of a send that a hand carries out, runs after reserveAfter. That is
// longer than a call to Microsoft takes. Reserves that are not needed any more are removed
// together, every tidyEvery.
const (
	reserveAfter = 30 * time.Second
	tidyEvery    = 250 * time.Millisecond
)

// idleFor is how long a hand waits for its next send before it ends.
const idleFor = time.Second

// hands are a pool of goroutines. Each of them, a hand, carries out sends that this process
// received from reps, as soon as they are committed and without the delay of the queue. Most sends
// are committed with their first attempt: if the process dies, others find that this attempt did
// not end. All other sends are committed with a job, the reserve, which is due later. It carries
// the send out if the process has died or the send has to wait; if the send rests by then, it does
// nothing.
type hands struct {
	client *river.Client[*sql.Tx]
	worker *worker
	log    *slog.Logger
	// owner is the name of this process, by which others find its reserves after its death.
	owner string
	// idle passes a send to a hand that waits for one.
	idle chan inHand

	mu   sync.Mutex // guards the fields below
	free int
	open bool
	done []int64 // jobs to remove
	busy sync.WaitGroup
	// ctx is the context of all work; cancel aborts it.
	ctx    context.Context
	cancel context.CancelFunc
}

// inHand is a send for a hand to carry out.
type inHand struct {
	send referral.Send
	// token and life are for its first attempt, if it was committed with one.
	token string
	life  life
	// job is the id of its reserve, 0 without one.
	job int64
}

// start begins to accept sends.
func (h *hands) start(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = true
	h.ctx, h.cancel = context.WithCancel(ctx)
}

// take reserves a hand and reports whether one was free. If so, the caller must call give or
// giveBack.
func (h *hands) take() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.open || h.free == 0 {
		return false
	}
	h.free--
	h.busy.Add(1)
	return true
}

func (h *hands) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.free++
	h.busy.Done()
}

// reserve adds the reserve of a send and returns its id.
func (h *hands) reserve(ctx context.Context, tx *sql.Tx, sendID string) (job int64, err error) {
	added, err := h.client.InsertTx(ctx, tx, sendArgs{SendID: sendID},
		&river.InsertOpts{ScheduledAt: time.Now().Add(reserveAfter), Tags: []string{h.owner}})
	if err != nil {
		return 0, err
	}
	return added.Job.ID, nil
}

// isReserve tells whether a job is a reserve that has not run yet.
func isReserve(row *rivertype.JobRow) bool {
	return row.State == rivertype.JobStateScheduled && row.AttemptedAt == nil && len(row.Tags) > 0
}

// give passes a send to a hand: to one that waits for its next send, whose stack has already grown
// to the size that the database code needs, or else to a new one.
func (h *hands) give(t inHand) {
	select {
	case h.idle <- t:
	default:
		go h.work(t)
	}
}

// work is a hand: it carries a send out, and then those that come within idleFor.
func (h *hands) work(t inHand) {
	for {
		h.carryOut(t)
		select {
		case t = <-h.idle:
		case <-time.After(idleFor):
			return
		case <-h.ctx.Done():
			return
		}
	}
}

// carryOut advances a send until it rests. A send that has to wait, or failed, is left to the
// queue.
func (h *hands) carryOut(t inHand) {
	defer h.giveBack()
	ctx, cancel := context.WithTimeout(h.ctx, jobTimeout)
	defer cancel()
	wait, err := h.worker.advance(ctx, t.send.ID, func() (time.Duration, bool, error) {
		if t.send.State == referral.Sending {
			return h.worker.begun(ctx, t)
		}
		return h.worker.step(ctx, t.send)
	})
	if err == nil && wait == 0 {
		h.remove(t.job)
		return
	}
	if err != nil {
		h.log.Warn("a send is left to the queue", "send", t.send.ID, "error", err.Error())
	}
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := h.leave(ctx, t); err != nil {
		h.log.Warn("a send waits until it is missed", "send", t.send.ID, "error", err.Error())
	}
}

// leave leaves a send to the queue.
func (h *hands) leave(ctx context.Context, t inHand) error {
	if t.job == 0 {
		_, err := h.client.Insert(ctx, sendArgs{SendID: t.send.ID}, nil)
		return err
	}
	_, err := h.client.JobRetry(ctx, t.job)
	return err
}

// remove schedules the removal of a reserve, if there is one.
func (h *hands) remove(job int64) {
	if job == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done = append(h.done, job); len(h.done) == 1 {
		time.AfterFunc(tidyEvery, h.tidy)
	}
}

// tidy removes the scheduled reserves. If that fails, they run and find nothing to do.
func (h *hands) tidy() {
	h.mu.Lock()
	done := h.done
	h.done = nil
	h.mu.Unlock()
	if len(done) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	_, err := h.client.JobDeleteMany(ctx,
		river.NewJobDeleteManyParams().IDs(done...).First(min(len(done), mostListed)))
	if err != nil {
		h.log.Warn("removing the jobs of finished sends", "error", err.Error())
	}
}

// stop accepts no more sends and waits for those in hand, which it aborts after softStop. It
// returns at the latest when ctx ends.
func (h *hands) stop(ctx context.Context) error {
	h.mu.Lock()
	was := h.open
	h.open = false
	h.mu.Unlock()
	if !was {
		return nil
	}
	cut := time.AfterFunc(softStop, h.cancel)
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		h.busy.Wait()
		cut.Stop()
		h.cancel()
		h.tidy()
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the sends in hand: %w", ctx.Err())
	}
}
