package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// fault is what happens to a send: a point at which its process dies, or what Microsoft does.
type fault string

// The points of a send's way at which its process may die.
const (
	beforeCommit  fault = "dies before the commit"
	afterCommit   fault = "dies after the commit"
	beforeWrite   fault = "dies before the request is written"
	afterWrite    fault = "dies after the request is written"
	beforeRead    fault = "dies before the answer is read"
	beforeStoring fault = "dies before the answer is stored"
)

func points() []fault {
	return []fault{beforeCommit, afterCommit, beforeWrite, afterWrite, beforeRead, beforeStoring}
}

func (f fault) dies() bool { return strings.HasPrefix(string(f), "dies ") }

// sent tells whether the process died when it may have sent something, so that the next looks.
func (f fault) sent() bool { return f.dies() && f != beforeCommit && f != afterCommit }

// misdeed is how Microsoft fails: with an answer in place of its own, after it stored the referral
// or without, or in one of the simulator's ways.
type misdeed struct {
	kind   practice.Kind
	stored bool
	status int
	header string // name: value
}

func misdeeds() map[fault]misdeed {
	const later = "Retry-After: 1"
	m := map[fault]misdeed{
		"429":                   {kind: practice.RateLimit},
		"503, come back":        {kind: practice.Unavailable},
		"401":                   {kind: practice.Token},
		"reset, nothing stored": {kind: practice.LostRequest},
		"reset, stored":         {kind: practice.LostAnswer},
		"200 and a web page":    {kind: practice.HTML},
		"200 and nothing":       {kind: practice.Empty},
		"half an answer":        {kind: practice.BrokenJSON},
	}
	for _, status := range []int{408, 500, 502, 503, 504} {
		for _, stored := range []bool{true, false} {
			name := fmt.Sprintf("%d, stored %v", status, stored)
			m[fault(name)] = misdeed{stored: stored, status: status}
		}
	}
	m["503, come back, stored"] = misdeed{stored: true, status: 503, header: later}
	return m
}

// deal is one send, its rep, and what happens to it.
type deal struct {
	rep  referral.User
	send referral.Send
	id   string // of the send, empty when it was never committed
	// fault happens to the first attempt. When diesLooking is set the process of the look-up that
	// follows dies as well.
	fault       fault
	diesLooking bool
	// ready says that his token is at hand when he sends.
	ready       bool
	met, looked atomic.Bool
}

// faulty is a kit whose processes die and whose Microsoft fails.
type faulty struct {
	*kit
	rand  *rand.Rand
	clock *shifted
	deals []*deal
	born  int
	last  *process
	// recovering counts the deals whose look-up is to die in the next process.
	recovering int

	// failing is held while one request is to meet a fault of the simulator's, by others to pass.
	failing sync.RWMutex
	mu      sync.Mutex // of what follows
	byRep   map[string]*deal
	byToken map[string]*deal
	alive   *process
}

func newFaulty(t *testing.T, r *rand.Rand) *faulty {
	clock := &shifted{}
	f := &faulty{kit: newKitAt(t, clock.now), rand: r, clock: clock, byRep: map[string]*deal{},
		byToken: map[string]*deal{}}
	server := httptest.NewServer(http.HandlerFunc(f.front))
	t.Cleanup(server.Close)
	api, err := partnercenter.New(server.URL, partnercenter.NewHTTPClient(2*time.Minute))
	f.must(err)
	f.api = hooked{Client: api}
	f.config.Now, f.config.CallTimeout = f.clock.now, 2*time.Minute
	f.config.Workers = 4 * faultBatch
	return f
}

// newDeal has a new rep write a draft, and says what is to happen to it.
func (f *faulty) newDeal() *deal {
	f.t.Helper()
	n := len(f.deals)
	rep, err := f.store.SignIn(f.t.Context(), referral.User{Key: fmt.Sprint("fault:", n),
		Name: "Priya Raman", GivenName: "Priya", FamilyName: "Raman", Email: email})
	f.must(err)
	d := &deal{rep: rep, send: f.draftOf(rep), fault: f.fate(),
		ready: f.rand.IntN(2) == 0}
	d.diesLooking = d.fault.sent() && f.rand.IntN(4) == 0
	f.deals = append(f.deals, d)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byRep[rep.ID] = d
	return d
}

// fate chooses one of the points half of the time, and else what Microsoft does.
func (f *faulty) fate() fault {
	if f.rand.IntN(2) == 0 {
		return points()[f.rand.IntN(len(points()))]
	}
	kinds := sorted(misdeeds())
	return kinds[f.rand.IntN(len(kinds))]
}

// wait polls for longer than anything takes on a machine that is busy, once something failed not
// for long any more. It tells whether what it waits for came.
func (f *faulty) wait(ok func() bool) bool {
	f.t.Helper()
	limit := 2 * time.Minute
	if f.t.Failed() {
		limit = time.Second
	}
	for end := time.Now().Add(limit); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

var errDead = errors.New("the process is dead")

// process is an instance of the program, with connections of its own to the database.
type process struct {
	*faulty
	jobs  *jobs.Jobs
	store *store.Store
	// reached counts those of its sends that are where they are to die.
	reached atomic.Int32
	// dead is closed when nothing of the process goes on any more; calls counts what it is
	// waiting for.
	dead  chan struct{}
	mu    sync.Mutex
	gone  bool
	calls sync.WaitGroup
}

func (f *faulty) newProcess() *process {
	f.t.Helper()
	f.born++
	p := &process{faulty: f, dead: make(chan struct{})}
	var err error
	p.store, err = openStore(f.t.Context(), f.path, f.server, f.config.Now)
	f.must(err)
	c := f.config
	c.Store, c.API, c.Tokens = p.store, deadlyAPI{&p.api, p}, deadlyTokens{p}
	p.jobs, err = jobs.New(c)
	f.must(err)
	f.mu.Lock()
	f.alive = p
	f.mu.Unlock()
	f.must(p.jobs.Start(f.t.Context()))
	return p
}

// kill ends the process at once: from one moment on nothing that it does is stored or sent. What is
// with Microsoft already is carried out there.
func (p *process) kill() {
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	go p.store.Close() // which waits for connections in use
	p.wait(func() bool {
		return p.store.Ping(context.Background()) != nil && p.store.Writer().Stats().InUse == 0
	})
	close(p.dead)
	p.calls.Wait()
}

// begin tells whether the process lives; then a call to Microsoft has begun.
func (p *process) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return false
	}
	p.calls.Add(1)
	return true
}

// die waits for the end of the process. What is done afterwards comes to nothing.
func (p *process) die() {
	p.reached.Add(1)
	<-p.dead
}

// isDead tells whether nothing more may be learned in this process.
func (p *process) isDead() bool {
	select {
	case <-p.dead:
		return true
	default:
		return false
	}
}
