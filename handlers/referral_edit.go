package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// editRoute is the page on which a section of a referral is changed.
const editRoute = "/referrals/:r/edit/:section"

type editStore interface {
	// Pair returns the own referral and the connected one, nil when there is none.
	Pair(ctx context.Context, c referral.Caller, id string) (own referral.Referral,
		connected *referral.Referral, err error)
	// Version returns Microsoft's JSON as it was with this eTag.
	Version(ctx context.Context, c referral.Caller, referralID, etag string) ([]byte, error)
	// Fetch tells when the referral was last fetched.
	Fetch(ctx context.Context, c referral.Caller, referralID string) (referral.Fetch, error)
}

// freshFor is how long what was fetched is taken for what Microsoft has.
const freshFor = time.Minute

// editing is one request for a page on which a referral that was sent is changed.
type editing struct {
	own     referral.Referral
	section referral.Section
	fetch   referral.Fetch
	// base is Microsoft's JSON on which the answers are based, with the eTag.
	base []byte
	etag string
	// was are the answers of base, as the page shows them.
	was referral.Answers
	// refusedBefore is the last change of the section that Microsoft refused; empty for none.
	refusedBefore string
}

// openEdit loads what is changed, and leads elsewhere when nothing can be: to is empty otherwise. A
// page never calls Microsoft itself: it has the referral fetched by a job, waits for that a moment,
// and shows what is known when it takes longer.
func openEdit(
	c echo.Context, d Deps, section referral.Section,
) (e editing, to string, err error) {
	e.section = section
	ctx := c.Request().Context()
	if e.own, _, err = d.Store.Pair(ctx, caller(c), c.Param("r")); err != nil {
		return e, "", err
	}
	if e.own.OwnerID != user(c).ID {
		return e, "", referral.ErrForbidden
	}
	changes, err := d.Store.Changes(ctx, caller(c), e.own.ID)
	if err != nil {
		return e, "", err
	}
	for _, ch := range changes {
		if ch.Open() {
			return e, changePath(ch.ID), nil
		}
		if ch.Section == section && ch.State == referral.Rejected {
			e.refusedBefore = ch.ID
		}
	}
	if e.own.Standing().Closes() {
		return e, referralPath(e.own.ID), nil
	}
	return e, "", nil
}

// openSection opens the section that the URL names.
func openSection(c echo.Context, d Deps) (e editing, to string, err error) {
	section := referral.Section(c.Param("section"))
	if _, ok := stepFor(section); !ok {
		return e, "", referral.ErrNotFound
	}
	return openEdit(c, d, section)
}

// refresh has the referral fetched unless that was done a moment ago.
func (e *editing) refresh(c echo.Context, d Deps) error {
	ctx := c.Request().Context()
	f, err := d.Store.Fetch(ctx, caller(c), e.own.ID)
	if err != nil {
		return err
	}
	if d.Now().Sub(f.DoneAt) > freshFor {
		if f, err = fetched(ctx, d, caller(c), e.own.ID); err != nil {
			return err
		}
		if e.own, _, err = d.Store.Pair(ctx, caller(c), e.own.ID); err != nil {
			return err
		}
	}
	e.fetch = f
	return e.take(e.own.Raw, e.own.ETag)
}

// fetched asks for a fetch and waits a moment for it.
func fetched(
	ctx context.Context, d Deps, c referral.Caller, id string,
) (f referral.Fetch, err error) {
	if err := d.Changes.Refresh(ctx, c, id); err != nil {
		return f, err
	}
	err = briefly(ctx, func() (bool, error) {
		f, err = d.Store.Fetch(ctx, c, id)
		return !f.Running(d.Now()), err
	})
	return f, err
}

// take makes a version the one that is edited.
func (e *editing) take(raw []byte, etag string) error {
	e.base, e.etag = raw, etag
	if !e.known() {
		return nil
	}
	was, err := referral.ReadAnswers(raw)
	if err != nil {
		return err
	}
	was.DealType = string(e.own.Deal)
	was.ExternalReferenceID = referral.GivenReference(was.ExternalReferenceID)
	was.Details.Requirements = was.Details.Requirements.SplitSolutions()
	if day, ok := referral.ParseDate(e.own.ClosingDate); ok && was.Details.Closing.Empty() {
		was.Details.Closing = day.Typed()
	}
	e.was = was
	return nil
}

