package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type draftsStore interface {
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	Drafts(ctx context.Context, c referral.Caller) ([]referral.DraftSummary, error)
	Counts(ctx context.Context, c referral.Caller) (referral.Counts, error)
}

// draftsPage lists the drafts, the last saved first.
func draftsPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		all, err := d.Store.Drafts(ctx, caller(c))
		if err != nil {
			return err
		}
		n, err := d.Store.Counts(ctx, caller(c))
		if err != nil {
			return err
		}
		p := views.DraftsPage{Shell: shell(c, in(c).T("Drafts"), "drafts"),
			Tabs: draftTabs(in(c), n)}
		for _, x := range all {
			row, err := d.draftRow(c, x)
			if err != nil {
				return err
			}
			p.Drafts = append(p.Drafts, row)
		}
		return render(c, views.Drafts(p))
	}
}

func draftTabs(l *language.Locale, n referral.Counts) []views.Tab {
	return []views.Tab{
		{Text: l.T("Submitted"), Href: "/referrals", Count: n.Submitted},
		{Text: l.T("Needs attention"), Href: "/referrals?tab=attention", Count: n.Attention,
			Warn: true},
		{Text: l.T("Drafts"), Href: "/drafts", Count: n.Drafts, Current: true},
	}
}

// draftRow is a draft with what can be done with it. Only a draft that has reached the last step
// can have a send, so only then the send is loaded.
func (d Deps) draftRow(c echo.Context, x referral.DraftSummary) (views.DraftRow, error) {
	l := in(c)
	r := views.DraftRow{
		Title:      x.Title(),
		Customer:   referral.Clean(x.Customer),
		Step:       l.T("%d of %d", x.Reached, referral.StepCount),
		Owner:      x.OwnerName,
		Saved:      x.UpdatedAt,
		Href:       "/drafts/" + x.ID,
		DeleteHref: "/drafts/" + x.ID + "/delete",
		Ends:       endsText(l, x.DeletedFrom, d.Now()),
	}
	if r.Title == "" {
		r.Title = l.T(untitled)
	}
	if r.Customer == r.Title {
		r.Customer = ""
	}
	if x.Reached < referral.StepCount {
		return r, nil
	}
	draft, err := d.Store.Draft(c.Request().Context(), caller(c), x.ID)
	if errors.Is(err, referral.ErrGone) {
		return r, nil
	}
	if draft.SendID != "" {
		r.Sending, r.Href = l.T(sendingText(draft.SendState)), lockedAt(draft)
	}
	return r, err
}

// endsSoon is how long before its end a draft's row says so.
const endsSoon = 14 * 24 * time.Hour

// endsText says when an unused draft will be deleted, empty while that is far off.
func endsText(l *language.Locale, end, now time.Time) string {
	switch {
	case end.IsZero() || end.Sub(now) > endsSoon:
		return ""
	case !end.After(now):
		return l.T("Deleted today unless you change it")
	}
	return l.T("Deleted on %s unless you change it", l.NearDay(end, now))
}

// sendingText says in which state the draft's send is.
func sendingText(s referral.State) language.Key {
	switch s {
	case referral.Unknown:
		return "Outcome unknown"
	case referral.NeedsSignIn:
		return "Sign in to send"
	case referral.Accepted:
		return "Sent"
	}
	return "Sending"
}
