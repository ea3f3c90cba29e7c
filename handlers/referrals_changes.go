package handlers

import (
	"slices"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// withChanges adds the changes that wait for the rep to the rows of sends, newest first.
func withChanges(
	l *language.Locale, rows []views.AttentionRow, changes []referral.Change, c referral.Caller,
) []views.AttentionRow {
	for _, ch := range changes {
		row := views.AttentionRow{Href: changePath(ch.ID), Name: ch.Name, Customer: ch.Customer,
			At: ch.UpdatedAt, What: l.T(changeOutcomeOf(ch).short),
			Kind: l.T("A change of your referral")}
		if ch.OwnerID != c.UserID {
			row.Owner = ch.OwnerName
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b views.AttentionRow) int { return b.At.Compare(a.At) })
	return rows
}
