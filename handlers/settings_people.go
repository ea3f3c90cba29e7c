package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// peopleStore is for admins: to reps all of it is referral.ErrNotAdmin.
type peopleStore interface {
	People(ctx context.Context, c referral.Caller) ([]referral.Person, error)
	Person(ctx context.Context, c referral.Caller, id string) (referral.Person, error)
	// ErasePerson is a *referral.BusyError when something with the person is not done.
	ErasePerson(ctx context.Context, c referral.Caller, id string) error
	Undone(ctx context.Context, c referral.Caller, id string) ([]referral.Undone, error)
	// EndUndone leaves alone what moves just now.
	EndUndone(ctx context.Context, c referral.Caller, id string) error
}

// peoplePage lists everybody who ever signed in.
func peoplePage(db peopleStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		all, err := db.People(c.Request().Context(), caller(c))
		if err != nil {
			return err
		}
		p := views.PeoplePage{Shell: shell(c, in(c).T("People who have signed in"), "settings"),
			Erased: c.QueryParam("erased") == "1"}
		for _, x := range all {
			p.Rows = append(p.Rows, personRow(in(c), x, user(c).ID))
		}
		return render(c, views.PeopleList(p))
	}
}

func personRow(l *language.Locale, x referral.Person, me string) views.PersonRow {
	r := views.PersonRow{Name: x.Name, Email: x.Email, SignedIn: x.SignedInAt, Erased: x.ErasedAt,
		Drafts: fmt.Sprint(x.Drafts), Sent: fmt.Sprint(x.Referrals),
		DataHref: "/settings/people/" + x.ID + "/data.json"}
	if x.Admin {
		r.Role = l.T("Administrator")
	}
	if x.ID != me {
		r.EraseHref = erasePath(x.ID)
	}
	return r
}

func erasePath(id string) string { return "/settings/people/" + id + "/erase" }

// erasePersonPage asks before somebody's data is erased.
func erasePersonPage(db peopleStore) echo.HandlerFunc {
	return func(c echo.Context) error { return showErasePerson(c, db, http.StatusOK, 0) }
}

// showErasePerson shows the page; busy is how much with the person is known not to be done.
func showErasePerson(c echo.Context, db peopleStore, status, busy int) error {
	x, err := db.Person(c.Request().Context(), caller(c), c.Param("p"))
	if err != nil {
		return err
	}
	l := in(c)
	p := views.ErasePersonPage{Shell: shell(c, l.T("Erase this person’s data?"), "settings"),
		Name: x.Name, Email: x.Email, Facts: []views.SumRow{
			{Key: l.T("E-mail address"), Text: x.Email},
			{Key: l.T("Drafts"), Text: fmt.Sprint(x.Drafts)},
			{Key: l.T("Sent"), Text: fmt.Sprint(x.Referrals)}}}
	if busy = max(busy, x.Unfinished); busy > 0 {
		p.Blocked = l.T("%d sends or changes with this person are not done. Finish or stop them "+
			"first: Needs attention lists them.", busy)
	}
	undone, err := db.Undone(c.Request().Context(), caller(c), x.ID)
	if err != nil {
		return err
	}
	p.Ended = c.QueryParam("ended") == "1"
	for _, one := range undone {
		p.Undone = append(p.Undone, undoneRow(l, one))
		if one.Fate != referral.FateLater && x.ID != user(c).ID {
			p.EndHref = "/settings/people/" + x.ID + "/end"
		}
	}
	return renderStatus(c, status, views.ErasePerson(p))
}

// undoneRow says what becomes of a send or change when an admin ends it.
func undoneRow(l *language.Locale, x referral.Undone) views.UndoneRow {
	r := views.UndoneRow{Name: x.Name, Customer: x.Customer, Href: sendPath(x.ID)}
	if x.Change {
		r.Href = changePath(x.ID)
	}
	switch x.Fate {
	case referral.FateLater:
		r.Fate = l.T("It moves just now. Come back in a few minutes.")
	case referral.FateUnknown:
		r.Fate = l.T("It may be at Microsoft. It stays unknown and is never sent again: look in " +
			"Partner Center.")
	default:
		r.Fate = l.T("It is not at Microsoft. It is stopped.")
	}
	return r
}

// endUndone ends a person's sends and changes in his place.
func endUndone(db peopleStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Param("p")
		if err := db.EndUndone(c.Request().Context(), caller(c), id); err != nil {
			return err
		}
		return see(c, erasePath(id)+"?ended=1")
	}
}

func erasePerson(db peopleStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := db.ErasePerson(c.Request().Context(), caller(c), c.Param("p"))
		var busy *referral.BusyError
		if errors.As(err, &busy) {
			return showErasePerson(c, db, http.StatusConflict, busy.Unfinished)
		}
		if err != nil {
			return err
		}
		return see(c, "/settings/people?erased=1")
	}
}
