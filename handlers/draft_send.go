package handlers

import (
	"errors"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// sendDraft hands the referral to the durable send. A second click, or another tab, comes to the
// send that is there already.
func sendDraft(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		draft, typed, err := d.Store.DraftWithTyped(ctx, caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		check := stepURL(draft.ID, referral.StepCheck, nil)
		if len(unsaved(c, typed, draft)) > 0 || !sendable(draft, d.today(c)) {
			return see(c, check)
		}
		send, err := newSend(draft)
		if err != nil {
			return err
		}
		send, err = d.Sender.Submit(ctx, caller(c), send)
		switch {
		case errors.Is(err, referral.ErrConflict):
			// Another tab has just saved the draft, so the rep has to check the new answers.
			return see(c, check)
		case err != nil:
			return err
		}
		return see(c, sendPath(send.ID))
	}
}

// newSend is the send of the partner's own referral from a draft.
func newSend(draft referral.Draft) (referral.Send, error) {
	a := draft.Answers
	body, err := referral.Payload(a, draft.Stamp())
	reference := referral.Clean(a.ExternalReferenceID)
	if reference == "" {
		reference = draft.Stamp()
	}
	return referral.Send{
		Kind:                referral.Own,
		DraftID:             draft.ID,
		Revision:            draft.Revision,
		Name:                referral.Clean(a.Name),
		Customer:            referral.Clean(a.CustomerProfile.Name),
		ExternalReferenceID: reference,
		Body:                body,
		Consent:             draft.Receipt,
	}, err
}
