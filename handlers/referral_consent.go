package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

type consentStore interface {
	// Consent is what was said about the customer's consent when a send was made due; nil for
	// nothing.
	Consent(ctx context.Context, c referral.Caller, sendID string) (*referral.ConsentReceipt, error)
}

// consentSections is the receipt of the customer's consent as a card, none without one.
func consentSections(
	c echo.Context, db consentStore, own referral.Referral,
) ([]views.Section, error) {
	r, err := db.Consent(c.Request().Context(), caller(c), own.SendID)
	if err != nil || r == nil {
		return nil, err
	}
	l := in(c)
	card := views.Card{ID: "consent", Title: l.T("Consent receipt")}
	for _, said := range r.Said {
		card.Rows = append(card.Rows, views.SumRow{Key: said.Question, Text: said.Answer})
	}
	var about []string
	for _, person := range r.Contacts {
		about = append(about, person.String())
	}
	card.Rows = append(card.Rows,
		views.SumRow{Key: l.T("Answered by"), Text: r.ByName},
		views.SumRow{Key: l.T("Answered on"), Text: l.FullTime(r.At)},
		views.SumRow{Key: l.T("About"), Lines: about})
	return []views.Section{{Card: card}}, nil
}
