package referral

import (
	"slices"
	"time"
)

// Connect holds the wizard's answers for the connected referral of one own referral, as typed.
type Connect struct {
	// HelpCode is an id of HelpCodes; its input is inviteContext.assistanceRequestCode.
	HelpCode string `json:"helpCode,omitempty"`
	// Message is what Microsoft reads first; inviteContext.notes.
	Message string `json:"message,omitempty"`
	// Contacts and Team are the PersonKeys of the people to share; customerProfile.team and team.
	Contacts []string `json:"contacts,omitempty"`
	Team     []string `json:"team,omitempty"`
	// Notes and DealValue replace those of the own referral when Different is "true".
	Different string `json:"different,omitempty"`
	Notes     string `json:"notes,omitempty"`
	DealValue string `json:"dealValue,omitempty"`
	// Revision grows by one with each save; 0 means that nothing was saved yet.
	Revision  int       `json:"-"`
	UpdatedAt time.Time `json:"-"`
}

// Same tells whether the answers are those of o, whenever they were saved.
func (w Connect) Same(o Connect) bool {
	return w.HelpCode == o.HelpCode && w.Message == o.Message && w.Different == o.Different &&
		w.Notes == o.Notes && w.DealValue == o.DealValue &&
		slices.Equal(w.Contacts, o.Contacts) && slices.Equal(w.Team, o.Team)
}
