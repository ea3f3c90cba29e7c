package handlers

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

// While somebody types, the script posts to the page's own route followed by autosaveEnd.
// autosavePath is that route for a step of a draft.
const (
	autosaveEnd  = "/autosave"
	autosavePath = "/drafts/:d/:step" + autosaveEnd
)

// autosave keeps what the rep typed on a step as his working copy, right or wrong. The draft and
// its revision stay as they are. It answers with the line that says when.
func autosave(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := openStep(c, d)
		if err != nil {
			return err
		}
		if v.draft.SendState.Locks() {
			return referral.ErrLocked
		}
		post, err := readStep(c)
		if err != nil {
			return err
		}
		typed := post.typed(v.draft, v.step)
		if typed.Fingerprint(v.step) == v.draft.Fingerprint(v.step) {
			if err := saved(c, d.Store); err != nil {
				return err
			}
			return v.kept(c, savedAt(v.draft), typed)
		}
		if err := d.keepTyped(c); err != nil {
			return err
		}
		return v.kept(c, d.Now(), typed)
	}
}

// kept says when the page was kept. It also renews the labels of an address, which depend on the
// country that was typed.
func (v *visit) kept(c echo.Context, at time.Time, typed referral.Draft) error {
	if v.step != referral.StepCustomer {
		return render(c, views.SavedAt(at))
	}
	return render(c, views.AddressKept(at, v.addressQuestions(typed.Answers.CustomerProfile.Address)))
}

// keepTyped stores the posted form as the person's working copy of the page.
func (d Deps) keepTyped(c echo.Context) error {
	t, ok, err := typedForm(c)
	if err != nil || !ok {
		return err
	}
	return d.Store.SaveTyped(c.Request().Context(), caller(c), t)
}

// signedOutAutosave refuses what the script posts without a session; the page itself says so. What
// was typed waits for the sign-in all the same.
func (d Deps) signedOutAutosave(c echo.Context) error {
	if _, err := d.stash(c); err != nil {
		return err
	}
	return c.NoContent(http.StatusUnauthorized)
}

// autosaveURL is where the script keeps what is typed on this page; empty for who cannot save it.
func (v *visit) autosaveURL() string {
	if v.draft.OwnerID != v.rep.ID {
		return ""
	}
	return stepURL(v.draft.ID, v.step, nil) + autosaveEnd
}

// unsaved links to the pages of a draft on which the caller typed something that he has not saved:
// what is sent would lack it.
func unsaved(c echo.Context, all []referral.Typed, draft referral.Draft) []form.Item {
	var out []form.Item
	for _, t := range all {
		s := referral.Step(t.Page)
		if s.Valid() && differs(t, draft, s) {
			out = append(out, form.Item{ID: stepURL(draft.ID, s, url.Values{"return": {"check"}}),
				Text: in(c).T("%s: save what you typed", in(c).Label(s.Title()))})
		}
	}
	return out
}

// differs tells whether what was typed on a step is something else than what is saved.
func differs(t referral.Typed, draft referral.Draft, s referral.Step) bool {
	values, err := url.ParseQuery(t.Form)
	if err != nil {
		return false
	}
	post, err := stepOf(values)
	return err == nil && post.typed(draft, s).Fingerprint(s) != draft.Fingerprint(s)
}
