package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

type liveStore interface {
	// Seen returns the version that the caller looked at last; nil when he never did.
	Seen(ctx context.Context, c referral.Caller, referralID string) ([]byte, time.Time, error)
	// See records that he has looked at the version with this eTag.
	See(ctx context.Context, c referral.Caller, referralID, etag string) error
	// FirstVersion returns the oldest version that is kept.
	FirstVersion(ctx context.Context, c referral.Caller, referralID string) ([]byte, error)
	Upgrade(ctx context.Context, c referral.Caller, referralID string, to referral.Deal) error
}

// pair is both referrals of an engagement; connected is nil when there is none.
type pair struct {
	own       referral.Referral
	connected *referral.Referral
}

// staleAfter is how old a page of a referral may be before Microsoft is asked by itself.
const staleAfter = 5 * time.Minute

// addLive adds what changes by itself, and what can be changed, to the page of a referral.
func (d Deps) addLive(
	c echo.Context, v *views.Referral, p pair, events []referral.Event,
) error {
	ctx, l := c.Request().Context(), in(c)
	changes, err := d.Store.Changes(ctx, caller(c), p.own.ID)
	if err != nil {
		return err
	}
	fetch, err := d.Store.Fetch(ctx, caller(c), p.own.ID)
	if err != nil {
		return err
	}
	self := referralPath(p.own.ID)
	v.Live = views.ReferralLive{Fresh: freshness(l, fetch, d.Now()),
		Deadline: deadline(l, p, d.Now()), Elsewhere: partnerCenter(l, p.own),
		Done: doneText(l, c.QueryParam("changed"), changes)}
	v.Live.Advice, v.Live.Reason = advice(l, p.connected)
	describeChanges(l, v.History, events, changes)
	v.History = withAnswer(l, v.History, p.connected)
	closed := p.own.Standing().Closes()
	if closed {
		v.Live.Closed = l.Label(referral.ClosedReason)
	} else if len(datesOf(l, p)) > 0 {
		v.Actions = append(v.Actions, views.Action{Text: l.T("Add the dates to your calendar"),
			Href: self + "/dates.ics", Secondary: true})
	}
	if p.own.OwnerID != user(c).ID {
		return nil
	}
	v.Live.RefreshHref = self + "/refresh"
	v.Live.Open = openChange(l, changes)
	if err := d.addNews(c, &v.Live, p, changes); err != nil {
		return err
	}
	if !closed && len(p.own.Raw) > 0 {
		addEdits(l, v, p.own)
	}
	return nil
}

// addNews lists what others changed since the reader last looked, on both sides.
func (d Deps) addNews(
	c echo.Context, v *views.ReferralLive, p pair, changes []referral.Change,
) error {
	l := in(c)
	v.News.Title = l.T("Changed since you last looked")
	v.SeenHref = referralPath(p.own.ID) + "/seen"
	for _, r := range []*referral.Referral{&p.own, p.connected} {
		if r == nil || len(r.Raw) == 0 {
			continue
		}
		rows, err := d.news(c, *r, changes)
		if err != nil {
			return err
		}
		v.News.Rows = append(v.News.Rows, rows...)
		v.Seen = append(v.Seen, r.ETag)
	}
	return nil
}

