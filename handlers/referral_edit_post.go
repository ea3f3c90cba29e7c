package handlers

import (
	"errors"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// restore fills in what an earlier change of the same version wanted, so that nobody types twice.
func (p *editPost) restore(c echo.Context, d Deps, e *editing, id string) error {
	ch, id, err := e.refused(c, d, id)
	if err != nil || id == "" || !e.known() {
		return err
	}
	wanted, err := referral.ApplyEdits(e.base, ch.Edits)
	if err != nil {
		return err
	}
	shown := editing{own: e.own}
	if err := shown.take(wanted, e.etag); err != nil {
		return err
	}
	p.answers, p.replaces = shown.was, ch.ID
	return nil
}

// refused loads a change of the referral that Microsoft refused; the id is empty when there is
// none, or none any more.
func (e *editing) refused(
	c echo.Context, d Deps, id string,
) (ch referral.Change, stillID string, err error) {
	if id == "" {
		return ch, "", nil
	}
	ch, err = d.Store.Change(c.Request().Context(), caller(c), id)
	if err != nil || ch.ReferralID != e.own.ID || ch.State != referral.Rejected {
		return ch, "", nilIfMissing(err)
	}
	return ch, ch.ID, nil
}

func nilIfMissing(err error) error {
	if errors.Is(err, referral.ErrNotFound) {
		return nil
	}
	return err
}

// editPost is a posted page of edits.
type editPost struct {
	stepPost
	answers  referral.Answers
	etag     string
	replaces string
	query    stepQuery
	problems referral.Problems
	// stale says that the page was based on a version that is not known any more, busy that
	// another change is under way, closed that nothing can be saved any more.
	stale, busy, closed bool
	// note says that the answers were typed and not saved.
	note views.Restored
}

func readEdit(c echo.Context) (editPost, error) {
	if _, err := posted(c); err != nil {
		return editPost{}, err
	}
	return editOf(c.Request().PostForm)
}

// editOf reads the values of a page of edits.
func editOf(values url.Values) (editPost, error) {
	step, err := stepOf(values)
	if err != nil {
		return editPost{}, err
	}
	if values.Has("keep") {
		step.button = buttonKeep
	}
	return editPost{stepPost: step, answers: step.answers, etag: values.Get("etag"),
		replaces: values.Get("replaces")}, nil
}

// rearranges adds, removes or brings back a person on the page, and reports whether it did. Nothing
// is stored before "Save changes": the page comes back with all that was typed.
func (e *editing) rearranges(l *language.Locale, p *editPost, rep referral.User) bool {
	if p.button == buttonContinue || p.button == buttonLater {
		return false
	}
	v := e.visit(l, *p, rep)
	list := peopleOf(&v.draft.Answers, v.step)
	if list == nil {
		return false
	}
	before := len(*list)
	next := p.apply(v)
	p.answers = next.Answers
	p.query = stepQuery{}
	switch people := *peopleOf(&next.Answers, v.step); {
	case len(people) > before:
		p.query.focus = len(people)
	case p.button == buttonRemove && len(people) == before && e.section == referral.SectionTeam:
		p.query.confirm = p.number
	}
	return true
}
