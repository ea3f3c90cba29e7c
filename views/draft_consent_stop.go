package views

// ConsentStopPage says that the deal cannot go on without the customer's agreement.
type ConsentStopPage struct {
	Shell Shell
	// Reason is one sentence.
	Reason string
	// ChangeHref leads back to the question.
	ChangeHref string
	// Private is true when the deal could go on as a private one.
	Private bool
}
