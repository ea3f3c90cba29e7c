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

// typedForm returns the posted form as it is stashed; ok is false for pages on which nothing is
// typed.
func typedForm(c echo.Context) (t referral.Typed, ok bool, err error) {
	if t.Subject, t.Page, ok = typedPage(c); !ok {
		return t, false, nil
	}
	if _, err := posted(c); err != nil {
		return t, false, err
	}
	if t.Form = c.Request().PostForm.Encode(); len(t.Form) > referral.MaxTyped {
		return t, false, &http.MaxBytesError{Limit: referral.MaxTyped}
	}
	return t, true, nil
}

// signedOutPost leads to the sign-in and back. The posted page waits meanwhile.
func (d Deps) signedOutPost(c echo.Context) error {
	kept, err := d.stash(c)
	if err != nil {
		return err
	}
	if !kept {
		return toSignIn(c)
	}
	back := c.Request().URL.RequestURI()
	if c.Path() == importRoute {
		back = settingsPath(referral.EntryKind(c.Param("kind")))
	}
	return see(c, "/auth/sign-in?reason=kept&return_to="+url.QueryEscape(back))
}

// stash keeps a page that was posted without a session, for the person who signed in last with this
// browser. It tells whether there is such a person, and something to keep.
func (d Deps) stash(c echo.Context) (kept bool, err error) {
	person, known := d.Sessions.Person(c.Request())
	typed, ok, err := typedForm(c)
	if err != nil || !ok || !known {
		return false, err
	}
	id, ok := d.Sessions.Kept(c.Request())
	if !ok {
		if id, err = d.Sessions.NewID(); err != nil {
			return false, err
		}
	}
	err = d.Store.Stash(c.Request().Context(), session.Hash(id), person, typed)
	if errors.Is(err, referral.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, d.Sessions.SetKept(c.Response(), c.Request(), id)
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
