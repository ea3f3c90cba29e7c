package handlers

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

type draftsStore interface {
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
		p := views.DraftsPage{Shell: shell(c, "Drafts", "drafts"), Tabs: draftTabs(n)}
		for _, x := range all {
			p.Drafts = append(p.Drafts, draftRow(x))
		}
		return render(c, views.Drafts(p))
	}
}

func draftTabs(n referral.Counts) []views.Tab {
	return []views.Tab{
		{Text: "Submitted", Href: "/referrals", Count: n.Submitted},
		{Text: "Needs attention", Href: "/referrals?tab=attention", Count: n.Attention, Warn: true},
		{Text: "Drafts", Href: "/drafts", Count: n.Drafts, Current: true},
	}
}

func draftRow(x referral.DraftSummary) views.DraftRow {
	r := views.DraftRow{
		Title:      x.Title(),
		Customer:   x.Customer,
		Step:       fmt.Sprintf("%d of %d", x.Reached, referral.StepCount),
		Owner:      x.OwnerName,
		Saved:      x.UpdatedAt,
		Href:       "/drafts/" + x.ID,
		DeleteHref: "/drafts/" + x.ID + "/delete",
	}
	if r.Title == "" {
		r.Title = untitled
	}
	if r.Customer == r.Title {
		r.Customer = ""
	}
	return r
}
