package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type sendStore interface {
	// Send returns the send with its body and attempts.
	Send(ctx context.Context, c referral.Caller, id string) (referral.Send, error)
	// Cancel stops a send that waits; referral.ErrConflict when it does not.
	Cancel(ctx context.Context, c referral.Caller, sendID string) (referral.Send, error)
}

func sendPath(id string) string { return "/sends/" + url.PathEscape(id) }

// How long a page waits for an answer that may come any moment: only just after the send was
// begun, so that most people never see the progress page. It looks after firstStep, and then
// ever later, at last every waitStep.
const (
	freshSend   = 2 * time.Second
	longestWait = 1500 * time.Millisecond
	firstStep   = 2 * time.Millisecond
	waitStep    = 50 * time.Millisecond
)

// sendPage always shows the present state: it can be reloaded, bookmarked and closed. The script
// asks for it with the parameter seen, the mark of the state that it shows.
func sendPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		s, err := d.Store.Send(c.Request().Context(), caller(c), c.Param("s"))
		if err != nil {
			return err
		}
		if c.Request().Header.Get("HX-Request") != "" {
			return answerPoll(c, s, d.Now())
		}
		if d.Now().Sub(s.UpdatedAt) < freshSend {
			if s, err = settled(c, d.Store, s); err != nil {
				return err
			}
		}
		if s.State == referral.Accepted {
			return see(c, referralPath(s.ReferralID)+"/sent")
		}
		since, err := standingOf(c.Request().Context(), d.Store, caller(c), s)
		if err != nil {
			return err
		}
		return showSend(c, s, since, d.Now())
	}
}

// settled waits a moment for a send that moves on by itself and returns it as it stands then.
func settled(c echo.Context, db sendStore, s referral.Send) (referral.Send, error) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), longestWait)
	defer cancel()
	for step := firstStep; inFlight(s); step = min(2*step, waitStep) {
		select {
		case <-ctx.Done():
			return s, nil
		case <-time.After(step):
		}
		next, err := db.Send(c.Request().Context(), caller(c), s.ID)
		if err != nil {
			return s, err
		}
		s = next
	}
	return s, nil
}

// inFlight tells whether an answer is expected any moment.
func inFlight(s referral.Send) bool {
	return s.State == referral.Queued || s.State == referral.Sending || s.LookingUp()
}

// answerPoll answers the script: with the progress, with nothing when the page is up to date, or
// with where to go when there is a result, which is an ordinary page load.
func answerPoll(c echo.Context, s referral.Send, now time.Time) error {
	switch {
	case c.QueryParam("seen") != mark(s):
		c.Response().Header().Set("HX-Redirect", sendPath(s.ID))
		return c.NoContent(http.StatusOK)
	case inProgress(s):
		return showSend(c, s, standing{}, now)
	}
	return c.NoContent(http.StatusNoContent)
}

// mark names what a page of the send shows, so that a change can be noticed.
func mark(s referral.Send) string {
	if inProgress(s) {
		return "progress"
	}
	return fmt.Sprintf("%s-%s-%d", s.State, s.Outcome.Kind, s.UpdatedAt.UnixMicro())
}

// inProgress tells whether the send is shown as progress and not as an outcome.
func inProgress(s referral.Send) bool {
	return s.State == referral.Queued || s.State == referral.Sending
}

func showSend(c echo.Context, s referral.Send, since standing, now time.Time) error {
	l := in(c)
	v := progress(l, s, now)
	if !inProgress(s) {
		v = outcomeView(l, s)
		since.apply(l, &v)
	}
	if s.OwnerID != user(c).ID {
		leaveTo(l, &v, s.OwnerName)
	}
	sh := shell(c, titled(v.Title, s.Name), "referrals")
	if v.Poll != "" {
		sh.Refresh = refreshSeconds(s)
	}
	return render(c, views.SendPage(sh, v))
}

// leaveTo takes from somebody else what only the owner can do, and says who that is.
func leaveTo(l *language.Locale, v *views.Send, owner string) {
	if len(v.Actions) > 0 {
		v.After = l.T("Only %s can go on with it.", owner)
	}
	v.Actions = nil
}

// refreshSeconds is how often browsers without scripts reload the page. A page with a choice stays
// long enough to make it.
func refreshSeconds(s referral.Send) int {
	if inProgress(s) {
		return 2
	}
	return 30
}

// progress is the page of a send that is under way.
func progress(l *language.Locale, s referral.Send, now time.Time) views.Send {
	every := "1s"
	if now.Sub(s.UpdatedAt) > 10*time.Second {
		every = "3s"
	}
	title := l.T("Sending your referral")
	if s.Kind == referral.Microsoft {
		title = l.T("Sending Microsoft’s referral")
	}
	return views.Send{Title: title, Name: s.Name, Events: timeline(l, s),
		Texts: []string{l.T("You can close this page. Sending continues.")},
		Poll:  pollURL(s), Every: every}
}

func pollURL(s referral.Send) string {
	return sendPath(s.ID) + "?seen=" + url.QueryEscape(mark(s))
}

// act carries out an action on the send or change whose id is in the URL, and leads to its page. If
// it had moved on before the action, that page shows its state, which says more than an error.
func act(
	page func(id string) string, do func(ctx context.Context, c referral.Caller, id string) error,
) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.ParamValues()[0]
		err := do(c.Request().Context(), caller(c), id)
		if err != nil && !isConflict(err) {
			return err
		}
		return see(c, page(id))
	}
}

// cancelSend stops a send that waits.
func cancelSend(db sendStore) echo.HandlerFunc {
	return act(sendPath, func(ctx context.Context, c referral.Caller, sendID string) error {
		_, err := db.Cancel(ctx, c, sendID)
		return err
	})
}
