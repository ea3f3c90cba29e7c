package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// growth is how an operation of Tandem slows down as something grows, such as the number of rows.
type growth struct {
	name string
	// by names what grows; at is how much of it there was for each result.
	by      string
	at      []int
	results []result
}

// change is how many times as long it takes at the end as at the beginning.
func (g growth) change() float64 {
	first, last := g.results[0].percentile(0.5), g.results[len(g.results)-1].percentile(0.5)
	return float64(last) / float64(max(first, 1))
}

// grown are several growths, those by the same thing next to each other.
type grown []growth

func (all grown) write(w *bytes.Buffer) {
	by := ""
	for _, g := range all {
		if g.by != by {
			by = g.by
			fmt.Fprintf(w, "\n| by %s |", by)
			for _, n := range g.at {
				fmt.Fprintf(w, " %d |", n)
			}
			w.WriteString("\n|---|" + strings.Repeat("---:|", len(g.at)) + "\n")
		}
		fmt.Fprintf(w, "| %s |", g.name)
		for _, r := range g.results {
			fmt.Fprintf(w, " %.0f/s, %s ms |", r.rate(), ms(r.percentile(0.5)))
		}
		w.WriteByte('\n')
	}
}

// byReplicas compares what was measured with different numbers of replicas.
func byReplicas(all []report) (g grown) {
	for i, l := range all[0].lines {
		one := growth{name: fmt.Sprintf("%s, %d users", l.name, l.users), by: "replicas"}
		for _, r := range all {
			one.at, one.results = append(one.at, r.replicas), append(one.results, r.lines[i].tandem)
		}
		g = append(g, one)
	}
	return g
}

// byUsers measures with few users and with many.
func (b *bench) byUsers(ctx context.Context) error {
	for _, o := range []struct {
		name string
		do   operation
	}{
		{"step page of a draft", b.show},
		{"save a step", b.save},
		{fmt.Sprintf("newest of %d referrals", b.rows), b.sees("/referrals", "Customer ")},
		{"send, API takes 0s", b.send},
	} {
		g := growth{name: o.name, by: "users", at: []int{1, 4, 16, mostUsers}}
		for _, users := range g.at {
			if err := b.moreDrafts(ctx, b.enough()); err != nil {
				return err
			}
			r, err := round(ctx, b.tandem, users, b.round, o.do)
			if err != nil {
				return fmt.Errorf("%s, %d users: %w", o.name, users, err)
			}
			g.results = append(g.results, r)
		}
		b.report.grown = append(b.report.grown, g)
	}
	return nil
}

// manySends sends many deals and reports the memory at three points.
func (b *bench) manySends(ctx context.Context) error {
	const senders, looks = 16, 3
	for i := range looks {
		until := int64(b.sends * (i + 1) / looks)
		if err := b.moreDrafts(ctx, b.sends/looks+b.enough()); err != nil {
			return err
		}
		if err := b.sendUntil(ctx, senders, until); err != nil {
			return err
		}
		if err := b.memory(fmt.Sprintf("after %d sends", b.sent.Load())); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) sendUntil(ctx context.Context, senders int, until int64) error {
	var wait sync.WaitGroup
	failures := make([]error, senders)
	for user := range senders {
		wait.Go(func() {
			for b.sent.Load() < until && failures[user] == nil {
				failures[user] = b.send(ctx, user)
			}
		})
	}
	wait.Wait()
	return errors.Join(failures...)
}
