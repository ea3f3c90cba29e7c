package handlers

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
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
	self := "/referrals/" + url.PathEscape(p.own.ID)
	v.Live = views.ReferralLive{Fresh: freshness(l, fetch, d.Now()),
		Deadline: deadline(l, p.connected, d.Now()), Elsewhere: partnerCenter(l),
		Done: doneText(l, c.QueryParam("changed"), changes)}
	v.Live.Advice, v.Live.Reason = advice(l, p.connected)
	describeChanges(l, v.History, events, changes)
	v.Actions = append(v.Actions, views.Action{Text: l.T("Add the dates to your calendar"),
		Href: self + "/dates.ics", Secondary: true})
	if p.own.OwnerID != user(c).ID {
		return nil
	}
	v.Live.RefreshHref = self + "/refresh"
	openChange(l, &v.Live, changes)
	if err := d.addNews(c, &v.Live, p); err != nil {
		return err
	}
	if !p.own.Standing().Closes() && len(p.own.Raw) > 0 {
		addEdits(l, v, p.own)
	}
	return nil
}

// addNews lists what changed since the reader last looked, on both sides.
func (d Deps) addNews(c echo.Context, v *views.ReferralLive, p pair) error {
	l := in(c)
	v.News.Title = l.T("Changed since you last looked")
	v.SeenHref = "/referrals/" + url.PathEscape(p.own.ID) + "/seen"
	for _, r := range []*referral.Referral{&p.own, p.connected} {
		if r == nil || len(r.Raw) == 0 {
			continue
		}
		rows, err := d.news(c, *r)
		if err != nil {
			return err
		}
		v.News.Rows = append(v.News.Rows, rows...)
		v.Seen = append(v.Seen, r.ETag)
	}
	return nil
}

// news are the differences between what the reader has seen of a referral and what it says now. Of
// one that he never looked at, he knows what Microsoft first answered.
func (d Deps) news(c echo.Context, r referral.Referral) ([]views.KeptRow, error) {
	ctx, l := c.Request().Context(), in(c)
	seen, _, err := d.Store.Seen(ctx, caller(c), r.ID)
	first := seen == nil
	if err == nil && first {
		seen, err = d.Store.FirstVersion(ctx, caller(c), r.ID)
	}
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	m, err := referral.Changes(seen, r.Raw)
	if err != nil {
		return nil, err
	}
	return newsRows(l, r, m, seen, first), nil
}

// newsRows are what is different now, in words.
func newsRows(
	l *language.Locale, r referral.Referral, m referral.Merge, seen []byte, first bool,
) []views.KeptRow {
	var rows []views.KeptRow
	for _, x := range m.Theirs {
		if first && x.Base == nil && x.Key == "" {
			continue // Microsoft's first answer leaves out what it was sent
		}
		row := keptRow(l, x, x.Theirs, referral.CurrencyOf(r.Raw), referral.CurrencyOf(seen))
		if r.Kind == referral.Microsoft {
			row.Label = l.T("Microsoft’s referral: %s", row.Label)
		}
		rows = append(rows, row)
	}
	return rows
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
		return see(c, "/referrals/%s", url.PathEscape(own.ID))
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
		return see(c, "/referrals/%s", url.PathEscape(own.ID))
	}
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
