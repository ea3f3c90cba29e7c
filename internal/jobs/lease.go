package jobs

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// On PostgreSQL each replica tells every beatEvery that it lives. One that could not for fenceAfter
// ends its calls itself; the others take it for dead deadAfter they last saw it tell, which is
// later; they go by their own clocks.
const (
	beatEvery  = time.Second
	fenceAfter = 5 * time.Second
	deadAfter  = 6 * time.Second
)

// life is a time for which the other replicas know that this one lives. No call that it bounds goes
// on after its end. The zero life is one that nobody knows of.
type life struct {
	id  string
	ctx context.Context
	end context.CancelFunc
}

// bound returns a context that also ends with the life.
func (l life) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.ctx == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(l.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// lease keeps a replica alive in the eyes of the others. A life that ended is never taken up again:
// the next one has another id, so that what was begun in the first can be told from what is alive.
type lease struct {
	store  *store.Store
	worker string

	mu    sync.Mutex
	lives int
	now   life
	fence *time.Timer
}

// workerOf returns the name of the queue's client that had a life.
func workerOf(id string) string {
	worker, _, _ := strings.Cut(id, "/")
	return worker
}

// current returns the present life; the zero one when there is none.
func (l *lease) current() life {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// start begins the first life and keeps the replica alive until the function that it returns is
// called.
func (l *lease) start(ctx context.Context) (stop func()) {
	l.beat(ctx)
	return inBackground(ctx, l.keep)
}

// keep tells again and again that the replica lives, until ctx ends.
func (l *lease) keep(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.beat(ctx)
		}
	}
}

// beat tells that the replica lives, or begins its next life. Failing is not told: the life ends by
// itself then.
func (l *lease) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, fenceAfter)
	defer cancel()
	began, id := time.Now(), l.current().id
	if id == "" {
		l.begin(ctx, began)
		return
	}
	switch err := l.store.Beat(ctx, id); {
	case err == nil:
		l.extend(id, began)
	case errors.Is(err, referral.ErrNotFound):
		l.over(id)
	}
}

func (l *lease) begin(ctx context.Context, began time.Time) {
	l.mu.Lock()
	l.lives++
	id := l.worker + "/" + strconv.Itoa(l.lives)
	l.mu.Unlock()
	if l.store.Join(ctx, id) != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = life{id: id}
	l.now.ctx, l.now.end = context.WithCancel(context.Background())
	l.fence = time.AfterFunc(time.Until(began.Add(fenceAfter)), func() { l.over(id) })
}

// extend lets a life go on, unless its end was faster.
func (l *lease) extend(id string, began time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.id == id && l.fence.Stop() {
		l.fence.Reset(time.Until(began.Add(fenceAfter)))
	}
}

// over ends a life and all calls that it bounds.
func (l *lease) over(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.id == id && id != "" {
		l.now.end()
		l.fence.Stop()
		l.now = life{}
	}
}

// leave tells the others that the replica has ended. If that fails, they find out.
func (l *lease) leave(ctx context.Context) {
	if id := l.current().id; id != "" {
		l.over(id)
		_ = l.store.Bury(ctx, id)
	}
}
