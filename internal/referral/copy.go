package referral

import "slices"

// Joined returns the people of both lists, each e-mail address once, and at most so many. Those of
// the second list that Microsoft may not email stay so; a missing language is that of the first
// person, or en-us.
func Joined(first, more []Member, most int) []Member {
	out := slices.Clone(first)
	locale := ""
	if len(first) > 0 {
		locale = first[0].ContactPreference.Locale
	}
	for _, m := range People(more) {
		key := PersonKey(m)
		double := key != "" && slices.ContainsFunc(out,
			func(o Member) bool { return PersonKey(o) == key })
		if double || len(out) >= most {
			continue
		}
		if m.ContactPreference.Locale == "" {
			m.ContactPreference = NewMember(locale).ContactPreference
		}
		out = append(out, m)
	}
	return out
}

// Copied returns the answers of a referral as those of a new draft that begins as fresh: customer,
// people, deal, needs and target stay. Left out is what belongs to the one deal alone: the
// customer's consent, the CRM reference, the status with its reason, and a closing date before
// today. The new rep is the first of the team.
func Copied(a Answers, fresh Draft, today Date) Draft {
	d := fresh
	rep := d.Answers.Team
	status, organization := d.Answers.Status, d.Answers.InviteContext.InvitedBy
	d.Answers = a
	d.Answers.DealType = fresh.Answers.DealType
	d.Answers.Consent, d.Answers.ExternalReferenceID = Consent{}, ""
	d.Answers.Status, d.Answers.StatusReason = status, ""
	if day, ok := a.Details.Closing.Date(); !ok || day.Before(today) {
		d.Answers.Details.Closing = ClosingDate{}
	}
	if d.Answers.InviteContext.InvitedBy == (InvitedBy{}) {
		d.Answers.InviteContext.InvitedBy = organization
	}
	d.Answers.Team = Joined(rep, a.Team, MaxTeam)
	d.Answers.Details.Requirements.SortSolutions()
	d.Done = nil
	for _, s := range Steps() {
		if len(Check(d.Answers, s, today)) == 0 {
			d.MarkDone(s)
		}
	}
	d.Reached = d.Next(today).Number()
	return d
}

// SortSolutions moves the ids that are no published tags to where they are typed: Microsoft's JSON
// has all solutions in one list.
func (r *Requirements) SortSolutions() {
	var tags []string
	for _, id := range r.Solutions {
		switch {
		case Has(Solutions(), id):
			tags = append(tags, id)
		case !slices.Contains(r.Given(), SolutionID(id)):
			r.SolutionIDs = Clean(r.SolutionIDs + "\n" + id)
		}
	}
	r.Solutions = tags
}
