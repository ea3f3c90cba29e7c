package handlers

import "tandem/views"

func (v *visit) contactQuestions() views.PeopleQuestions {
	return v.peopleQuestions(crowd{
		path:          "customerProfile.team",
		id:            "contact",
		legend:        "Contact %d",
		add:           "Add another contact",
		remove:        personTexts{"Remove[ contact %d, %s]", "Remove[ contact %d]"},
		removed:       personTexts{"Contact %d, %s, removed", "Contact %d, removed"},
		members:       v.draft.Answers.CustomerProfile.Team,
		phoneOptional: !v.draft.Deal().Connects(),
		country:       v.draft.Answers.CustomerProfile.Address.Country,
	})
}
