package views

// HelpPage is the help for reps.
type HelpPage struct {
	Shell Shell
	Deals []HelpDeal
}

// HelpDeal says what a deal type means.
type HelpDeal struct {
	Title, Hint string
	Points      []string
}
