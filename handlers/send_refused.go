package handlers

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
)

type refusedStore interface {
	// Send returns the send with its body and attempts.
	Send(ctx context.Context, c referral.Caller, id string) (referral.Send, error)
}

// refusedAnswer is the path of the answer with which Microsoft reported a problem in the send that
// the URL names; empty when it names none, or one of another draft.
func refusedAnswer(c echo.Context, db refusedStore, draftID string) (string, error) {
	id := c.QueryParam("send")
	if id == "" {
		return "", nil
	}
	s, err := db.Send(c.Request().Context(), caller(c), id)
	if errors.Is(err, referral.ErrNotFound) {
		return "", nil
	}
	if err != nil || s.DraftID != draftID || s.State != referral.Rejected {
		return "", err
	}
	return s.Outcome.Path, nil
}

// reportedProblem is the sentence beside an answer with which Microsoft reported a problem.
const reportedProblem language.Key = "Microsoft reports a problem with: %s"
