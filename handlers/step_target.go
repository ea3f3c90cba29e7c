package handlers

import (
	"tandem/internal/referral"
	"tandem/views"
)

// usualStatus is the status a referral is sent with unless the rep chooses another.
const usualStatus = "New/Pending"

func (v *visit) targetQuestions() views.TargetQuestions {
	a := v.draft.Answers
	q := views.TargetQuestions{
		Status: v.choice("status", "Status when sent", a.Status, standings(v.locale)),
		Reason: v.field("statusReason", "Status reason", a.StatusReason),
		More:   v.locale.T("More options: status"),
	}
	if !referral.Has(referral.Statuses(), a.Status) {
		q.Status.Options = append(options(chooseOne(v.locale)), q.Status.Options...)
	}
	q.Reason.Optional = a.Status != "Closed/Lost" && a.Status != "Closed/Declined"
	if v.draft.Deal().HasTarget() {
		v.askTarget(&q)
		v.askInvite(&q)
	}
	q.MoreOpen = a.Status != usualStatus || q.Status.Error+q.Reason.Value+q.Reason.Error+
		q.InvitedBy.Error != "" || q.InvitedBy.Value != v.settings.OrganizationID
	return q
}

func (v *visit) askTarget(q *views.TargetQuestions) {
	a := v.draft.Answers
	q.Type = v.choice("target[0].type", "What is the referral for?", a.TargetType(),
		[]referral.Choice{
			{ID: referral.TargetSolution, Label: v.locale.T("One of our solutions")},
			{ID: referral.TargetLocation, Label: v.locale.T("One of our business locations")},
		})
	v.askSolution(q)
	q.Location = v.field(referral.LocationPath, "Business profile location ID",
		a.TargetID(referral.TargetLocation))
	q.Location.Name = q.Solution.Name
	q.Location.Hint = v.locale.T("36 characters, from Partner Center")
	q.Location.NoSpellcheck = true
}

// askSolution offers the solutions of the settings, and any other by its id.
func (v *visit) askSolution(q *views.TargetQuestions) {
	id := v.draft.Answers.TargetID(referral.TargetSolution)
	offered := v.settings.Offered(referral.OwnSolutions, v.today)
	if len(offered) == 0 {
		q.Solution = v.field("target[0].id", "Solution ID", id)
		q.Solution.Hint = v.locale.T("Like SOL-34104-EBB, from your list of solutions in Partner Center")
		q.Solution.Warning = sentenceAt(v.locale, v.warnings, "target[0].id")
		q.Solution.NoSpellcheck, q.NoSolutions = true, true
		return
	}
	all := append(chooseOne(v.locale), offered...)
	all = append(all, referral.Choice{ID: referral.OtherSolution,
		Label: v.locale.T("Another solution ID")})
	chosen, other := id, ""
	if asked := v.draft.Answers.Target; id != "" && !referral.Has(offered, id) ||
		len(asked) > 0 && len(asked[0].ID) > 0 && asked[0].ID[0] == referral.OtherSolution {
		chosen, other = referral.OtherSolution, id
	}
	q.Solution = v.choice("target[0].id", "Solution", chosen, all)
	if q.Solution.Error != "" && chosen == "" {
		q.Solution.Error = v.locale.T("Select a solution")
	}
	q.OtherSolution = v.field(referral.OtherSolutionPath, "Another solution ID", other)
	q.OtherSolution.Hint = v.locale.T("Only if it is not in the list, like SOL-34104-EBB")
	q.OtherSolution.Optional, q.OtherSolution.NoSpellcheck = true, true
	q.OtherSolution.Warning = sentenceAt(v.locale, v.warnings, "target[0].id")
}

// askInvite asks what an invited organisation reads. A private deal invites nobody.
func (v *visit) askInvite(q *views.TargetQuestions) {
	invite := v.draft.Answers.InviteContext
	q.Message = v.field("inviteContext.notes", "Invite message", invite.Notes)
	q.Message.Hint = v.locale.T("The organisation you invite reads this first")
	q.Message.Optional, q.Message.Rows, q.Message.Max = true, 3, mostCharacters
	q.InvitedBy = v.field("inviteContext.invitedBy.organizationId", "Invited by (organisation ID)",
		invite.InvitedBy.OrganizationID)
	q.InvitedBy.Hint = v.locale.T("Your organisation in Partner Center, such as msft-mpn-4310972")
	q.InvitedBy.Optional, q.InvitedBy.NoSpellcheck = true, true
	q.More = v.locale.T("More options: status and inviting organisation")
}
