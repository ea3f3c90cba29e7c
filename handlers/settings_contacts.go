package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// contactStore is for admins: to reps all of it is referral.ErrNotAdmin.
type contactStore interface {
	typedStore
	// FindContact counts where an address occurs.
	FindContact(ctx context.Context, c referral.Caller, address string) (referral.Traces, error)
	// EraseContact is a *referral.BusyError when something with the person is not done.
	EraseContact(ctx context.Context, c referral.Caller, address string) (referral.Traces, error)
}

// contactPage asks for the address of somebody whose data is to be erased.
func contactPage(db typedStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !user(c).Admin {
			return referral.ErrNotAdmin
		}
		kept, err := restore(c, db)
		if err != nil {
			return err
		}
		p := newContactPage(c, kept.values.Get("email"))
		p.Done, p.Restored = c.QueryParam("erased") == "1", kept.note
		return render(c, views.EraseContact(p))
	}
}

func newContactPage(c echo.Context, typed string) views.EraseContactPage {
	l := in(c)
	return views.EraseContactPage{Shell: shell(c, l.T("Erase a contact"), "settings"),
		Email: form.Field{Name: "email", ID: "email", Label: l.T("E-mail address"), Type: "email",
			Value: typed, Autocomplete: "off", NoSpellcheck: true}}
}

// eraseContact shows where an address occurs, and erases it when asked to. The result is the answer
// to the POST, because in the URL of a page the address would stay in histories and logs.
func eraseContact(db contactStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		if !user(c).Admin {
			return referral.ErrNotAdmin
		}
		p := newContactPage(c, values.Get("email"))
		address, ok := referral.EmailAddress(p.Email.Value)
		if !ok {
			p.Email.Error = in(c).T("Enter an e-mail address in the format name@example.com")
			p.Shell.HasErrors = true
			return renderStatus(c, http.StatusUnprocessableEntity, views.EraseContact(p))
		}
		if err := saved(c, db); err != nil {
			return err
		}
		if values.Get("go") != "erase" {
			return showFound(c, db, http.StatusOK, p, address)
		}
		_, err = db.EraseContact(c.Request().Context(), caller(c), address)
		var busy *referral.BusyError
		switch {
		case errors.As(err, &busy):
			return showFound(c, db, http.StatusConflict, p, address)
		case err != nil:
			return err
		}
		return see(c, "/settings/contacts?erased=1")
	}
}

// showFound shows where an address occurs.
func showFound(
	c echo.Context, db contactStore, status int, p views.EraseContactPage, address string,
) error {
	found, err := db.FindContact(c.Request().Context(), caller(c), address)
	if err != nil {
		return err
	}
	p.Address, p.Counts = address, traceRows(in(c), found)
	if found.Busy > 0 {
		p.Blocked = in(c).T("%d of these belong to sends or changes that are not done. Finish or "+
			"stop them first: Needs attention lists them.", found.Busy)
	}
	return renderStatus(c, status, views.EraseContact(p))
}

// traceRows are the counts by kind, nil when there are none.
func traceRows(l *language.Locale, found referral.Traces) []views.SumRow {
	var rows []views.SumRow
	for _, x := range []struct {
		key language.Key
		n   int
	}{
		{"Drafts", found.Drafts}, {"What was sent", found.Sends},
		{"Changes that were sent", found.Changes}, {"Microsoft’s answers", found.Answers},
		{"Typed and not saved", found.Typed},
	} {
		if x.n > 0 {
			rows = append(rows, views.SumRow{Key: l.T(x.key), Text: fmt.Sprint(x.n)})
		}
	}
	return rows
}
