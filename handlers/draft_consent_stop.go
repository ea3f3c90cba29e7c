package handlers

import (
	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// consentStopPage says why the deal cannot go on. When it can, it leads back to the question.
func consentStopPage(db stepStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := db.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		back := stepURL(draft.ID, referral.StepConsent, nil)
		why := referral.Stop(draft.Answers)
		if why == "" {
			return see(c, back)
		}
		l := in(c)
		title := titled(l.T("You need the customer’s agreement first"), l.T("New referral"))
		return render(c, views.ConsentStop(views.ConsentStopPage{
			Shell:      shell(c, title, "drafts"),
			Reason:     stopReason(l, why, draft.Answers),
			ChangeHref: back,
			Private:    why == referral.StopContact,
		}))
	}
}

func stopReason(l *language.Locale, why string, a referral.Answers) string {
	if why == referral.StopContact {
		return l.T("Microsoft cannot help without contacting the customer.")
	}
	if referral.Deal(a.DealType) == referral.Private {
		return l.T("Microsoft accepts no deal, not even a private one, until %s agrees to share "+
			"their information.", customerOf(l, a))
	}
	return l.T("Microsoft may not see %s’s details until they agree.", customerOf(l, a))
}

// makePrivate turns the deal into one that nobody else can see, for which nobody contacts the
// customer.
func makePrivate(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := d.changeDraft(c, func(x *referral.Draft) {
			x.Answers.DealType = string(referral.Private)
			today := d.today(c)
			markStep(x, referral.StepConsent,
				len(referral.Check(x.Answers, referral.StepConsent, today)) == 0 &&
					referral.Stop(x.Answers) == "")
		})
		if err != nil {
			return err
		}
		if referral.Stop(draft.Answers) != "" {
			return see(c, "/drafts/"+draft.ID+"/consent/stop")
		}
		return see(c, stepURL(draft.ID, referral.StepConsent.After(), nil))
	}
}
