package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

// problemPage is what people read for a status.
type problemPage struct {
	status      int
	title, text string
}

var (
	notFoundPage = problemPage{http.StatusNotFound, "Page not found",
		"Check the address, or go to your referrals."}
	faultPage = problemPage{http.StatusInternalServerError,
		"There is a problem with this service", "Your draft is saved. Try again in a few minutes."}
)

// problemOf is the one table from errors to status and words.
func problemOf(err error) problemPage {
	var http_ *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, referral.ErrNotFound):
		return notFoundPage
	case errors.Is(err, referral.ErrGone):
		return problemPage{http.StatusNotFound, "Page not found", deletedText(err)}
	case errors.Is(err, referral.ErrForbidden):
		return forbiddenPage(err)
	case errors.Is(err, referral.ErrConflict):
		return problemPage{http.StatusConflict, "This was changed meanwhile",
			"Go back, reload the page and try again. What you saw was out of date."}
	case errors.Is(err, referral.ErrLocked):
		return problemPage{http.StatusConflict, "This draft is being sent",
			"It cannot be changed until Microsoft has answered."}
	case errors.Is(err, referral.ErrInvalid):
		return problemPage{http.StatusUnprocessableEntity, "Some answers are not ready",
			"Go to Check your answers to see which."}
	case errors.As(err, &tooLarge):
		return problemPage{http.StatusRequestEntityTooLarge, "This page is too large to save",
			"Shorten the longest texts and save again. Your last saved answers are safe."}
	case errors.Is(err, errForm):
		return problemPage{http.StatusBadRequest, "We could not read this form",
			"Go back, reload the page and try again. Your last saved answers are safe."}
	case errors.As(err, &http_):
		return statusPage(http_.Code)
	}
	return faultPage
}

// forbiddenPage says who may do what the reader may not.
func forbiddenPage(err error) problemPage {
	if errors.Is(err, referral.ErrNotAdmin) {
		return problemPage{http.StatusForbidden, "Only administrators can change the settings",
			"Ask whoever looks after Tandem in your organisation. Administrators have the app role " +
				"Tandem.Admin in Microsoft Entra."}
	}
	return problemPage{http.StatusForbidden, "You cannot open this referral",
		"Only its owner can change it. Ask the person who created it."}
}

// deletedText says who deleted the draft and when.
func deletedText(err error) string {
	var d *referral.DeletedError
	if !errors.As(err, &d) {
		return "This draft was deleted. You can start a new referral."
	}
	if d.Unused {
		return fmt.Sprintf("This draft was deleted on %s, because nobody had changed it for a long "+
			"time. You can start a new referral.", d.At.UTC().Format("2 January 2006"))
	}
	return fmt.Sprintf("This draft was deleted on %s by %s. You can start a new referral.",
		d.At.UTC().Format("2 January 2006"), d.By)
}

// errForm marks a request body that is not a form.
var errForm = errors.New("reading the form")

func statusPage(status int) problemPage {
	switch {
	case status == http.StatusNotFound:
		return notFoundPage
	case status == http.StatusForbidden:
		return problemPage{status, "This request did not come from Tandem",
			"For your safety we refused it. Open the page again and try once more."}
	case status == http.StatusMethodNotAllowed:
		return problemPage{status, "This page cannot do that", "Go to your referrals."}
	case status == http.StatusTooManyRequests:
		return problemPage{status, "Too many requests",
			"Wait a few seconds, then reload this page. Nothing was changed."}
	case status < http.StatusInternalServerError:
		return problemPage{status, "We could not do that", "Go back and try again."}
	}
	return faultPage
}

// errorPage shows an error in the same shell as every page. Only a fault of ours is logged as an
// error; people never read err.Error().
func errorPage(d Deps) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed || errors.Is(err, context.Canceled) {
			return
		}
		p, ctx := problemOf(err), c.Request().Context()
		d.Log.Log(ctx, levelOf(p.status), "request refused", "status", p.status,
			"error", logged(err))
		page := views.ErrorPage(shell(c, p.title, ""), p.title, p.text, RequestID(ctx))
		err = renderStatus(c, p.status, page)
		if err != nil && !errors.Is(err, context.Canceled) { // who sends too slowly is gone by now
			d.Log.ErrorContext(ctx, "showing an error page", "error", err.Error())
		}
	}
}

// logged is what the log says of an error. What was not found may be anything that somebody typed
// into an address.
func logged(err error) string {
	if errors.Is(err, referral.ErrNotFound) {
		return referral.ErrNotFound.Error()
	}
	return err.Error()
}

// levelOf is how much a refusal matters. Somebody who asks too often must not fill the log as well.
func levelOf(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status == http.StatusTooManyRequests:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
