package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tandem/internal/referral"
)

// sends measures sending, from the click to the stored answer.
func (b *bench) measureSends(ctx context.Context) error {
	for _, s := range []struct {
		users int
		delay time.Duration
		goal  string
	}{
		{1, 0, "p50 ≤ 15 ms"}, {8, 0, "≥ 0.35 × limit"}, {32, 50 * time.Millisecond, "≥ 400/s"},
	} {
		if err := b.moreDrafts(ctx, b.enough()); err != nil {
			return err
		}
		b.standIn.delay.Store(int64(s.delay))
		_, err := b.run(ctx, pair{fmt.Sprintf("send, API takes %v", s.delay), s.users, s.goal,
			b.send, b.bareSend})
		if err != nil {
			return err
		}
	}
	b.standIn.delay.Store(0)
	return b.memory(fmt.Sprintf("after %d sends", b.sent.Load()))
}

// countSends compares what was sent with what was created.
func (b *bench) countSends(ctx context.Context) error {
	bare, err := b.bareSent(ctx)
	b.fact("Sends: %d; referrals created at the API for them: %d.", b.sent.Load(),
		b.standIn.created.Load()-bare)
	return err
}

// enough is more drafts than a round, with its warm-up, can use.
func (b *bench) enough() int { return 100 + int(2000*b.round.Seconds()) }

// send sends the next draft and waits until the answer is stored.
func (b *bench) send(ctx context.Context, user int) error {
	id, err := b.submit(ctx, user)
	if err != nil {
		return err
	}
	state, err := b.watch.await(ctx, id)
	if err == nil && state != referral.Accepted {
		err = fmt.Errorf("send %s came to %s", id, state)
	}
	if err == nil {
		b.sent.Add(1)
	}
	return err
}

// submit sends the next draft and returns the send's id.
func (b *bench) submit(ctx context.Context, user int) (string, error) {
	draft, err := b.drafts.next()
	if err != nil {
		return "", err
	}
	to, err := b.users[user].post(ctx, "/drafts/"+draft+"/send", nil)
	if err != nil {
		return "", err
	}
	id, ok := strings.CutPrefix(to, "/sends/")
	if !ok {
		return "", fmt.Errorf("sending leads to %s", to)
	}
	return id, nil
}

func (b *bench) bareSend(ctx context.Context, _ int) error {
	return b.barePost(ctx, "/referrals", bareForm())
}

// bareSent is how many referrals the bare program has sent.
func (b *bench) bareSent(ctx context.Context) (n int64, err error) {
	err = b.limitDB.QueryRowContext(ctx,
		`SELECT count(*) FROM referrals WHERE answer <> ''`).Scan(&n)
	return n, err
}

// The people who look at the progress of a send, and how often each does.
const (
	pollers   = 200
	pollEvery = 2 * time.Second
)

// polling measures a page alone and again while many look at the progress of a send.
func (b *bench) polling(ctx context.Context) error {
	if err := b.moreDrafts(ctx, 1); err != nil {
		return err
	}
	release := b.standIn.hold()
	defer release()
	send, err := b.submit(ctx, 0)
	if err != nil {
		return err
	}
	step := b.sees("/drafts/"+b.drafts.model+"/customer", "Contoso Customer Inc")
	alone, err := b.run(ctx, pair{"step page, alone", 4, "", step, nil})
	if err != nil {
		return err
	}
	polls, end := context.WithCancel(ctx)
	var wait sync.WaitGroup
	for i := range pollers {
		wait.Go(func() { b.poll(polls, i, "/sends/"+send) })
	}
	beside, err := b.run(ctx, pair{"step page, 200 others polling", 4, "p99 ≤ 2 × alone", step, nil})
	end()
	wait.Wait()
	b.fact("With %d people polling every %v the p99 of a step page is %.2f times that alone (goal 2).",
		pollers, pollEvery, float64(beside.tandem.percentile(0.99))/
			float64(max(alone.tandem.percentile(0.99), 1)))
	return err
}

// poll requests the page repeatedly. Its number n spreads the pollers over the interval.
func (b *bench) poll(ctx context.Context, n int, path string) {
	wait := time.NewTimer(pollEvery * time.Duration(n) / pollers)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		// A failure shows in the figures of the page that is measured beside it.
		_, _ = b.users[n%len(b.users)].see(ctx, path, "")
		wait.Reset(pollEvery)
	}
}
