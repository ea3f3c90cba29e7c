package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type changeStore interface {
	// Change returns a change with its attempts and the versions it is about.
	Change(ctx context.Context, c referral.Caller, id string) (referral.Change, error)
	// Changes returns the changes of a referral, oldest first.
	Changes(ctx context.Context, c referral.Caller, referralID string) ([]referral.Change, error)
}

func changePath(id string) string { return "/changes/" + url.PathEscape(id) }

// changePage always shows the present state of a change: it can be reloaded, bookmarked and closed.
func changePage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ch, err := d.Store.Change(c.Request().Context(), caller(c), c.Param("c"))
		if err != nil {
			return err
		}
		if c.Request().Header.Get("HX-Request") != "" {
			return answerChangePoll(c, ch)
		}
		if d.Now().Sub(ch.UpdatedAt) < freshSend {
			if ch, err = settledChange(c, d.Store, ch); err != nil {
				return err
			}
		}
		if to := changeLeadsTo(ch); to != "" {
			return see(c, to)
		}
		return showChange(c, ch)
	}
}

// changeLeadsTo is the page to which a change leads that was made, given up, or is in conflict.
func changeLeadsTo(ch referral.Change) string {
	own := referralPath(ch.ReferralID)
	switch {
	case ch.State == referral.Accepted && ch.Section == referral.SectionSharing &&
		ch.Deal.Connects():
		return widenedPath(ch.ReferralID)
	case ch.State == referral.Accepted:
		return own + "?changed=" + url.QueryEscape(ch.ID)
	case ch.State == referral.Cancelled:
		return own
	case ch.Conflicts():
		return conflictPath(ch)
	}
	return ""
}

// settledChange waits a moment for a change that moves on by itself and returns it as it stands
// then.
func settledChange(c echo.Context, db changeStore, ch referral.Change) (referral.Change, error) {
	ctx := c.Request().Context()
	err := briefly(ctx, func() (bool, error) {
		if !ch.MovesOn() {
			return true, nil
		}
		next, err := db.Change(ctx, caller(c), ch.ID)
		if err == nil {
			ch = next
		}
		return false, err
	})
	return ch, err
}

// briefly calls done repeatedly until it is true, for as long as a page may wait.
func briefly(ctx context.Context, done func() (bool, error)) error {
	limit := time.NewTimer(longestWait)
	defer limit.Stop()
	tick := time.NewTicker(waitStep)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return nil
		case <-tick.C:
		}
	}
}

// asSend returns a change as a send, to share the code that shows attempts and answers.
func asSend(ch referral.Change) referral.Send {
	return referral.Send{ID: ch.ID, Kind: referral.Microsoft, OwnerID: ch.OwnerID, Name: ch.Name,
		State: ch.State, Outcome: ch.Outcome, WaitUntil: ch.WaitUntil, Attempts: ch.Attempts,
		Origin: ch.Origin, CreatedAt: ch.CreatedAt, UpdatedAt: ch.UpdatedAt}
}

// answerChangePoll answers the script that polls: with nothing when the page is up to date, or with
// where to go.
func answerChangePoll(c echo.Context, ch referral.Change) error {
	if c.QueryParam("seen") != mark(asSend(ch)) {
		c.Response().Header().Set("HX-Redirect", changePath(ch.ID))
		return c.NoContent(http.StatusOK)
	}
	return c.NoContent(http.StatusNoContent)
}

func showChange(c echo.Context, ch referral.Change) error {
	v := changeView(in(c), ch)
	if ch.OwnerID != user(c).ID {
		leaveTo(in(c), &v, ch.OwnerName)
	}
	sh := shell(c, v.Title+" – "+ch.Name, "referrals")
	if v.Poll != "" {
		sh.Refresh = refreshSeconds(asSend(ch))
	}
	return render(c, views.SendPage(sh, v))
}

// changeView is the page of a change that is under way, or of its result.
func changeView(l *language.Locale, ch referral.Change) views.Send {
	s := asSend(ch)
	v := views.Send{Name: ch.Name, Lines: editLines(l, ch), Events: timeline(l, s)}
	if ch.MovesOn() {
		v.Title = l.T("Saving your change at Microsoft")
		v.Texts = []string{l.T("You can close this page. Saving continues.")}
		v.Poll, v.Every = changePath(ch.ID)+"?seen="+url.QueryEscape(mark(s)), "1s"
		return v
	}
	line := changeOutcomeOf(ch)
	v.Title, v.Problem, v.Technical = l.T(line.title), true, technical(s)
	v.Texts, v.Actions = []string{lineText(l, line, ch)}, changeButtons(l, line, ch)
	if line.help != "" && !namesField(line, ch) {
		v.Texts = append(v.Texts, l.T(line.help))
	}
	if ch.State == referral.Waiting {
		v.Poll, v.Every = changePath(ch.ID)+"?seen="+url.QueryEscape(mark(s)), "3s"
	}
	return v
}
