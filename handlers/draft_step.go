package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type stepStore interface {
	// Draft returns a draft the caller may see.
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	// SaveDraft is referral.ErrConflict when the draft was saved since it was read.
	SaveDraft(ctx context.Context, c referral.Caller, d referral.Draft) (referral.Draft, error)
	// OpenDraft is Draft together with everything that the page of a step shows.
	OpenDraft(
		ctx context.Context, c referral.Caller, id string, step referral.Step,
	) (referral.OpenDraft, error)
	Last(ctx context.Context, userID string) (referral.Last, error)
	SaveLast(ctx context.Context, userID string, l referral.Last) error
	typedStore
	Settings(ctx context.Context, c referral.Caller) (referral.Settings, error)
}

// saveTries is how often a save is tried when other pages of the draft are saved at that moment.
const saveTries = 3

// resumeDraft leads to the first page of a draft that is not complete.
func resumeDraft(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := d.Store.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		var query url.Values
		if c.QueryParams().Has("copied") {
			query = url.Values{"copied": {"1"}}
		}
		return see(c, stepURL(draft.ID, nextStep(draft, d.today(c)), query))
	}
}

// stepPage shows one page of the guided form.
func stepPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := openStep(c, d)
		if err != nil {
			return err
		}
		if to := lockedAt(v.draft); to != "" {
			return see(c, to)
		}
		if v.refused, err = refusedAnswer(c, d.Store, v.draft.ID); err != nil {
			return err
		}
		v.restore(c)
		return v.show(c, http.StatusOK)
	}
}

// saveStep keeps what was typed, right or wrong, and goes where the pressed button leads.
func saveStep(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		post, err := readStep(c)
		if err != nil {
			return err
		}
		for range saveTries {
			err = d.tryStep(c, post)
			if !errors.Is(err, referral.ErrConflict) {
				return err
			}
		}
		return err
	}
}

// tryStep answers the request unless the draft was saved at the same time, which is
// referral.ErrConflict.
func (d Deps) tryStep(c echo.Context, p stepPost) error {
	v, err := openStep(c, d)
	if err != nil {
		return err
	}
	if err := taken(v.draft); err != nil {
		return err
	}
	next := p.apply(v)
	if v.stale(p.rev, next) {
		return d.clash(c, v, p)
	}
	if p.button == buttonContinue {
		v.problems = referral.Check(next.Answers, v.step, v.today)
		markStep(&next, v.step, len(v.problems) == 0 && !halted(next, v.step))
	}
	v.receive(&next, d.Now())
	next.Reached = nextStep(next, v.today).Number()
	ctx := c.Request().Context()
	if v.draft, err = d.Store.SaveDraft(ctx, caller(c), next); err != nil {
		return err
	}
	if err := saved(c, d.Store); err != nil {
		return err
	}
	if len(v.problems) > 0 {
		v.rev, v.base = v.draft.Fingerprint(v.step), baseOf(v.draft, v.step)
		return v.show(c, http.StatusUnprocessableEntity)
	}
	if err := v.remember(ctx, d.Store, p); err != nil {
		return err
	}
	return see(c, p.leadsTo(v))
}

// taken says that a draft cannot be saved because a send has it, or has made a referral of it.
func taken(d referral.Draft) error {
	switch {
	case d.SendState == referral.Accepted:
		return errSent
	case d.SendState.Locks():
		return referral.ErrLocked
	}
	return nil
}

// visit is one request for a step page.
type visit struct {
	locale   *language.Locale
	settings referral.Settings
	step     referral.Step
	draft    referral.Draft
	last     referral.Last
	typed    *referral.Typed // nil when nothing is
	rep      referral.User
	today    referral.Date
	query    stepQuery
	problems referral.Problems
	// warnings are about answers that are let through; see referral.Warnings.
	warnings referral.Problems
	// refused is the path of the answer with which Microsoft reported a problem, empty for none.
	refused string
	// base are the stored answers from which the shown ones were made, rev is their fingerprint.
	rev, base string
	// note says that the page shows what was typed and not saved.
	note views.Restored
}

func openStep(c echo.Context, d Deps) (*visit, error) {
	v := &visit{locale: in(c), step: referral.Step(c.Param("step")), rep: user(c),
		today: d.today(c), query: readQuery(c)}
	if !v.step.Valid() {
		return v, referral.ErrNotFound
	}
	open, err := d.Store.OpenDraft(c.Request().Context(), caller(c), c.Param("d"), v.step)
	if err != nil {
		return v, err
	}
	v.draft, v.settings, v.last, v.typed = open.Draft, open.Settings, open.Last, open.Typed
	v.rev, v.base = v.draft.Fingerprint(v.step), baseOf(v.draft, v.step)
	return v, nil
}

// restore puts what the rep typed here and did not save in the place of what is stored.
func (v *visit) restore(c echo.Context) {
	kept := restoredFrom(c, v.typed)
	if !kept.found() {
		return
	}
	post, err := stepOf(kept.values)
	if err != nil {
		return // the form of an older version of Tandem
	}
	typed := post.typed(v.draft, v.step)
	if typed.Fingerprint(v.step) != v.rev {
		v.draft, v.rev, v.base, v.note = typed, post.rev, post.base, kept.note
	}
}

// stale tells whether the page was saved since the form with this fingerprint was shown. A form
// that would change nothing, such as one that was posted twice, is not stale.
func (v *visit) stale(rev string, next referral.Draft) bool {
	stored := v.draft.Fingerprint(v.step)
	return rev != stored && next.Fingerprint(v.step) != stored
}

// remember keeps the answers with which the rep's next draft begins.
func (v *visit) remember(ctx context.Context, db stepStore, p stepPost) error {
	l := v.last
	switch {
	case p.button != buttonContinue:
		return nil
	case v.step == referral.StepCustomer:
		l.Country = v.draft.Answers.CustomerProfile.Address.Country
	case v.step == referral.StepDeal:
		l.Currency = v.draft.Answers.Details.Currency
	case v.step == referral.StepTeam:
		for i, m := range v.draft.Answers.Team {
			if v.isRep(i, m) {
				l.Locale, l.Phone = m.ContactPreference.Locale, m.PhoneNumber
			}
		}
	}
	if l == v.last {
		return nil
	}
	return db.SaveLast(ctx, v.rep.ID, l)
}

// isRep tells whether the team's member with this index is the signed-in rep: by the e-mail
// address, or as the first one when the provider gave none.
func (v *visit) isRep(i int, m referral.Member) bool {
	mail := referral.PersonKey(referral.Member{Email: v.rep.Email})
	if mail == "" {
		return i == 0 && v.draft.OwnerID == v.rep.ID
	}
	return referral.PersonKey(m) == mail
}
