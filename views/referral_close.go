package views

import "tandem/internal/form"

// StatusPage asks for the new status of a referral.
type StatusPage struct {
	Shell Shell
	// Name is the referral's, Title the heading, Now its present status.
	Name, Title, Now string
	Status           form.Field
	BackHref         string
	Restored         Restored
}

// ClosePage asks whether a referral is to be closed.
type ClosePage struct {
	Shell       Shell
	Name, Title string
	// Texts say what closing means, Confirm what the button does.
	Texts   []string
	Confirm string
	Reason  form.Field
	// Status and ETag are posted to Action.
	Status, ETag, Action string
	// BackHref leads to the choice of the status, KeepHref to the referral.
	BackHref, KeepHref string
	Restored           Restored
}
