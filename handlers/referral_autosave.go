package handlers

import (
	"errors"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

func editPath(referralID string, s referral.Section) string {
	return referralPath(referralID) + "/edit/" + url.PathEscape(string(s))
}

// autosaveEdit keeps what the rep typed on a page of edits as his working copy, right or wrong,
// also while an earlier change is under way. Nothing is sent to Microsoft.
func autosaveEdit(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := readEdit(c)
		if err != nil {
			return err
		}
		e, _, err := openSection(c, d)
		if err != nil {
			return err
		}
		if e.own.Standing().Closes() {
			return referral.ErrLocked
		}
		if err := e.take(e.own.Raw, e.own.ETag); err != nil {
			return err
		}
		same := e.known() && p.etag == e.etag && !e.differs(p, d.today(c))
		return d.keepOrForget(c, same)
	}
}

// keepOrForget stores the posted form as the person's working copy, unless it says the same as what
// is saved. It answers with the line that says when.
func (d Deps) keepOrForget(c echo.Context, same bool) error {
	keep := d.keepTyped
	if same {
		keep = func(c echo.Context) error { return saved(c, d.Store) }
	}
	if err := keep(c); err != nil {
		return err
	}
	return render(c, views.KeptAt(d.Now()))
}

// keep keeps what was typed on a page that could not be saved yet, and shows it again.
func (e *editing) keep(c echo.Context, d Deps, status int, p editPost) error {
	err := d.keepTyped(c)
	if err == nil {
		e.fetch, err = d.Store.Fetch(c.Request().Context(), caller(c), e.own.ID)
	}
	if err != nil {
		return err
	}
	return e.show(c, d, status, p)
}

// restore puts what the rep typed here and did not save in the place of Microsoft's values. It is
// saved on the version on which it was typed, so that nobody else's change is undone unseen.
func (e *editing) restore(c echo.Context, d Deps, p *editPost) error {
	kept, err := restore(c, d.Store)
	if err != nil || !kept.found() || !e.known() {
		return err
	}
	typed, err := editOf(kept.values)
	if err != nil {
		return nil // a form of an older version
	}
	e.rearranges(in(c), &typed, user(c))
	if !e.differs(typed, d.today(c)) {
		return nil
	}
	then := *e
	if typed.stale, err = then.rewind(c, d, typed.etag); err != nil {
		return err
	}
	if !then.differs(typed, d.today(c)) {
		return nil
	}
	if _, typed.replaces, err = e.refused(c, d, typed.replaces); err != nil {
		return err
	}
	typed.note = kept.note
	*e, *p = then, typed
	return nil
}

// rewind shows an earlier version of the referral. When that version is not kept any more, gone is
// true and nothing changes.
func (e *editing) rewind(c echo.Context, d Deps, etag string) (gone bool, err error) {
	raw, err := d.Store.Version(c.Request().Context(), caller(c), e.own.ID, etag)
	if errors.Is(err, referral.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, e.take(raw, etag)
}

// differs tells whether saving the page would change anything, or find something wrong.
func (e *editing) differs(p editPost, today referral.Date) bool {
	edits, problems, err := e.edits(p, today)
	return err != nil || len(edits)+len(problems) > 0
}

// autosaveConnect keeps what the rep typed in the wizard as his working copy.
func autosaveConnect(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		deal, to, err := openDeal(c, d.Store)
		if err != nil {
			return err
		}
		if to != "" {
			return referral.ErrLocked
		}
		var f connectForm
		if _, err := decode(c, &f); err != nil {
			return err
		}
		return d.keepOrForget(c, f.answers(deal.answers.Revision).Same(deal.answers))
	}
}
