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

// On PostgreSQL each replica writes a heartbeat every beatEvery. A replica that could not write it
// for fenceAfter aborts its own calls. The others take a replica for dead when they have seen no
// new heartbeat for deadAfter, which is longer. All measure by their own clocks.
const (
	beatEvery  = time.Second
	fenceAfter = 5 * time.Second
	deadAfter  = 6 * time.Second
)

// life is a period during which the other replicas know that this one is alive. Calls that it
// bounds are aborted at its end. The zero life bounds nothing: no replicas watch.
type life struct {
	id  string
	ctx context.Context
	end context.CancelFunc
}

// bound returns ctx so that it also ends with the life.
func (l life) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.ctx == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(l.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// lease writes the heartbeats of a replica. A life that has ended never resumes: the next one has
// another id, which tells the attempts of the earlier life from those under way.
type lease struct {
	store  *store.Store
	worker string

	mu    sync.Mutex
	lives int
	now   life
	fence *time.Timer
}

// workerOf returns the name of the queue's client to which a life belongs.
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

// start begins the first life and the heartbeats, which end when stop is called.
func (l *lease) start(ctx context.Context) (stop func()) {
	l.beat(ctx)
	return inBackground(ctx, l.keep)
}

// keep writes heartbeats until ctx ends.
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

// beat writes a heartbeat, or begins the next life. It ignores errors, because the life then ends
// by itself.
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

// extend prolongs a life unless it has ended meanwhile.
func (l *lease) extend(id string, began time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.id == id && l.fence.Stop() {
		l.fence.Reset(time.Until(began.Add(fenceAfter)))
	}
}

// over ends a life and aborts all calls that it bounds.
func (l *lease) over(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.id == id && id != "" {
		l.now.end()
		l.fence.Stop()
		l.now = life{}
	}
}

// leave tells the others that the replica has ended. If that fails, they notice it by the missing
// heartbeats.
func (l *lease) leave(ctx context.Context) {
	if id := l.current().id; id != "" {
		l.over(id)
		_ = l.store.Bury(ctx, id)
	}
}
