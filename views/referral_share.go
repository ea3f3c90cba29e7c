package views

import "tandem/internal/form"

// SharePage asks who shall work on a deal that was sent.
type SharePage struct {
	Shell Shell
	// Name is the referral's, Title the heading.
	Name, Title string
	Deal        form.Field
	Consent     ConsentQuestions
	BackHref    string
	Restored    Restored
	// ContactsHref leads to the contacts when one is missing; empty otherwise.
	ContactsHref string
}

// ShareStopPage says that the customer has to agree first.
type ShareStopPage struct {
	Shell       Shell
	Name, Title string
	// Reason is one sentence.
	Reason string
	// ChangeHref leads back to the question, BackHref to the referral.
	ChangeHref, BackHref string
}
