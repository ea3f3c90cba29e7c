package referral

// Advice says what a rep can do next about Microsoft’s answer. Microsoft publishes no list of
// reasons: statusReason is free text ("a descriptive message about the status",
// learn.microsoft.com, Referral resources), shown as it is. The advice therefore follows the
// standing alone.
type Advice struct {
	// Standing is that of Microsoft's referral.
	Standing Standing
	// Title and Text are whole sentences.
	Title, Text string
	// Source is where the rule behind the advice is published.
	Source string
}

// Advices lists the advice there is, in the order of a referral's life.
func Advices() []Advice {
	const (
		resources = "https://learn.microsoft.com/en-us/partner-center/developer/referral-resources"
		create    = "https://learn.microsoft.com/en-us/partner/develop/create-a-referral"
		register  = "https://learn.microsoft.com/en-us/partner-center/register-deals"
	)
	return []Advice{
		{Standing{"Closed", "Declined"}, "Microsoft declined to work on this deal",
			"The deal is still yours: go on alone, or copy it as a new draft, say more clearly " +
				"what help you need, and send it again.", create},
		{Standing{"Closed", "Expired"}, "Microsoft did not answer in time",
			"The invitation expired. The deal is still yours: go on alone, or copy it as a new " +
				"draft and invite Microsoft again.", resources},
		{Standing{"Closed", "Lost"}, "Microsoft closed its referral as lost",
			"Ask the Microsoft seller why. Your own referral stays open until you close it.",
			resources},
		{Standing{"Closed", "Won"}, "Microsoft closed its referral as won",
			"When the customer has signed, close your own referral as won, too. Wait until 72 " +
				"hours after you created the deal, or its registration may be rejected.", register},
		{Standing{"Closed", "Error"}, "Something went wrong with Microsoft’s referral",
			"Open it in Partner Center to see what is missing, or copy the deal as a new draft.",
			resources},
	}
}

// AdviceFor returns the advice for a standing; ok is false when there is none.
func AdviceFor(s Standing) (a Advice, ok bool) {
	for _, a := range Advices() {
		if s.is(a.Standing) {
			return a, true
		}
	}
	return Advice{}, false
}
