package handlers

import "tandem/views"

func (v *visit) teamQuestions() views.PeopleQuestions {
	team := v.draft.Answers.Team
	q := v.peopleQuestions(crowd{
		path:    "team",
		id:      "team-member",
		legend:  "Team member %d",
		add:     "Add another team member",
		remove:  personTexts{"Remove[ team member %d, %s]", "Remove[ team member %d]"},
		removed: personTexts{"Team member %d, %s, removed", "Team member %d, removed"},
		members: team,
	})
	for i, m := range team {
		if v.isRep(i, m) {
			v.asRep(&q.People[i])
		}
	}
	if n := v.query.confirm; n >= 1 && n <= len(team) && v.isRep(n-1, team[n-1]) {
		q.Confirm, q.KeepHref = n, stepURL(v.draft.ID, v.step, v.query.back())
	}
	return q
}

// asRep marks the fieldset in which the rep gives his own details.
func (v *visit) asRep(p *views.Person) {
	p.You = true
	p.Hint = v.locale.T("Microsoft shows the deal only to people in this team")
	p.First.Autocomplete, p.Last.Autocomplete = "given-name", "family-name"
	p.Email.Autocomplete, p.Phone.Autocomplete = "email", "tel"
}
