package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// show draws the page with the answers of v.draft.
func (v *visit) show(c echo.Context, status int) error {
	v.warnings = referral.Warnings(v.draft.Answers, v.settings, v.today)
	l := v.locale
	p := views.StepPage{
		Shell:     shell(c, titled(l.Label(v.step.Title()), l.T("New referral")), "drafts"),
		Caption:   l.T("Step %d of %d", v.step.Number(), referral.StepCount),
		Title:     l.Label(v.step.Title()),
		Lead:      v.lead(),
		Saved:     savedAt(v.draft),
		Primary:   l.T("Save and continue"),
		Rev:       v.rev,
		Base:      v.base,
		Restored:  v.note,
		Autosave:  v.autosaveURL(),
		Questions: v.questions(),
		Steps:     stepList(l, v.draft, v.step, v.today),
		Rail:      rail(l, v.draft, v.step),
	}
	if !v.note.At.IsZero() {
		p.Saved = v.note.At
	}
	if v.query.copied {
		p.Note = l.T("This is a copy. Consent belongs to each deal, so ask the customer again. " +
			"Your referral stays as it is.")
	}
	p.BackText, p.BackHref = v.back()
	if v.step == referral.StepNeeds {
		p.Caption = l.T("Step %d of %d, page 2 of 2", v.step.Number(), referral.StepCount)
	}
	if v.query.toCheck {
		p.Primary = l.T("Save and return")
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
func (v *visit) questions() views.Questions {
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

// back is the link to the page before.
func (v *visit) back() (text, href string) {
	if v.query.toCheck {
		return v.locale.T("Back to check your answers"), stepURL(v.draft.ID, referral.StepCheck, nil)
	}
	before, ok := v.step.Before()
	if !ok {
		return v.locale.T("Back to deal type"), "/drafts/" + v.draft.ID + "/type"
	}
	return v.locale.T(backTo(before)), stepURL(v.draft.ID, before, nil)
}

// backTo is the text of a link to a step.
func backTo(s referral.Step) language.Key {
	switch s {
	case referral.StepCustomer:
		return "Back to customer profile"
	case referral.StepContacts:
		return "Back to customer contacts"
	case referral.StepConsent:
		return "Back to consent"
	case referral.StepDeal:
		return "Back to deal details"
	case referral.StepNeeds:
		return "Back to what the customer needs"
	case referral.StepTeam:
		return "Back to our team"
	case referral.StepTarget:
		return "Back to target and invite"
	}
	return "Back to check your answers"
}

// lead is the first sentence of the page, empty for none.
func (v *visit) lead() string {
	l, who := v.locale, customerOf(v.locale, v.draft.Answers)
	switch v.step {
	case referral.StepContacts:
		if v.draft.Deal().Connects() {
			return l.T("Add the people at %s who know about this deal. Add at least one.", who)
		}
		return l.T("You can add people now or later.")
	case referral.StepConsent:
		return l.T("Ask %s before you answer. Microsoft receives both answers.", who)
	case referral.StepNeeds:
		return l.T("Choose at least one product, service or solution. " +
			"Microsoft uses these to find the right people.")
	case referral.StepTeam:
		return l.T("The people in your organisation who work on this deal.")
	case referral.StepTarget:
		if !v.draft.Deal().HasTarget() {
			return l.T("A private deal has no target and invites nobody.")
		}
	}
	return ""
}

// customerOf is the customer's name in a sentence.
func customerOf(l *language.Locale, a referral.Answers) string {
	if name := referral.Clean(a.CustomerProfile.Name); name != "" {
		return name
	}
	return l.T("the customer")
}
