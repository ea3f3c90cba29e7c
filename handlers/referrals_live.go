package handlers

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// Lister brings the list of a person's referrals up to date with Microsoft, in the background.
//
// The list is filtered in Tandem's own database and never by Microsoft, whose service cannot search
// names and does not know our sends. So the list works even while that service does not.
type Lister interface {
	// Look takes how far a person's list was fetched when he looked at it just now, and returns how
	// far it is: if the list is old, fetching begins.
	Look(ctx context.Context, l referral.Listing) (referral.Listing, error)
	// Relist begins to fetch the whole list.
	Relist(ctx context.Context, c referral.Caller) error
}

// look calls the lister's Look. Without a lister it returns the zero Listing.
func (d Deps) look(c echo.Context, l referral.Listing) (referral.Listing, error) {
	if d.Lister == nil {
		return referral.Listing{}, nil
	}
	return d.Lister.Look(c.Request().Context(), l)
}

// refreshList begins to fetch the list, and shows it again with the filters of the URL.
func refreshList(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		if d.Lister != nil {
			if err := d.Lister.Relist(c.Request().Context(), caller(c)); err != nil {
				return err
			}
		}
		return see(c, readListQuery(c.QueryParams()).href())
	}
}

// liveLine says how up to date the list is.
func liveLine(
	l *language.Locale, listing referral.Listing, q listQuery, now time.Time,
) views.Live {
	v := views.Live{Poll: q.href(), Every: listing.LookEvery()}
	running := listing.State == referral.ListingRunning
	refresh := views.Action{Text: l.T("Refresh"), Href: q.at("/referrals/refresh").href(),
		Post: true, Secondary: true}
	switch {
	case listing.State == "":
		return v
	case listing.State == referral.ListingNeedsSignIn:
		v.Problem, v.Actions = true, []views.Action{{Text: l.T("Sign in"), Href: "/auth/sign-in",
			Post: true, ReturnTo: q.href()}}
		v.Text, v.Help = signInText(l, listing, now), l.T("Microsoft asks for a new sign-in.")
	case listing.Stale():
		v.Problem, v.Actions = true, []views.Action{refresh}
		v.Text, v.Help = staleText(l, listing, now), staleHelp(l, listing)
	case running && listing.First():
		v.Loading = true
		v.Text = l.T("Loading your referrals from Microsoft: %d so far", listing.Seen)
	case running:
		v.Text = l.T("From Microsoft on %s. Looking for changes.", asOf(l, listing, now))
	default:
		v.Text = l.T("From Microsoft on %s.", asOf(l, listing, now))
		v.Actions = []views.Action{refresh}
	}
	return v
}

// asOf is the time that the list is from.
func asOf(l *language.Locale, listing referral.Listing, now time.Time) string {
	return l.NearDateTime(listing.FreshAt, now)
}

func signInText(l *language.Locale, listing referral.Listing, now time.Time) string {
	if listing.First() {
		return l.T("Sign in to load your referrals from Microsoft.")
	}
	return l.T("Sign in to load your referrals from Microsoft. These are from %s.",
		asOf(l, listing, now))
}

func staleText(l *language.Locale, listing referral.Listing, now time.Time) string {
	if listing.First() {
		return l.T("We cannot load your referrals from Microsoft.")
	}
	return l.T("We cannot load your referrals from Microsoft. These are from %s.",
		asOf(l, listing, now))
}

// staleHelp says why the list is old, if somebody can do something about it.
func staleHelp(l *language.Locale, listing referral.Listing) string {
	switch {
	case listing.Outcome.Kind == referral.OutcomeForbidden:
		return l.T("Ask your Partner Center administrator for the Referrals admin or " +
			"Referrals user role.")
	case listing.State != referral.ListingRunning:
		return ""
	case listing.Outcome.Kind == referral.OutcomeLimited:
		return l.T("Microsoft limits requests. We try again by ourselves.")
	}
	return l.T("Microsoft’s service is not available. We try again by ourselves.")
}
