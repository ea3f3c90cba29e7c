package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

// openEntry reads the settings and the entry that the URL names.
func openEntry(c echo.Context, d Deps) (entryList, referral.Entry, error) {
	l, err := openList(c, d)
	if err != nil {
		return l, referral.Entry{}, err
	}
	for _, e := range l.settings.Of(l.kind) {
		if e.ID == c.Param("id") {
			return l, e, nil
		}
	}
	return l, referral.Entry{}, referral.ErrNotFound
}

// entryPage asks for what is to be changed about an entry.
func entryPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, e, err := openEntry(c, d)
		if err != nil {
			return err
		}
		l.typed = referral.AnswersOf(e)
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		if kept.decode(&l.typed); kept.found() {
			e.Revision, l.restored = revision(kept.values.Get("revision")), kept.note
		}
		return l.showEntry(c, http.StatusOK, e)
	}
}

func (l entryList) showEntry(c echo.Context, status int, e referral.Entry) error {
	p := views.EntryPage{Shell: shell(c, titled(e.Name, l.locale.T("Settings")), "settings"),
		Title: e.Name, Caption: l.locale.T(entryWords(l.kind).title), BackHref: settingsPath(l.kind),
		Form: l.entryForm(l.typed), Revision: e.Revision, Restored: l.restored}
	p.Shell.HasErrors = len(l.problems) > 0
	return renderStatus(c, status, views.Entry(p))
}

// saveEntry changes an entry.
func saveEntry(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, old, err := openEntry(c, d)
		if err != nil {
			return err
		}
		values, err := decode(c, &l.typed)
		if err != nil {
			return err
		}
		l.problems = referral.CheckEntry(l.typed, l.kind, old.ID, l.settings)
		asked := revision(values.Get("revision"))
		if len(l.problems) > 0 {
			old.Revision = asked // somebody else may have changed it since
			return l.showEntry(c, http.StatusUnprocessableEntity, old)
		}
		e := l.typed.Entry(l.kind)
		e.ID, e.Revision = old.ID, asked
		if e == old {
			return l.leave(c) // nothing changed, so the history has no entry
		}
		return l.store(c, e, referral.SettingsChanged)
	}
}

func revision(typed string) int {
	n, err := strconv.Atoi(typed)
	if err != nil {
		return 0
	}
	return n
}

// retireEntry ends the offering of an entry, restoreEntry begins it again. Doing it twice is fine.
func retireEntry(d Deps) echo.HandlerFunc {
	return moveEntry(d, referral.SettingsRetired, referral.Entry.Retired)
}

func restoreEntry(d Deps) echo.HandlerFunc {
	return moveEntry(d, referral.SettingsRestored, referral.Entry.Restored)
}

func moveEntry(
	d Deps, what string, move func(referral.Entry, referral.Date) referral.Entry,
) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, e, err := openEntry(c, d)
		if err != nil {
			return err
		}
		if e.ValidOn(l.today) != (what == referral.SettingsRetired) {
			return see(c, settingsPath(l.kind))
		}
		return l.store(c, move(e, l.today), what)
	}
}

func (l entryList) store(c echo.Context, e referral.Entry, what string) error {
	if err := l.Store.SaveEntry(c.Request().Context(), caller(c), e, what); err != nil {
		return err
	}
	return l.leave(c)
}

// leave redirects to the list and forgets what was typed.
func (l entryList) leave(c echo.Context) error {
	if err := saved(c, l.Store); err != nil {
		return err
	}
	return see(c, settingsPath(l.kind))
}
