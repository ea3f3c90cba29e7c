package jobs_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/referral"
)

var (
	faultSeed  = flag.Uint64("fault.seed", 0, "seed of TestFaultAtEveryPoint; 0 takes the time")
	faultSends = flag.Int("fault.sends", 1000, "sends of TestFaultAtEveryPoint")
)

// How many sends share a database and a Microsoft, whose list a look-up reads for as long as it has
// grown since; how many of them are made by one process, and how far the clock is then set forward:
// beyond what a call, the storing of its answer and its showing in a list may take, and so far that
// look-ups need not read what came before.
const (
	faultRound = 200
	faultBatch = 50
	faultLeap  = 25 * time.Hour
)

// TestFaultAtEveryPoint makes a thousand sends. To each of them something happens: the process dies
// at a point of its way, or Microsoft fails in some way; many a look-up that follows dies as well.
// In the end Microsoft has one referral of each deal whose send was committed, and each send says
// so.
func TestFaultAtEveryPoint(t *testing.T) {
	t.Parallel()
	for round := range *faultSends / faultRound {
		t.Run(strconv.Itoa(round), func(t *testing.T) { faultAtEveryPoint(t, uint64(round)) })
	}
}

// testFaults does a round of the same on PostgreSQL.
func testFaults(t *testing.T) { faultAtEveryPoint(t, 0) }

func faultAtEveryPoint(t *testing.T, round uint64) {
	seed := *faultSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("repeat with -fault.seed=%d", seed)
	f := newFaulty(t, rand.New(rand.NewPCG(seed, round)))
	for range faultRound / faultBatch {
		f.batch(faultBatch)
	}
	f.batch(0)
	f.calm()
	f.check()
	f.decide()
	f.checkAccepted()
	f.tell()
}

// batch is the life of one process: it takes on what the last one left behind, is given new sends,
// and dies once all are where they shall die.
func (f *faulty) batch(sends int) {
	f.t.Helper()
	deaths, first := f.recovering, len(f.deals)
	f.recovering = 0
	for range sends {
		f.newDeal()
	}
	p := f.newProcess()
	for _, d := range f.deals[first:] {
		f.submit(p, d)
		if d.fault.dies() {
			deaths++
		}
		if d.diesLooking {
			f.recovering++
		}
		f.click(p)
		f.click(p)
	}
	if !f.wait(func() bool { return int(p.reached.Load()) >= deaths }) {
		f.t.Errorf("%d of %d sends met their fate", p.reached.Load(), deaths)
	}
	p.kill()
	f.clock.shift(time.Duration(f.clock.by.Load()) + faultLeap)
}

// submit has the rep send the deal. A process that dies before the commit leaves him with nothing.
func (f *faulty) submit(p *process, d *deal) {
	f.t.Helper()
	if d.fault == beforeCommit {
		var once sync.Once // a write that fails may be done again
		err := p.jobs.SubmitInPart(f.t.Context(), d.rep.Caller(), d.send, func() error {
			once.Do(func() { p.reached.Add(1) })
			return errDead
		})
		if !errors.Is(err, errDead) {
			f.t.Fatalf("a submission that was cut off: %v", err)
		}
		return
	}
	s, err := p.jobs.Submit(f.t.Context(), d.rep.Caller(), d.send)
	f.must(err)
	d.id = s.ID
}

// click has the rep of a deal of the last batches do what a page offers him, or offered before.
func (f *faulty) click(p *process) {
	f.t.Helper()
	d := f.deals[max(0, len(f.deals)-1-f.rand.IntN(4*faultBatch))]
	if d.id == "" {
		return
	}
	s := f.load(d.id)
	var err error
	switch ctx, rep := f.t.Context(), d.rep.Caller(); f.rand.IntN(5) {
	case 0:
		s, err = p.jobs.Submit(ctx, rep, d.send)
		if err == nil {
			d.id = s.ID // another only when the first was refused
		}
	case 1:
		if s.State == referral.Unknown {
			err = p.jobs.Enqueue(ctx, d.id)
		}
	case 2:
		err = p.jobs.LookUp(ctx, rep, d.id)
	default:
		err = p.jobs.Again(ctx, rep, d.id)
	}
	if err != nil && !errors.Is(err, referral.ErrConflict) {
		f.t.Fatal(err)
	}
}

// calm lets everything come to rest in a process to which nothing happens.
func (f *faulty) calm() {
	f.t.Helper()
	f.last = f.newProcess()
	f.t.Cleanup(func() { stop(f.last.jobs) })
	f.rest()
}

func (f *faulty) rest() {
	f.t.Helper()
	if !f.wait(func() bool {
		ids, err := f.store.Unfinished(f.t.Context())
		f.must(err)
		return len(ids) == 0
	}) {
		f.t.Error("something never rests")
		f.tellUnfinished()
	}
}

// tellUnfinished logs the sends that do not rest, the jobs that were to take them on, and what the
// test's processes are doing.
func (f *faulty) tellUnfinished() {
	for _, d := range f.deals {
		if d.id == "" {
			continue
		}
		s := f.load(d.id)
		if !s.State.Running() && !s.LookingUp() {
			continue
		}
		f.t.Logf("%s: %s %s, last attempt %+v, dies looking %t, looked %t", d.fault, s.State,
			s.Outcome.Kind, s.LastAttempt(), d.diesLooking, d.looked.Load())
		rows, err := f.last.jobs.JobsOf(f.t.Context(), s.ID)
		f.must(err)
		for _, row := range rows {
			f.t.Logf("job %d: %s, attempt %d, due %v, begun %v, errors %v", row.ID, row.State,
				row.Attempt, row.ScheduledAt, row.AttemptedAt, row.Errors)
		}
	}
	var doing strings.Builder
	f.must(pprof.Lookup("goroutine").WriteTo(&doing, 1))
	f.t.Logf("at %v: %s", time.Now().UTC(), doing.String())
}

// decide has the reps do what their pages offer, a few times at most.
func (f *faulty) decide() {
	f.t.Helper()
	for range 5 {
		open := 0
		for _, d := range f.deals {
			if d.id == "" {
				continue
			}
			s := f.load(d.id)
			if s.State == referral.Accepted {
				continue
			}
			open++
			ask := f.last.jobs.Again
			if !s.MayRepeat() {
				ask = f.last.jobs.LookUp
			}
			f.must(ask(f.t.Context(), d.rep.Caller(), s.ID))
		}
		if open == 0 {
			return
		}
		f.rest()
	}
}

// tell logs what happened.
func (f *faulty) tell() {
	counts := map[string]int{}
	for _, d := range f.deals {
		counts[fmt.Sprint(d.fault)]++
		if d.diesLooking {
			counts["dies looking"]++
		}
	}
	f.t.Logf("%d deals, %d referrals, %d processes: %v", len(f.deals), f.sim.Count(), f.born, counts)
}