// news are the differences between what the reader knows of a referral and what it says now.
func (d Deps) news(
	c echo.Context, r referral.Referral, changes []referral.Change,
) ([]views.KeptRow, error) {
	known, sent, err := d.known(c, r, changes)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	m, err := referral.Changes(known, r.Raw)
	if err != nil {
		return nil, err
	}
	if len(sent) > 0 {
		if m.Theirs, err = unlessSent(m.Theirs, sent, r.Raw); err != nil {
			return nil, err
		}
	}
	var rows []views.KeptRow
	l := in(c)
	for _, x := range m.Theirs {
		row := keptRow(l, x, x.Theirs, referral.CurrencyOf(r.Raw), referral.CurrencyOf(known))
		if r.Kind == referral.Microsoft {
			row.Label = l.T("Microsoft’s referral: %s", row.Label)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// known is the version that the reader looked at last, with what he changed himself since then. Of
// a referral that he never looked at, he knows what was sent and what Microsoft first answered.
func (d Deps) known(
	c echo.Context, r referral.Referral, changes []referral.Change,
) (known, sent []byte, err error) {
	ctx := c.Request().Context()
	known, at, err := d.Store.Seen(ctx, caller(c), r.ID)
	if err == nil && known == nil {
		known, sent, err = d.firstKnown(c, r)
	}
	if err != nil || len(known) == 0 {
		return nil, nil, err
	}
	for _, ch := range changes {
		own := ch.ReferralID == r.ID && ch.OwnerID == user(c).ID
		if !own || !doneAfter(ch, at) {
			continue
		}
		if known, err = referral.ApplyEdits(known, ch.Edits); err != nil {
			return nil, nil, err
		}
	}
	return known, sent, nil
}

// doneAfter tells whether Microsoft accepted the change after this time.
func doneAfter(ch referral.Change, at time.Time) bool {
	return ch.State == referral.Accepted && ch.UpdatedAt.After(at)
}

// firstKnown is what Microsoft first answered, and what it was sent; nil when that was not from
// here.
func (d Deps) firstKnown(
	c echo.Context, r referral.Referral,
) (first, sent []byte, err error) {
	ctx := c.Request().Context()
	if first, err = d.Store.FirstVersion(ctx, caller(c), r.ID); err != nil {
		return nil, nil, err
	}
	s, err := d.Store.Send(ctx, caller(c), r.SendID)
	if errors.Is(err, referral.ErrNotFound) {
		return first, nil, nil
	}
	return first, s.Body, err
}

// unlessSent leaves out what Microsoft's first answer left out and shows now as it was sent.
func unlessSent(news []referral.Clash, sent, now []byte) ([]referral.Clash, error) {
	m, err := referral.Changes(sent, now)
	return slices.DeleteFunc(news, func(x referral.Clash) bool {
		return x.Base == nil && !slices.ContainsFunc(m.Theirs, func(y referral.Clash) bool {
			return y.Path == x.Path && y.Key == x.Key
		})
	}), err
}

// refreshReferral asks Microsoft what both referrals say now, and waits a moment for it.
func refreshReferral(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		own, _, err := d.Store.Pair(ctx, caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		if _, err := fetched(ctx, d, caller(c), own.ID); err != nil {
			return err
		}
		return see(c, referralPath(own.ID))
	}
}

// seeReferral takes note of the versions that the reader has looked at, if they are the present
// ones.
func seeReferral(db Store) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		own, connected, err := db.Pair(ctx, caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		values, err := posted(c)
		if err != nil {
			return err
		}
		for _, r := range []*referral.Referral{&own, connected} {
			if r == nil || !slices.Contains(values["etag"], r.ETag) {
				continue
			}
			if err := db.See(ctx, caller(c), r.ID, r.ETag); err != nil {
				return err
			}
		}
		return see(c, referralPath(own.ID))
	}
}

// freshPair loads both referrals, after asking Microsoft if that was not done for a while.
func (d Deps) freshPair(c echo.Context) (p pair, err error) {
	ctx := c.Request().Context()
	p.own, p.connected, err = d.Store.Pair(ctx, caller(c), c.Param("r"))
	if err != nil {
		return p, err
	}
	asked, err := d.refreshIfStale(c, p.own)
	if err == nil && asked {
		p.own, p.connected, err = d.Store.Pair(ctx, caller(c), p.own.ID)
	}
	return p, err
}

// refreshIfStale asks Microsoft anew when that was not done for a while. It reports whether it did.
func (d Deps) refreshIfStale(c echo.Context, own referral.Referral) (bool, error) {
	ctx := c.Request().Context()
	if own.OwnerID != user(c).ID {
		return false, nil
	}
	f, err := d.Store.Fetch(ctx, caller(c), own.ID)
	if err != nil || d.Now().Sub(f.DoneAt) < staleAfter || f.Outcome.Kind != "" &&
		d.Now().Sub(f.AskedAt) < staleAfter {
		return false, err
	}
	_, err = fetched(ctx, d, caller(c), own.ID)
	return true, err
}
