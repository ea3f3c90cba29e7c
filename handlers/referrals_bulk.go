package handlers

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// exportBulk is the list, or with drafts=1 the drafts, in the columns of Microsoft's own bulk file.
// It can be imported in Partner Center while the API does not work.
func exportBulk(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, who := c.Request().Context(), caller(c)
		if c.QueryParam("drafts") == "1" {
			return stream(c, "drafts.bulk.csv", referral.BulkHead(),
				func(line func([]string) error) error { return bulkDrafts(ctx, d, who, line) })
		}
		f := readListQuery(c.QueryParams()).filter(d.here(c))
		return stream(c, "referrals.bulk.csv", referral.BulkHead(),
			func(line func([]string) error) error {
				return d.Store.EachReferral(ctx, who, f, func(r referral.Referral) error {
					return bulkReferral(r, line)
				})
			})
	}
}

// bulkReferral writes the line of a referral. It leaves out one whose answer was removed.
func bulkReferral(r referral.Referral, line func([]string) error) error {
	if len(r.Raw) == 0 {
		return nil
	}
	row, err := referral.BulkRow(referral.BulkDeal{Raw: r.Raw,
		MicrosoftStatus: r.Connection.Status, Help: r.Connection.State != ""})
	if err != nil {
		return err
	}
	return line(row)
}

func bulkDrafts(
	ctx context.Context, d Deps, who referral.Caller, line func([]string) error,
) error {
	all, err := d.Store.Drafts(ctx, who)
	for _, summary := range all {
		draft, err := d.Store.Draft(ctx, who, summary.ID)
		if errors.Is(err, referral.ErrGone) || errors.Is(err, referral.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		raw, err := referral.Payload(draft.Answers, "")
		if err != nil {
			return err
		}
		row, err := referral.BulkRow(referral.BulkDeal{Raw: raw, Help: draft.Deal().Connects()})
		if err != nil {
			return err
		}
		if err := line(row); err != nil {
			return err
		}
	}
	return err
}
