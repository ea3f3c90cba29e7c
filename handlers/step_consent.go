package handlers

import (
	"tandem/internal/referral"
	"tandem/views"
)

func (v visit) consentQuestions() views.ConsentQuestions {
	answers := []referral.Choice{{ID: "true", Label: "Yes"}, {ID: "false", Label: "No, or not yet"}}
	c := v.draft.Answers.Consent
	return views.ConsentQuestions{
		Share: v.choice("consent.consentToToShareInfoWithOthers",
			"Has the customer agreed that you share their information with Microsoft and other "+
				"partners?", c.ShareInfo, answers),
		Contact: v.choice("consent.consentToContact",
			"Has the customer agreed to be contacted about this deal?", c.Contact, answers),
	}
}