// known tells whether Microsoft's version is known well enough to change it.
func (e *editing) known() bool { return len(e.base) > 0 && e.etag != "" }

// editPage shows the answers of one section with the values Microsoft has now.
func editPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, to, err := openSection(c, d)
		switch {
		case err != nil:
			return err
		case to != "":
			return see(c, to)
		}
		if err := e.refresh(c, d); err != nil {
			return err
		}
		if e.own.Standing().Closes() {
			return see(c, referralPath(e.own.ID))
		}
		p := editPost{answers: e.was}
		if id := c.QueryParam("from"); id != "" {
			if err := p.restore(c, d, &e, id); err != nil {
				return err
			}
		}
		if err := e.restore(c, d, &p); err != nil {
			return err
		}
		return e.show(c, d, http.StatusOK, p)
	}
}

// saveEdit makes a change of what was typed, on the version on which it was typed: when Microsoft's
// copy changed meanwhile, Microsoft refuses it, and the rep is asked.
func saveEdit(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := readEdit(c)
		if err != nil {
			return err
		}
		e, to, err := openSection(c, d)
		switch {
		case err != nil:
			return err
		case to != "":
			return d.editLocked(c, e, p, to)
		}
		raw, err := d.Store.Version(c.Request().Context(), caller(c), e.own.ID, p.etag)
		if errors.Is(err, referral.ErrNotFound) {
			p.stale = true
			raw, p.etag, err = e.own.Raw, e.own.ETag, nil
		}
		if err == nil {
			err = e.take(raw, p.etag)
		}
		switch {
		case err != nil:
			return err
		case p.stale:
			return e.keep(c, d, http.StatusConflict, p)
		case e.rearranges(in(c), &p, user(c)):
			return e.keep(c, d, http.StatusOK, p)
		}
		return e.save(c, d, p)
	}
}

// editLocked keeps what was typed on the page while another change is under way, or when the
// referral was closed meanwhile.
func (d Deps) editLocked(c echo.Context, e editing, p editPost, to string) error {
	p.closed = e.own.Standing().Closes()
	if p.closed && len(e.own.Raw) == 0 {
		return see(c, to)
	}
	p.busy = !p.closed
	if err := e.take(e.own.Raw, p.etag); err != nil {
		return err
	}
	return e.keep(c, d, http.StatusConflict, p)
}

func (e *editing) save(c echo.Context, d Deps, p editPost) error {
	edits, problems, err := e.edits(p, d.today(c))
	if err != nil {
		return err
	}
	if p.problems = problems; len(p.problems) > 0 {
		return e.keep(c, d, http.StatusUnprocessableEntity, p)
	}
	if len(edits) == 0 {
		if err := saved(c, d.Store); err != nil {
			return err
		}
		return see(c, referralPath(e.own.ID)+"?changed=none")
	}
	err = d.submitChange(c, referral.Change{ReferralID: e.own.ID, Section: e.section,
		BaseETag: e.etag, Edits: edits, Replaces: p.replaces}, e.base)
	if errors.Is(err, referral.ErrLocked) {
		p.busy = true
		return e.keep(c, d, http.StatusConflict, p)
	}
	return err
}

// edits are what saving the page would change, or else what is wrong with it.
func (e *editing) edits(
	p editPost, today referral.Date,
) (edits []referral.Edit, problems referral.Problems, err error) {
	problems = referral.CheckEdit(e.section, e.own.Deal, e.was, p.answers, today)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	edits, err = referral.Revise(e.base, e.section, p.answers)
	return edits, nil, err
}

// submitChange makes a change durable, forgets what was typed, and leads to the change's page.
func (d Deps) submitChange(c echo.Context, ch referral.Change, base []byte) (err error) {
	if ch.Body, err = referral.PatchBody(base, ch.Edits); err != nil {
		return err
	}
	out, err := d.Changes.Change(c.Request().Context(), caller(c), ch)
	if err != nil {
		return err
	}
	if err := saved(c, d.Store); err != nil {
		return err
	}
	return see(c, changePath(out.ID))
}
