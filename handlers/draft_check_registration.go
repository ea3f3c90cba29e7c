package handlers

import (
	"time"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// registration is what Microsoft's published rules say about registering the deal once it is won;
// nil for a private deal, which Microsoft does not know.
func registration(l *language.Locale, a referral.Answers) *views.Registration {
	if !referral.Deal(a.DealType).VisibleToMicrosoft() {
		return nil
	}
	out := &views.Registration{}
	for _, r := range referral.RegistrationRules() {
		if r.Applies(a) {
			out.Hints = append(out.Hints, l.T(registrationText(r.Key)))
			out.Source = r.Source
			out.Read = l.Date(time.Date(r.Read.Year, r.Read.Month, r.Read.Day, 0, 0, 0, 0, time.UTC))
		}
	}
	return out
}

func registrationText(key string) language.Key {
	switch key {
	case referral.RegistrationWonAtOnce:
		return "You send this deal as won. Microsoft may reject its registration, because less than " +
			"72 hours lie between creating and winning it."
	case referral.RegistrationNoSolution:
		return "Only deals with an eligible solution can be registered, and this deal names none of " +
			"your solutions."
	case referral.RegistrationMarketplace:
		return "Deals that the customer buys through Microsoft Marketplace need no registration for " +
			"eligible Azure solutions."
	}
	return "Wait 72 hours after sending before you mark the deal as won. Microsoft may reject the " +
		"registration of a deal that was won earlier."
}
