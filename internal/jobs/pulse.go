package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// pulseLost is how long after it last looked for work the queue counts as dead. It looks several
// times a second.
const pulseLost = 15 * time.Second

// pulse tells whether the queue looks for work.
type pulse struct {
	now     func() time.Time
	workers int
	busy    atomic.Int64
	looked  atomic.Pointer[time.Time]
}

// plugins are called by the queue when it has looked for work, and around each job.
func (p *pulse) plugins() []rivertype.Plugin {
	return []rivertype.Plugin{
		river.HookMetricEmitFunc(func(context.Context, *rivertype.HookMetricEmitParams) { p.beat() }),
		river.WorkerMiddlewareFunc(func(
			ctx context.Context, _ *rivertype.JobRow, work func(context.Context) error,
		) error {
			p.busy.Add(1)
			defer func() { p.busy.Add(-1); p.beat() }()
			return work(ctx)
		}),
	}
}

func (p *pulse) beat() {
	now := p.now()
	p.looked.Store(&now)
}

var errNotStarted = errors.New("the workers were not started")

// err says what is wrong. A queue whose workers are all busy does not look for more work.
func (p *pulse) err() error {
	looked := p.looked.Load()
	if looked == nil {
		return errNotStarted
	}
	ago := p.now().Sub(*looked)
	if ago > pulseLost && p.busy.Load() < int64(p.workers) {
		return fmt.Errorf("the workers last looked for work %s ago", ago.Round(time.Second))
	}
	return nil
}

var errStopped = errors.New("the workers have stopped")

// Alive returns an error when the workers do not run or no longer look for work, for example
// because of the database.
func (j *Jobs) Alive() error {
	select {
	case <-j.client.Stopped():
		return errStopped
	default:
		return j.pulse.err()
	}
}
