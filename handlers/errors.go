package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// problemPage is what people read for a status.
type problemPage struct {
	status      int
	title, text language.Key
	args        []any // of text
	// posted replaces the text for who posted a form: reloading the page sends it again. It may be
	// empty.
	posted language.Key
}

// retryLater is the Retry-After of a page that may work again soon, in seconds.
const retryLater = "30"

// postedAgain is for a posted form that may not be saved.
const postedAgain language.Key = "What you entered on the last page may not be saved. Wait a minute, " +
	"then reload this page: your browser sends it again."

func notFoundPage() problemPage {
	return problemPage{status: http.StatusNotFound, title: "Page not found",
		text: "Check the address. If a colleague sent you the link, it may be a deal that only " +
			"they can see."}
}

func faultPage() problemPage {
	return problemPage{status: http.StatusInternalServerError,
		title: "There is a problem with this service",
		text:  "What you saved before is safe. Try again in a few minutes.", posted: postedAgain}
}

// awayPage is for a database that cannot be reached or written.
func awayPage() problemPage {
	return problemPage{status: http.StatusServiceUnavailable,
		title: "Tandem is not available for the moment",
		text: "What you saved is safe, and deals on their way to Microsoft go on by themselves. " +
			"Reload this page in a minute.", posted: postedAgain}
}

// samePage is an error and the page for it, which depends on nothing else.
type samePage struct {
	err  error
	page problemPage
}

func samePages() []samePage {
	return []samePage{
		{referral.ErrNotFound, notFoundPage()},
		{referral.ErrUnavailable, awayPage()},
		{referral.ErrConflict, problemPage{status: http.StatusConflict,
			title: "This was changed meanwhile",
			text:  "Go back, reload the page and try again. What you saw was out of date."}},
		{referral.ErrLocked, problemPage{status: http.StatusConflict,
			title: "This draft is being sent",
			text:  "It cannot be changed until Microsoft has answered."}},
		{errSent, problemPage{status: http.StatusConflict,
			title: "This draft was sent",
			text:  "It cannot be changed any more. Update the referral: it is in your list."}},
		{referral.ErrInvalid, problemPage{status: http.StatusUnprocessableEntity,
			title: "Some answers are not ready", text: "Go to Check your answers to see which."}},
		{errForm, problemPage{status: http.StatusBadRequest, title: "We could not read this form",
			text: "Go back, reload the page and try again. Your last saved answers are safe."}},
	}
}

// problemOf is the one table from errors to status and words.
func problemOf(l *language.Locale, err error) problemPage {
	var http_ *echo.HTTPError
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) { // first, as errForm wraps it
		return problemPage{status: http.StatusRequestEntityTooLarge,
			title: "This page is too large to save",
			text:  "Shorten the longest texts and save again. Your last saved answers are safe."}
	}
	for _, same := range samePages() {
		if errors.Is(err, same.err) {
			return same.page
		}
	}
	switch {
	case errors.Is(err, referral.ErrGone):
		return deletedPage(l, err)
	case errors.Is(err, referral.ErrForbidden):
		return forbiddenPage(err)
	case errors.As(err, &http_):
		return statusPage(http_.Code)
	}
	return faultPage()
}

// forbiddenPage says who may do what the reader may not.
func forbiddenPage(err error) problemPage {
	if errors.Is(err, referral.ErrNotAdmin) {
		return problemPage{status: http.StatusForbidden,
			title: "Only administrators can change the settings",
			text: "Ask whoever looks after Tandem in your organisation. Administrators have the " +
				"app role Tandem.Admin in Microsoft Entra."}
	}
	return problemPage{status: http.StatusForbidden, title: "You cannot open this referral",
		text: "Only its owner can change it. Ask the person who created it."}
}

// deletedPage says who deleted the draft and when.
func deletedPage(l *language.Locale, err error) problemPage {
	p := problemPage{status: http.StatusNotFound, title: notFoundPage().title,
		text: "This draft was deleted. You can start a new referral."}
	var d *referral.DeletedError
	if errors.As(err, &d) {
		p.text = "This draft was deleted on %s by %s. You can start a new referral."
		p.args = []any{l.Date(l.Local(d.At)), d.By}
	}
	if d != nil && d.Unused {
		p.text = "This draft was deleted on %s, because nobody had changed it for a long time. " +
			"You can start a new referral."
		p.args = p.args[:1]
	}
	return p
}

// errSent says that a draft became a referral.
var errSent = errors.New("the draft was sent")

// errForm marks a request body that is not a form.
var errForm = errors.New("reading the form")

func statusPage(status int) problemPage {
	switch {
	case status == http.StatusNotFound:
		return notFoundPage()
	case status == http.StatusForbidden:
		return problemPage{status: status, title: "This request did not come from Tandem",
			text: "For your safety we refused it. Open the page again and try once more."}
	case status == http.StatusMethodNotAllowed:
		return problemPage{status: status, title: "This page cannot do that",
			text: "Go to your referrals."}
	case status == http.StatusTooManyRequests:
		return problemPage{status: status, title: "Too many requests",
			text: "Wait a few seconds, then reload this page. Nothing was changed."}
	case status < http.StatusInternalServerError:
		return problemPage{status: status, title: "We could not do that",
			text: "Go back and try again."}
	}
	return faultPage()
}

// errorPage shows an error in the same shell as every page. People never read err.Error(). Only our
// own faults are logged as errors: when the client has gone away, nothing is shown or logged,
// because the database then fails with errors of many kinds.
func errorPage(d Deps) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		l, ctx := in(c), c.Request().Context()
		if c.Response().Committed || errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		if ctx.Err() != nil { // the time limit has passed, but the page that says so has to be made
			err = fmt.Errorf("%w: %w", referral.ErrUnavailable, err)
			ctx = context.WithoutCancel(ctx)
			c.SetRequest(c.Request().WithContext(ctx))
		}
		p := problemOf(l, err)
		stay := p.status == http.StatusServiceUnavailable
		if stay {
			c.Response().Header().Set("Retry-After", retryLater)
		}
		if p.posted != "" && c.Request().Method == http.MethodPost {
			p.text, stay = p.posted, true
		}
		d.Log.Log(ctx, levelOf(p.status), "request refused", "route", c.Path(),
			"status", p.status, "error", logged(err))
		title, text := l.T(p.title), l.T(p.text, p.args...)
		page := views.ErrorPage(shell(c, title, ""), title, text, RequestID(ctx), stay)
		err = renderStatus(c, p.status, page)
		if err != nil && ctx.Err() == nil { // otherwise the client has gone meanwhile
			d.Log.ErrorContext(ctx, "showing an error page", "error", err.Error())
		}
	}
}

// logged is the text of an error for the log. It leaves out the text of "not found", which may
// contain anything that somebody typed into a URL.
func logged(err error) string {
	if errors.Is(err, referral.ErrNotFound) {
		return referral.ErrNotFound.Error()
	}
	return err.Error()
}

// levelOf is the log level of a refusal. Clients that ask too often must not fill the log.
func levelOf(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status == http.StatusTooManyRequests:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
