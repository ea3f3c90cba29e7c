package handlers

import (
	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

// usualStatus is the status a referral is sent with unless the rep chooses another.
const usualStatus = "New/Pending"

func (v visit) targetQuestions() views.TargetQuestions {
	a := v.draft.Answers
	q := views.TargetQuestions{
		Status: v.choice("status", "Status when sent", a.Status, referral.Statuses()),
		Reason: v.field("statusReason", "Status reason", a.StatusReason),
		InvitedBy: v.field("inviteContext.invitedBy.organizationId",
			"Invited by (organisation ID)", a.InviteContext.InvitedBy.OrganizationID),
	}
	if !referral.Has(referral.Statuses(), a.Status) {
		q.Status.Options = append(options(chooseOne()), q.Status.Options...)
	}
	q.Reason.Optional = a.Status != "Closed/Lost" && a.Status != "Closed/Declined"
	q.InvitedBy.Optional, q.InvitedBy.NoSpellcheck = true, true
	q.InvitedBy.Hint = "Your organisation in Partner Center, such as msft-mpn-4310972"
	q.MoreOpen = a.Status != usualStatus || q.Reason.Value+q.InvitedBy.Value != ""
	if v.draft.Deal().HasTarget() {
		v.askTarget(&q)
	}
	if v.draft.Deal().HasTarget() || a.InviteContext.Notes != "" {
		q.Message = v.inviteMessage()
	}
	return q
}

func (v visit) askTarget(q *views.TargetQuestions) {
	a := v.draft.Answers
	q.Type = v.choice("target[0].type", "What is the referral for?", a.TargetType(),
		[]referral.Choice{
			{ID: referral.TargetSolution, Label: "One of our solutions"},
			{ID: referral.TargetLocation, Label: "One of our business locations"},
		})
	q.Solution = v.field("target[0].id", "Solution ID", a.TargetID(referral.TargetSolution))
	q.Solution.Hint = "Like SOL-34104-EBB, from your list of solutions in Partner Center"
	q.Solution.NoSpellcheck = true
	q.Location = v.field(referral.LocationPath, "Business profile location ID",
		a.TargetID(referral.TargetLocation))
	q.Location.Name = q.Solution.Name
	q.Location.Hint, q.Location.NoSpellcheck = "36 characters, from Partner Center", true
}

// inviteMessage is asked for a private deal only while there is one from before it was private,
// so that it can be seen and taken out.
func (v visit) inviteMessage() form.Field {
	f := v.field("inviteContext.notes", "Invite message", v.draft.Answers.InviteContext.Notes)
	f.Hint = "The organisation you invite reads this first"
	if !v.draft.Deal().HasTarget() {
		f.Hint = "A private deal needs no message"
	}
	f.Optional, f.Rows, f.Max = true, 3, mostCharacters
	return f
}
