package handlers

import "tandem/views"

func (v visit) contactQuestions() views.PeopleQuestions {
	return v.peopleQuestions(crowd{
		path:          "customerProfile.team",
		id:            "contact",
		legend:        "Contact",
		add:           "Add another contact",
		members:       v.draft.Answers.CustomerProfile.Team,
		phoneOptional: !v.draft.Deal().Connects(),
	})
}
