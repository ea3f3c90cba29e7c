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

// The job of a send in hand runs after reserveAfter, longer than a call to Microsoft takes. Those of
// sends that came to rest are removed every tidyEvery, many at a time.
const (
	reserveAfter = 30 * time.Second
	tidyEvery    = 250 * time.Millisecond
)

// idleFor is how long a hand waits for its next send before it ends.
const idleFor = time.Second

// hands carry sends out in the process that took them from the rep, as soon as they are committed
// and without a look into the queue. Most are committed with their first attempt: if the process dies,
// others find that it did not end. With the rest a job is committed that stays their reserve: it
// runs later, and does nothing when the send has come to rest, unless the process died or the send
// has to wait.
type hands struct {
	client *river.Client[*sql.Tx]
	worker *worker
	log    *slog.Logger
	// owner is the name of this process, by which others find its reserves when it died.
	owner string
	// idle gives a send to a hand that waits for one.
	idle chan inHand

	mu   sync.Mutex // of what follows
	free int
	open bool
	done []int64 // jobs to remove
	busy sync.WaitGroup
	// ctx is that of all work; cancel cuts it short.
	ctx    context.Context
	cancel context.CancelFunc
}

// inHand is a send as a hand takes it.
type inHand struct {
	send referral.Send
	// token and life are those of its attempt, if it was committed with one.
	token string
	life  life
	// job is its reserve, 0 without one.
	job int64
}

// start lets the hands take sends.
func (h *hands) start(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = true
	h.ctx, h.cancel = context.WithCancel(ctx)
}

// take tells whether a hand is free; then it must be given back.
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

// reserve adds the job that carries the send out if the hand does not.
func (h *hands) reserve(ctx context.Context, tx *sql.Tx, sendID string) (job int64, err error) {
	added, err := h.client.InsertTx(ctx, tx, sendArgs{SendID: sendID},
		&river.InsertOpts{ScheduledAt: time.Now().Add(reserveAfter), Tags: []string{h.owner}})
	if err != nil {
		return 0, err
	}
	return added.Job.ID, nil
}

// isReserve tells a job that is the reserve of a hand, and was not needed yet, from all others.
func isReserve(row *rivertype.JobRow) bool {
	return row.State == rivertype.JobStateScheduled && row.AttemptedAt == nil && len(row.Tags) > 0
}

// give has a send carried out: by a hand that waits, whose stack has grown already to what the database
// needs, or else by a new one.
func (h *hands) give(t inHand) {
	select {
	case h.idle <- t:
	default:
		go h.work(t)
	}
}

// work carries a send out, and those that come soon after.
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

// carryOut takes a send on to where it rests and gives the hand back. What has to wait, or failed,
// is left to the queue.
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

// leave gives a send to the queue.
func (h *hands) leave(ctx context.Context, t inHand) error {
	if t.job == 0 {
		_, err := h.client.Insert(ctx, sendArgs{SendID: t.send.ID}, nil)
		return err
	}
	_, err := h.client.JobRetry(ctx, t.job)
	return err
}

// remove has a job removed soon, if there is one.
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

// tidy removes the jobs whose sends rest. Those that stay because of an error run and find nothing to
// do.
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

// stop takes no more sends, lets those in hand finish, and cuts them short after softStop. It waits
// no longer than ctx.
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
