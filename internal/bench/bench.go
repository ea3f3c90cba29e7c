package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// fewRows is the length of the shortest list.
const fewRows = 1000

// lengths are the lengths of the lists that are measured.
func (b *bench) lengths() []int {
	all := []int{fewRows}
	if b.rows > 10*fewRows {
		all = append(all, 10*fewRows)
	}
	return append(all, b.rows)
}

// part is a step of the measurement. Those without a name prepare the others.
type part struct {
	name string
	do   func(context.Context) error
}

// parts are what is measured, in this order.
func (b *bench) parts() []part {
	return []part{{"", b.open}, {"", b.seedDraft}, {"", b.openForms}, {"pages", b.pages},
		{"lists", b.lists}, {"start", b.restart}, {"sends", b.measureSends}, {"users", b.byUsers},
		{"many", b.manySends}, {"", b.countSends}, {"polling", b.polling}}
}

// wanted tells whether a part is to be measured.
func (o options) wanted(p part) bool { return o.only == "" || p.name == "" || o.only == p.name }

// pair is one operation in both programs. limit, that of the bare program, may be nil.
type pair struct {
	name          string
	users         int
	goal          string
	tandem, limit operation
}

// measure runs everything in turn and reports.
func (b *bench) measure(ctx context.Context) error {
	b.report.before = loadAverage()
	for _, p := range b.parts() {
		if !b.wanted(p) {
			continue
		}
		if err := p.do(ctx); err != nil {
			return err
		}
	}
	b.report.after = loadAverage()
	return nil
}

// run measures a pair, the bare program first, and adds it to the report.
func (b *bench) run(ctx context.Context, p pair) (l line, err error) {
	l = line{name: p.name, users: p.users, goal: p.goal}
	if p.limit != nil {
		if l.limit, err = round(ctx, b.limit, p.users, b.round, p.limit); err != nil {
			return l, fmt.Errorf("%s of the bare program: %w", p.name, err)
		}
	}
	end := b.record(ctx, len(b.report.lines))
	l.tandem, err = round(ctx, b.tandem, p.users, b.round, p.tandem)
	if err != nil {
		return l, fmt.Errorf("%s: %w", p.name, err)
	}
	b.report.lines = append(b.report.lines, l)
	return l, end()
}

// record writes a CPU profile of Tandem while an operation is measured, if that is wanted.
func (b *bench) record(ctx context.Context, n int) (end func() error) {
	if b.profile == "" {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() {
		seconds := max(1, int(b.round.Seconds()))
		at := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", b.metrics[0], seconds)
		done <- download(ctx, at, fmt.Sprintf("%s-%d.pprof", b.profile, n+1))
	}()
	return func() error { return <-done }
}

func download(ctx context.Context, from, to string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	return os.WriteFile(to, body, 0o600)
}

// openForms opens a page of a draft for each user.
func (b *bench) openForms(ctx context.Context) error {
	if err := b.moreDrafts(ctx, mostUsers); err != nil {
		return err
	}
	b.forms = make([]*form, mostUsers)
	for i := range b.forms {
		id, err := b.drafts.next()
		if err != nil {
			return err
		}
		if b.forms[i], err = openForm(ctx, b.users[i], id); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) show(ctx context.Context, user int) error { return b.forms[user].show(ctx) }
func (b *bench) save(ctx context.Context, user int) error { return b.forms[user].save(ctx) }

// pages measures a page of the guided form, shown and saved.
func (b *bench) pages(ctx context.Context) error {
	_, err := b.run(ctx, pair{"step page of a draft", 16, "≥ 2,000/s; CPU ≤ 0.5 ms", b.show,
		b.bare("/")})
	if err != nil {
		return err
	}
	_, err = b.run(ctx, pair{"save a step", 16, "≥ 1,000/s", b.save,
		func(ctx context.Context, user int) error {
			values := customer("Bare")
			values.Set("id", fmt.Sprint(user))
			return b.barePost(ctx, "/drafts", values)
		}})
	return err
}

// bare returns the operation of requesting a page from the bare program.
func (b *bench) bare(path string) operation {
	u := &user{at: b.limit, client: b.client}
	return func(ctx context.Context, _ int) error {
		_, err := u.see(ctx, path, "<!doctype html>")
		return err
	}
}

func (b *bench) barePost(ctx context.Context, path string, values url.Values) error {
	u := &user{at: b.limit, client: b.client}
	_, _, err := u.do(ctx, http.MethodPost, path, values, http.StatusOK)
	return err
}

// lists measures the newest referrals of lists of three lengths, and a search.
func (b *bench) lists(ctx context.Context) error {
	lengths := b.lengths()
	newest := growth{name: "newest referrals, 16 users", by: "rows", at: lengths}
	search := growth{name: "filter and search, 1 user", by: "rows", at: lengths}
	for _, n := range lengths {
		if err := errors.Join(b.growLists(ctx, n), b.settle(ctx)); err != nil {
			return err
		}
		l, err := b.run(ctx, pair{fmt.Sprintf("newest of %d referrals", n), 16, "≥ 0.5 × limit",
			b.sees("/referrals", "Customer "), b.bare("/referrals")})
		if err != nil {
			return err
		}
		newest.results = append(newest.results, l.tandem)
		l, err = b.run(ctx, pair{fmt.Sprintf("filter and search in %d", n), 1, "p50 ≤ 50 ms",
			b.sees("/referrals?status=open&q=customer+99", "Customer 99"), nil})
		if err != nil {
			return err
		}
		search.results = append(search.results, l.tandem)
	}
	b.report.grown = append(b.report.grown, newest, search)
	b.fact("The newest of %d take %.2f times as long as those of %d (goal 1.3).", b.rows,
		newest.change(),
		lengths[0])
	return nil
}

func (b *bench) sees(path, text string) operation {
	return func(ctx context.Context, user int) error {
		_, err := b.users[user].see(ctx, path, text)
		return err
	}
}

// form is a page of a draft that is saved alternately in two versions, so that each save changes
// it.
type form struct {
	user *user
	path string
	// values[i] are posted to change the other version into version i.
	values [2]url.Values
	turn   int
}

func customer(line string) url.Values {
	return url.Values{"customerProfile.name": {"Contoso Customer Inc"},
		"customerProfile.size":                 {"10to50employees"},
		"customerProfile.address.addressLine1": {line},
		"customerProfile.address.city":         {"Redmond"},
		"customerProfile.address.state":        {"WA"},
		"customerProfile.address.postalCode":   {"98052"},
		"customerProfile.address.country":      {"US"}, "go": {"continue"}}
}

// openForm saves both versions once, because each form carries a fingerprint of the answers that it
// shows.
func openForm(ctx context.Context, u *user, draft string) (*form, error) {
	f := &form{user: u, path: "/drafts/" + draft + "/customer"}
	for i := range 3 {
		page, err := u.see(ctx, f.path, "Contoso Customer Inc")
		if err != nil {
			return nil, err
		}
		values := customer([]string{"One Microsoft Way", "Two Microsoft Way"}[i%2])
		for name, v := range hiddenFields(page) {
			values[name] = v
		}
		f.values[i%2] = values
		if err := f.save(ctx); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *form) show(ctx context.Context) error {
	_, err := f.user.see(ctx, f.path, "Contoso Customer Inc")
	return err
}

func (f *form) save(ctx context.Context) error {
	to, err := f.user.post(ctx, f.path, f.values[f.turn])
	if err == nil && !strings.HasSuffix(to, "/contacts") {
		err = fmt.Errorf("saving leads to %s", to)
	}
	f.turn = 1 - f.turn
	return err
}
