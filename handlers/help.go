package handlers

import (
	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// helpPage says what each deal type means and what Microsoft sees.
func helpPage() echo.HandlerFunc {
	return func(c echo.Context) error {
		l := in(c)
		p := views.HelpPage{Shell: shell(c, l.T("Help"), "")}
		for _, d := range referral.Deals() {
			p.Deals = append(p.Deals, views.HelpDeal{Title: l.Label(d.Label()),
				Hint: l.Label(d.Hint()), Points: dealPoints(l, d)})
		}
		return render(c, views.Help(p))
	}
}

// dealPoints say what follows from a deal type. They are read from the same rules as the pages.
func dealPoints(l *language.Locale, d referral.Deal) []string {
	points := []string{l.T("Microsoft’s sellers can see the deal. You cannot hide it again.")}
	if !d.VisibleToMicrosoft() {
		points = []string{l.T("Nobody at Microsoft’s sales team sees the deal until you open it.")}
	}
	const share language.Key = "The customer must have agreed that you share their information."
	switch {
	case d == referral.ServicesCoSell:
		points = append(points,
			l.T("You also give your partner role, a solution area and a solution play."))
		fallthrough
	case d.Connects():
		points = append(points,
			l.T("You give at least one customer contact with a phone number, and notes."),
			l.T("The customer must have agreed to share and to be contacted."),
			l.T("After sending you create a second referral, for Microsoft. It has 14 days to "+
				"answer."))
	case d.VisibleToMicrosoft():
		points = append(points, l.T(share),
			l.T("You can ask Microsoft for help later, until the deal is closed."))
	default:
		points = append(points, l.T(share))
	}
	return points
}

// privacyPage says what Tandem keeps, and for whom.
func privacyPage() echo.HandlerFunc {
	return func(c echo.Context) error {
		return render(c, views.Privacy(shell(c, in(c).T("Privacy"), "")))
	}
}

// accessibilityPage says what works, how it was tested and what is not known.
func accessibilityPage() echo.HandlerFunc {
	return func(c echo.Context) error {
		return render(c, views.Accessibility(shell(c, in(c).T("Accessibility"), "")))
	}
}
