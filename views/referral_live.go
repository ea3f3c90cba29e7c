package views

// ReferralLive is what changes on the page of a referral by itself, and what can be done about it.
type ReferralLive struct {
	// Done says that a change was made, empty when the page was not reached by one.
	Done string
	// Open is a change that is not made yet, if any.
	Open OpenChange
	// Fresh says when Microsoft was last asked; RefreshHref asks again, empty for who may not.
	Fresh, RefreshHref string
	// Closed says why nothing can be changed, empty when something can.
	Closed string
	// Deadline says how long Microsoft has to answer, empty when it does not matter.
	Deadline string
	// News is what changed since the reader last looked; SeenHref takes note of it.
	News     KeptChanges
	SeenHref string
	// Seen are the versions that are noted.
	Seen []string
	// Advice says what to do about Microsoft's answer; Reason is Microsoft's own.
	Advice Notice
	Reason string
	// Elsewhere is what only Partner Center offers.
	Elsewhere Elsewhere
}

// OpenChange is a change that is not made yet, or was refused; without a title there is none.
type OpenChange struct {
	Notice Notice
	// Lines are what it sets, one answer each.
	Lines   []string
	Actions []Action
	// Text is a link to Href, where all is said about it.
	Text, Href string
}

// Elsewhere is what to do on another site, with a link to it; without texts there is nothing.
type Elsewhere struct {
	Title      string
	Texts      []string
	Link, Href string
}
