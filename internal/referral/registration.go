package referral

// RegistrationRule is one of Microsoft's published rules about registering a won deal, as of the
// day on which it was read. It is only a hint: Microsoft decides.
type RegistrationRule struct {
	// Key names the rule.
	Key string
	// Source is where the rule is published, Read the day on which it was read.
	Source string
	Read   Date
	// Applies tells whether the rule concerns a deal with these answers.
	Applies func(Answers) bool
}

// The keys of the rules.
const (
	RegistrationWait        = "wait"        // 72 hours between creating and winning
	RegistrationWonAtOnce   = "won-at-once" // the deal is sent as won
	RegistrationNoSolution  = "no-solution" // no solution of the partner's own is named
	RegistrationMarketplace = "marketplace" // bought there, it needs none
)

// RegistrationRules lists the published rules that can be checked by the answers.
func RegistrationRules() []RegistrationRule {
	const source = "https://learn.microsoft.com/en-us/partner-center/register-deals"
	read := Date{Year: 2026, Month: 11, Day: 22}
	won := func(a Answers) bool { return a.Status == "Closed/Won" }
	return []RegistrationRule{
		{RegistrationWonAtOnce, source, read, won},
		{RegistrationWait, source, read, func(a Answers) bool { return !won(a) }},
		{RegistrationNoSolution, source, read, func(a Answers) bool {
			return len(a.Details.Requirements.Given()) == 0 && a.TargetType() != TargetSolution
		}},
		{RegistrationMarketplace, source, read,
			func(a Answers) bool { return a.MarketplaceIntent == "Yes" }},
	}
}
