package handlers

import (
	"time"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

func (v *visit) consentQuestions() views.ConsentQuestions {
	answers := []referral.Choice{{ID: "true", Label: v.locale.T("Yes")},
		{ID: "false", Label: v.locale.T("No, or not yet")}}
	c := v.draft.Answers.Consent
	return views.ConsentQuestions{
		Share: v.choice("consent.consentToToShareInfoWithOthers",
			"Has the customer agreed that you share their information with Microsoft and other "+
				"partners?", c.ShareInfo, answers),
		Contact: v.choice("consent.consentToContact",
			"Has the customer agreed to be contacted about this deal?", c.Contact, answers),
	}
}

// receive puts the receipt of what was said about consent into a draft whose consent page is saved.
func (v *visit) receive(d *referral.Draft, now time.Time) {
	if v.step != referral.StepConsent || d.Answers.Consent == (referral.Consent{}) {
		return
	}
	v.draft = *d
	d.Receipt = &referral.ConsentReceipt{Language: v.locale.Tag(), By: v.rep.ID,
		ByName: v.rep.Name, At: now.UTC(), Contacts: referral.ConsentContacts(d.Answers)}
	q := v.consentQuestions()
	for _, f := range []form.Field{q.Share, q.Contact} {
		said := referral.ConsentSaid{Question: f.Label}
		if chosen := f.Chosen(); len(chosen) > 0 {
			said.Answer = chosen[0]
		}
		d.Receipt.Said = append(d.Receipt.Said, said)
	}
}
