package handlers

import (
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

// show draws the page with the answers of v.draft.
func (v visit) show(c echo.Context, status int) error {
	v.warnings = referral.Warnings(v.draft.Answers, v.settings, v.today)
	p := views.StepPage{
		Shell:     shell(c, v.step.Title()+" – New referral", "drafts"),
		Caption:   fmt.Sprintf("Step %d of %d", v.step.Number(), referral.StepCount),
		Title:     v.step.Title(),
		Lead:      v.lead(),
		Saved:     savedAt(v.draft),
		Primary:   "Save and continue",
		Rev:       v.rev,
		Base:      v.base,
		Restored:  v.note,
		Autosave:  v.autosaveURL(),
		Questions: v.questions(),
		Steps:     stepList(v.draft, v.step, v.today),
		Rail:      rail(v.draft, v.step),
	}
	if !v.note.At.IsZero() {
		p.Saved = v.note.At
	}
	p.BackText, p.BackHref = v.back()
	if v.step == referral.StepNeeds {
		p.Caption += ", page 2 of 2"
	}
	if v.query.toCheck {
		p.Primary = "Save and return"
	}
	p.Shell.HasErrors = len(p.Questions.Errors()) > 0
	return renderStatus(c, status, views.DraftStep(p))
}

func savedAt(d referral.Draft) time.Time {
	if d.Revision > 1 {
		return d.UpdatedAt
	}
	return time.Time{}
}

// questions are those of the step.
func (v visit) questions() views.Questions {
	switch v.step {
	case referral.StepCustomer:
		return v.customerQuestions()
	case referral.StepContacts:
		return v.contactQuestions()
	case referral.StepConsent:
		return v.consentQuestions()
	case referral.StepDeal:
		return v.dealQuestions()
	case referral.StepNeeds:
		return v.needsQuestions()
	case referral.StepTeam:
		return v.teamQuestions()
	}
	return v.targetQuestions()
}

// back names the page before and where it is.
func (v visit) back() (text, href string) {
	if v.query.toCheck {
		return "check your answers", stepURL(v.draft.ID, referral.StepCheck, nil)
	}
	before, ok := v.step.Before()
	if !ok {
		return "deal type", "/drafts/" + v.draft.ID + "/type"
	}
	return strings.ToLower(before.Title()), stepURL(v.draft.ID, before, nil)
}

// lead is the first sentence of the page, empty for none.
func (v visit) lead() string {
	who := customerOf(v.draft.Answers)
	switch v.step {
	case referral.StepContacts:
		if v.draft.Deal().Connects() {
			return "Add the people at " + who + " who know about this deal. Add at least one."
		}
		return "You can add people now or later."
	case referral.StepConsent:
		return "Ask " + who + " before you answer. Microsoft receives both answers."
	case referral.StepNeeds:
		return "Choose at least one product, service or solution. " +
			"Microsoft uses these to find the right people."
	case referral.StepTeam:
		return "The people in your organisation who work on this deal."
	case referral.StepTarget:
		if !v.draft.Deal().HasTarget() {
			return "A private deal has no target and invites nobody."
		}
	}
	return ""
}

// customerOf is the customer's name in a sentence.
func customerOf(a referral.Answers) string {
	if name := referral.Clean(a.CustomerProfile.Name); name != "" {
		return name
	}
	return "the customer"
}
