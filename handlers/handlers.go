// Package handlers serves the pages: routes, middleware, the table of errors, and one file per
// page with the interface it needs, the data it shows and its handler. A page's code is found by
// the page's URL: /drafts/{d}/check is in draft_check.go.
package handlers

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/auth"
	"tandem/internal/session"
)

// Store is everything the pages read and write; each page names the part it needs.
type Store interface {
	signInStore
	sessionStore
	stashStore
	typedStore
	draftsStore
	newDraftStore
	stepStore
	deleteStore
	sendStore
	referralStore
	responseStore
	listStore
	exportStore
	pipelineStore
	connectStore
	editStore
	changeStore
	liveStore
	settingsStore
	entriesStore
	preferencesStore
	consentStore
	privacyStore
	peopleStore
	contactStore
}

// Deps is what the pages are made of. All fields are required unless the comment says otherwise.
type Deps struct {
	Store   Store
	Sender  Sender
	Changes Changer
	// Lister keeps lists of referrals up to date; nil leaves them with what was sent from Tandem.
	Lister   Lister
	Provider Provider
	Sessions *session.Sessions
	// Tokens keeps the rep's delegated token for the jobs.
	Tokens TokenKeeper
	Static http.Handler
	// Practice serves the stand-ins under /practice/; nil outside practice mode.
	Practice http.Handler
	Now      func() time.Time
	Log      *slog.Logger
	// Trace makes a span of every request; may be nil.
	Trace Tracer
	// Observe is told of every answered request; may be nil.
	Observe Observer
	// Checks are the conditions of /readyz; may be empty.
	Checks []Check
	// Proxies are trusted to name the address of a client; may be empty.
	Proxies Proxies
	// Limits bound the rate of requests; the zero value sets no limits.
	Limits Limits
	// Patience is how long a page may take before people are told that Tandem is not available;
	// zero means 30 seconds.
	Patience time.Duration
	// Secure is true when the site is served by https.
	Secure bool
}

// Provider is the sign-in side of an OpenID provider; *auth.Provider is one.
type Provider = provider

var _ Provider = (*auth.Provider)(nil)

// New returns the whole site.
func New(d Deps) http.Handler {
	d.Log = slog.New(tracedLog{d.Log.Handler()})
	d.Sender = tracedSender{d.Sender, d.Log}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = errorPage(d)
	e.Pre(requestID(d.Trace), headers(d), speaks(d), limitBody, limitTime(d.Patience))
	e.Use(accessLog(d), recovered(d), sameOrigin(), known(d), limited(d), signedIn(d))
	routes(e, d)
	return e
}
