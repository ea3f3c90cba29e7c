package handlers

import (
	"github.com/labstack/echo/v4"

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
			return see(c, "%s", to)
		}
		back := stepURL(draft.ID, referral.StepConsent, nil)
		why := referral.Stop(draft.Answers)
		if why == "" {
			return see(c, "%s", back)
		}
		title := "You need the customer’s agreement first – New referral"
		return render(c, views.ConsentStop(views.ConsentStopPage{
			Shell:      shell(c, title, "drafts"),
			Reason:     stopReason(why, draft.Answers),
			ChangeHref: back,
		}))
	}
}

func stopReason(why string, a referral.Answers) string {
	if why == referral.StopContact {
		return "Microsoft cannot help without contacting the customer."
	}
	return "Microsoft may not see " + possessive(customerOf(a)) + " details until they agree."
}

func possessive(name string) string { return name + "’s" }

// makePrivate turns the deal into one that nobody else can see, which needs no agreement.
func makePrivate(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := d.changeDraft(c, func(x *referral.Draft) {
			x.Answers.DealType = string(referral.Private)
			today := referral.Today(d.Now())
			markStep(x, referral.StepConsent,
				len(referral.Check(x.Answers, referral.StepConsent, today)) == 0)
		})
		if err != nil {
			return err
		}
		return see(c, "%s", stepURL(draft.ID, referral.StepConsent.After(), nil))
	}
}
