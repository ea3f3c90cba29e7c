package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/internal/session"
)

type stashStore interface {
	// Stash keeps a page that the person posted after his session had ended;
	// referral.ErrNotFound when nobody has this id.
	Stash(ctx context.Context, hash []byte, userID string, t referral.Typed) error
	// Unstash hands the pages over to the person who signed in, if they are his, and forgets them
	// in any case.
	Unstash(ctx context.Context, hash []byte, userID string) error
}

// typedPage names the page of the present route for what is typed there; ok is false for pages on
// which nothing is typed.
func typedPage(c echo.Context) (subject, page string, ok bool) {
	switch c.Path() {
	case "/drafts/new":
		return "", pageNew, true
	case "/drafts/:d/type":
		return c.Param("d"), pageType, true
	case "/drafts/:d/:step":
		return c.Param("d"), c.Param("step"), referral.Step(c.Param("step")).Valid()
	case "/referrals/:r/connect":
		return c.Param("r"), pageConnect, true
	}
	return "", "", false
}

// The pages on which people type that are no steps of a draft.
const (
	pageNew     = "new"
	pageType    = "type"
	pageConnect = "connect"
)

// stash keeps a page that was posted without a session, for the person who signed in last with this
// browser, and leads to the sign-in and back to the page.
func (d Deps) stash(c echo.Context) error {
	subject, page, ok := typedPage(c)
	person, known := d.Sessions.Person(c.Request())
	if !ok || !known {
		return toSignIn(c)
	}
	if _, err := posted(c); err != nil {
		return err
	}
	typed := referral.Typed{Subject: subject, Page: page, Form: c.Request().PostForm.Encode()}
	if len(typed.Form) > referral.MaxTyped {
		return &http.MaxBytesError{Limit: referral.MaxTyped}
	}
	id, ok := d.Sessions.Kept(c.Request())
	if !ok {
		var err error
		if id, err = d.Sessions.NewID(); err != nil {
			return err
		}
	}
	err := d.Store.Stash(c.Request().Context(), session.Hash(id), person, typed)
	switch {
	case errors.Is(err, referral.ErrNotFound):
		return toSignIn(c)
	case err != nil:
		return err
	}
	if err := d.Sessions.SetKept(c.Response(), c.Request(), id); err != nil {
		return err
	}
	return see(c, "/auth/sign-in?reason=kept&return_to=%s",
		url.QueryEscape(c.Request().URL.RequestURI()))
}

// unstash restores the pages that wait in this browser for the person who has signed in.
func (d Deps) unstash(c echo.Context, userID string) error {
	id, ok := d.Sessions.Kept(c.Request())
	if !ok {
		return nil
	}
	if err := d.Store.Unstash(c.Request().Context(), session.Hash(id), userID); err != nil {
		return err
	}
	d.Sessions.DropKept(c.Response())
	return nil
}
