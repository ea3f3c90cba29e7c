package jobs_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

var chaosSeed = flag.Uint64("chaos.seed", 0, "seed of TestChaos; 0 takes the time")

// The measures of the test: how many deals, how long their reps do things, and how long everything
// has afterwards to come to rest. What is stored late or listed late is so within the settle time.
const (
	chaosDeals  = 60
	chaosTime   = 5 * time.Second
	chaosRest   = 3 * time.Minute
	chaosSettle = time.Second
	chaosDelay  = 100 * time.Millisecond
)

// TestChaos sends many deals at once to a service that fails in every way, while their reps click
// what they can and further processes start beside the first. Whatever happens: Microsoft has at
// most one referral of each deal and side, and where a send rests is the truth.
func TestChaos(t *testing.T) {
	seed := *chaosSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("repeat with -chaos.seed=%d", seed)
	c := newChaos(t, seed)
	var all sync.WaitGroup
	for i := range chaosDeals {
		all.Go(func() { c.deal(rand.New(rand.NewPCG(seed, uint64(i)))) })
	}
	for range 2 {
		time.Sleep(chaosTime / 3)
		c.another()
	}
	all.Wait()
	c.calm()
	c.check()
}

// chaos is a kit whose API and tokens fail at random.
type chaos struct {
	*kit
	began time.Time

	mu    sync.Mutex
	rand  *rand.Rand
	ended bool
	sends map[string]bool
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{kit: newKit(t), began: time.Now(), rand: rand.New(rand.NewPCG(seed, seed)), sends: map[string]bool{}}
	c.api.create, c.api.list = c.create, c.list
	c.config.Tokens = &failing{tokens: c.tokens, chaos: c}
	c.config.Settle, c.config.CallTimeout = chaosSettle, 5*time.Second
	c.another()
	return c
}

// another starts one more process over the same database.
func (c *chaos) another() {
	c.t.Helper()
	c.config.Store = c.store
	j, err := jobs.New(c.config)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := j.Start(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { stop(j) })
}

// roll returns a number below n, or n-1 once the chaos is over.
func (c *chaos) roll(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return n - 1
	}
	return c.rand.IntN(n)
}

func (c *chaos) delay() { time.Sleep(time.Duration(c.roll(int(chaosDelay)))) }

// refused is an answer with a status, and with a time after which to come back.
func refused(status int) *partnercenter.Error {
	return &partnercenter.Error{RetryAfter: 10 * time.Millisecond,
		Exchange: partnercenter.Exchange{Status: status, Sent: true}}
}

// create does to a POST one of the things that may happen.
func (c *chaos) create(
	ctx context.Context, call partnercenter.Call, body []byte,
) (*partnercenter.Answer, error) {
	post := func() (*partnercenter.Answer, error) {
		return c.api.Client.Create(context.WithoutCancel(ctx), call, body)
	}
	refusals := []int{400, 401, 403, 409, 423, 429, 429, 500, 502, 503, 504, 0, 0}
	switch n := c.roll(40); {
	case n < len(refusals): // not stored
		return nil, refused(refusals[n])
	case n == 13: // never sent
		return nil, &partnercenter.Error{RetryAfter: 10 * time.Millisecond}
	case n < 24: // stored, and the answer says something else
		if _, err := post(); err != nil {
			return nil, err
		}
		return nil, refused([]int{200, 408, 500, 503, 503, 504, 0, 0, 0, 0}[n-14])
	case n < 27: // stored after the caller has given up
		go func() {
			c.delay()
			_, _ = post()
		}()
		return nil, refused(0)
	}
	c.delay()
	answer, err := post()
	c.delay()
	return answer, err
}

// list leaves out what is new, or fails.
func (c *chaos) list(
	ctx context.Context, call partnercenter.Call, q partnercenter.Query,
) (*partnercenter.Page, error) {
	if n := c.roll(40); n < 8 {
		return nil, refused([]int{0, 401, 401, 429, 429, 500, 503, 504}[n])
	}
	page, err := c.api.Client.List(ctx, call, q)
	if err != nil {
		return nil, err
	}
	var shown []partnercenter.Referral
	hidden := time.Duration(c.roll(int(chaosDelay)))
	for _, r := range page.Value {
		if c.isOver() || time.Since(r.Created.Time) > hidden {
			shown = append(shown, r)
		}
	}
	page.Value = shown
	return page, nil
}

func (c *chaos) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// failing are tokens that only a new sign-in gives, now and then.
type failing struct {
	*tokens
	chaos *chaos
}

func (f *failing) Ready(ctx context.Context, userID string) string {
	if f.chaos.roll(3) == 0 {
		return ""
	}
	return f.tokens.Ready(ctx, userID)
}

func (f *failing) AccessToken(ctx context.Context, userID string) (string, error) {
	if f.chaos.roll(20) == 0 {
		return "", &jobs.SignInError{}
	}
	return f.tokens.AccessToken(ctx, userID)
}

// deal is a rep with one draft: he sends it, clicks this and that, and has Microsoft invited once
// his own referral is there.
func (c *chaos) deal(r *rand.Rand) {
	own := c.press(r, c.draft())
	if own.State == referral.Accepted {
		c.press(r, c.connected(own))
	}
}

// press submits a send and clicks until it is accepted or the time is over.
func (c *chaos) press(r *rand.Rand, draft referral.Send) referral.Send {
	var s referral.Send
	for !c.isOver() && s.State != referral.Accepted {
		if s.ID == "" || !s.State.Locks() && r.IntN(2) == 0 {
			s = c.submit(draft)
			c.mu.Lock()
			c.sends[s.ID] = true
			c.mu.Unlock()
		}
		c.click(r, s.ID)
		time.Sleep(time.Duration(r.IntN(int(2 * chaosDelay))))
		s = c.load(s.ID)
		if time.Since(c.began) > chaosTime {
			break
		}
	}
	return s
}

func (c *chaos) click(r *rand.Rand, id string) {
	ctx, rep := c.t.Context(), c.rep.Caller()
	var err error
	switch r.IntN(8) {
	case 0, 1:
		err = c.jobs.Again(ctx, rep, id)
	case 2, 3:
		err = c.jobs.LookUp(ctx, rep, id)
	case 4:
		err = c.jobs.SignedIn(ctx, rep)
	case 5:
		err = c.jobs.Enqueue(ctx, id)
	case 6:
		if r.IntN(4) == 0 {
			_, err = c.store.Cancel(ctx, rep, id)
		}
	}
	if err != nil && !errors.Is(err, referral.ErrConflict) {
		c.t.Error(err)
	}
}

// calm ends the chaos, signs the rep in and lets everything come to rest.
func (c *chaos) calm() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	for end := time.Now().Add(chaosRest); time.Now().Before(end); time.Sleep(chaosDelay) {
		if err := c.jobs.SignedIn(c.t.Context(), c.rep.Caller()); err != nil {
			c.t.Fatal(err)
		}
		ids, err := c.store.Unfinished(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		if len(ids) == 0 {
			return
		}
	}
	c.t.Error("something never rests")
}
