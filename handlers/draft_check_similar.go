package handlers

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

type similarStore interface {
	Referrals(ctx context.Context, c referral.Caller, f referral.Filter) (referral.List, error)
}

// similarDays is how far back a referral counts as a possible duplicate.
const similarDays = 90

// similar finds the newest referral that the rep sent lately for the same customer and value; the
// zero value when there is none.
func similar(
	c echo.Context, db similarStore, d referral.Draft, now time.Time,
) (views.SimilarReferral, error) {
	customer, value := referral.Clean(d.Answers.CustomerProfile.Name), typedValue(d.Answers)
	since := now.AddDate(0, 0, -similarDays)
	if customer == "" || value == "" {
		return views.SimilarReferral{}, nil
	}
	list, err := db.Referrals(c.Request().Context(), caller(c),
		referral.Filter{Query: customer, Mine: true, UpdatedSince: since, Page: 1})
	if err != nil {
		return views.SimilarReferral{}, err
	}
	for _, r := range list.Referrals {
		if strings.EqualFold(r.Customer, customer) && dealValue(r.DealValue, r.Currency) == value &&
			r.CreatedAt.After(since) {
			return views.SimilarReferral{Name: r.Name, Href: referralPath(r.ID),
				On: in(c).NearDay(r.CreatedAt, now)}, nil
		}
	}
	return views.SimilarReferral{}, nil
}
