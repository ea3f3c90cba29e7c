package handlers

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

type copyStore interface {
	newDraftStore
	referralStore
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	FirstVersion(ctx context.Context, c referral.Caller, referralID string) ([]byte, error)
}

// copyReferral begins a new draft with the answers of a referral.
func copyReferral(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		own, _, err := d.Store.Pair(ctx, caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		answers, err := presentAnswers(ctx, d.Store, caller(c), own)
		if err != nil {
			return err
		}
		fresh, err := freshDraft(c, d.Store, own.Deal)
		if err != nil {
			return err
		}
		draft, err := d.Store.CreateDraft(ctx, caller(c),
			referral.Copied(answers, fresh, d.today(c)))
		if err != nil {
			return err
		}
		return see(c, "/drafts/"+draft.ID+"?copied=1")
	}
}

// presentAnswers are the answers that the referral was sent with, as they were changed since; when
// it was not sent from here or its draft is gone, what is known of it.
func presentAnswers(
	ctx context.Context, db copyStore, c referral.Caller, own referral.Referral,
) (referral.Answers, error) {
	if own.DraftID == "" {
		return answersOf(own)
	}
	draft, err := db.Draft(ctx, c, own.DraftID)
	switch {
	case errors.Is(err, referral.ErrNotFound) || errors.Is(err, referral.ErrGone):
		return answersOf(own)
	case err != nil || !own.RemovedAt.IsZero():
		return draft.Answers, err
	}
	first, err := db.FirstVersion(ctx, c, own.ID)
	if err != nil {
		return draft.Answers, err
	}
	return asChanged(draft.Answers, own, first)
}
