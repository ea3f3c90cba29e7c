package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

type deleteStore interface {
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	DeleteDraft(ctx context.Context, c referral.Caller, id string) error
}

// deletePage asks before the draft is deleted.
func deletePage(db deleteStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := db.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		name := draftName(in(c), draft)
		s := shell(c, titled(in(c).T("Delete this draft?"), name), "drafts")
		return render(c, views.DeleteDraft(views.DeleteDraftPage{Shell: s, Name: name}))
	}
}

func deleteDraft(db deleteStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := db.DeleteDraft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		return see(c, "/drafts")
	}
}
