package handlers

import (
	"context"
	"errors"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/views"
)

// typedStore keeps what people typed and have not saved. It changes nothing of drafts and
// referrals.
type typedStore interface {
	// SaveTyped is referral.ErrNotFound when the subject is not the caller's own.
	SaveTyped(ctx context.Context, c referral.Caller, t referral.Typed) error
	// Typed is referral.ErrNotFound when there is nothing.
	Typed(ctx context.Context, c referral.Caller, subject, page string) (referral.Typed, error)
	// DraftWithTyped returns a draft with what the caller typed on its pages.
	DraftWithTyped(
		ctx context.Context, c referral.Caller, id string,
	) (referral.Draft, []referral.Typed, error)
	DeleteTyped(ctx context.Context, c referral.Caller, subject, page string) error
}

// restored is what somebody typed on a page and did not save, and the page's note about it.
type restored struct {
	values url.Values
	note   views.Restored
}

// decode decodes the values into the page's form. It drops values of an older version of the form
// that do not fit.
func (r *restored) decode(into any) {
	if r.found() && form.Decode(r.values, into) != nil {
		*r = restored{}
	}
}

// found tells whether there is anything.
func (r restored) found() bool { return r.values != nil }

// restore returns what the person typed on this page and did not save, or the zero value.
func restore(c echo.Context, db typedStore) (restored, error) {
	subject, page, ok := typedPage(c)
	if !ok {
		return restored{}, nil
	}
	t, err := db.Typed(c.Request().Context(), caller(c), subject, page)
	if errors.Is(err, referral.ErrNotFound) {
		return restored{}, nil
	}
	if err != nil {
		return restored{}, err
	}
	return restoredFrom(c, &t), nil
}

// restoredFrom reads a working copy, which may be nil. It ignores one that cannot be read.
func restoredFrom(c echo.Context, t *referral.Typed) restored {
	if t == nil {
		return restored{}
	}
	values, err := url.ParseQuery(t.Form)
	if err != nil {
		return restored{}
	}
	return restored{values: values, note: views.Restored{At: t.At, On: in(c).NearDay(t.At, now(c)),
		SignedOut: t.SignedOut, Subject: t.Subject, Page: t.Page,
		ReturnTo: c.Request().URL.RequestURI()}}
}

// saved forgets what the person typed on this page, because it was saved.
func saved(c echo.Context, db typedStore) error {
	subject, page, ok := typedPage(c)
	if !ok {
		return nil
	}
	return db.DeleteTyped(c.Request().Context(), caller(c), subject, page)
}

// discardTyped forgets what the person typed on a page; the page shows what was saved last.
func discardTyped(db typedStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		err = db.DeleteTyped(c.Request().Context(), caller(c), values.Get("subject"),
			values.Get("page"))
		if err != nil {
			return err
		}
		return see(c, session.LocalPath(values.Get("return_to")))
	}
}
