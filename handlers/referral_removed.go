package handlers

import (
	"slices"
	"time"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// removedText says when Microsoft's answer was removed and after how many days, empty while it is
// there.
func removedText(l *language.Locale, r referral.Referral) string {
	if r.RemovedAt.IsZero() {
		return ""
	}
	days := int(r.RemovedAt.Sub(r.AnsweredAt) / (24 * time.Hour))
	return l.T("Microsoft’s answer was removed after %d days, on %s.", days,
		l.Date(l.Local(r.RemovedAt)))
}

// answersOf is what a referral's JSON says, or, once that was removed, what lists know of it.
func answersOf(r referral.Referral) (referral.Answers, error) {
	if r.RemovedAt.IsZero() {
		return referral.ReadAnswers(r.Raw)
	}
	a := referral.Answers{Name: r.Name, ExternalReferenceID: r.ExternalReferenceID}
	a.CustomerProfile.Name, a.CustomerProfile.Address.Country = r.Customer, r.Country
	a.Details.DealValue, a.Details.Currency = r.DealValue, r.Currency
	if day, ok := referral.ParseDate(r.ClosingDate); ok {
		a.Details.Closing = day.Typed()
	}
	return a, nil
}

// knownSections leaves out the cards of which nothing is known without Microsoft's answer.
func knownSections(
	l *language.Locale, own referral.Referral, a referral.Answers,
) []views.Section {
	all := sections(l, own, a)
	if own.RemovedAt.IsZero() {
		return all
	}
	return slices.DeleteFunc(all, func(s views.Section) bool {
		return s.ID == "contacts" || s.ID == "needs" || s.ID == "our-team"
	})
}
