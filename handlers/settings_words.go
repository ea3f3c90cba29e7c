package handlers

import (
	"tandem/internal/language"
	"tandem/internal/referral"
)

// listWords are what people read about a list of the settings.
type listWords struct {
	title, lead, note, add    language.Key
	code, codeHint, pasteHint language.Key
}

// entryWords returns the words of a list; none of an unknown one.
func entryWords(k referral.EntryKind) listWords {
	const (
		fiscal language.Key = "Microsoft changes this list each fiscal year, which begins in July. The " +
			"list Tandem comes with is that of Microsoft’s fiscal year 2026. Compare it with " +
			"Partner Center."
		unpublished language.Key = "Microsoft has not published the ids it expects. Leave this " +
			"empty to send the name"
	)
	w := listWords{code: "Value sent to Microsoft", codeHint: unpublished,
		pasteHint: "One name on each line, or a name, a semicolon and the value sent to Microsoft"}
	switch k {
	case referral.OwnSolutions:
		return listWords{title: "Solutions", lead: "Your organisation’s own solutions in Partner Center.",
			add: "Add a solution", code: "Solution ID",
			codeHint:  "SOL-34104-EBB or a GUID, from Partner Center",
			pasteHint: "One solution on each line: its name, a semicolon and its ID"}
	case referral.PartnerRoles:
		w.title, w.add = "Partner roles", "Add a partner role"
		w.lead = "What your organisation does in a services co-sell deal."
	case referral.SolutionAreas:
		w.title, w.add = "Solution areas", "Add a solution area"
		w.lead = "The area of Microsoft’s business that a services co-sell deal belongs to."
	case referral.SolutionPlays:
		w.title, w.add = "Solution plays", "Add a solution play"
		w.lead = "Microsoft’s sales plays, each in its solution area."
	default:
		return listWords{}
	}
	w.note = fiscal
	return w
}
