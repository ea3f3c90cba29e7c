package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type newDraftStore interface {
	// Last returns what the person answered last time; the zero value when nothing is known.
	Last(ctx context.Context, userID string) (referral.Last, error)
	preferencesStore
	Settings(ctx context.Context, c referral.Caller) (referral.Settings, error)
	CreateDraft(ctx context.Context, c referral.Caller, d referral.Draft) (referral.Draft, error)
	typedStore
}

// newDraftPage asks who will work on the deal. It creates nothing.
func newDraftPage(db typedStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		kept, err := restore(c, db)
		if err != nil {
			return err
		}
		return showStart(c, http.StatusOK, "", kept, askedPrefill(c, kept))
	}
}

func showStart(
	c echo.Context, status int, problem language.Key, kept restored, p prefill,
) error {
	chosen := keptDeal(kept, referral.Deal(c.QueryParam("dealType")))
	return renderStatus(c, status, views.DealType(views.DealTypePage{
		Shell: dealTypeShell(c, titled(in(c).T("Start a referral"), in(c).T("New referral")),
			problem),
		Caption:  in(c).T("New referral"),
		Title:    in(c).T("Start a referral"),
		BackText: in(c).T("Back to drafts"), BackHref: "/drafts",
		Deal:     dealTypeField(in(c), chosen, problem),
		Restored: kept.note,
		Prefill:  p.view(in(c)),
		Button:   in(c).T("Start"),
		After: in(c).T(
			"It takes about 6 minutes. We save as you type, and you can come back any time."),
	}))
}

// keptDeal is the deal type that the person chose and did not save, else the other one.
func keptDeal(kept restored, other referral.Deal) referral.Deal {
	if deal := referral.Deal(kept.values.Get("dealType")); deal.Valid() {
		return deal
	}
	return other
}

func dealTypeShell(c echo.Context, title string, problem language.Key) views.Shell {
	s := shell(c, title, "drafts")
	s.HasErrors = problem != ""
	return s
}

func dealTypeField(l *language.Locale, chosen referral.Deal, problem language.Key) form.Field {
	f := form.Field{Name: "dealType", ID: "deal-type", Label: l.T("Who will work on this deal?"),
		Hint: l.T("Your choice decides which questions we ask"), Error: l.T(problem)}
	for _, deal := range referral.Deals() {
		f.Options = append(f.Options,
			form.Option{Value: string(deal), Label: l.Label(deal.Label()),
				Hint: l.Label(deal.Hint())})
	}
	return f.Choose(string(chosen))
}

const noDealType language.Key = "Select who will work on this deal"

// createDraft begins a draft with the answers the rep gave last time.
func createDraft(db newDraftStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		deal, err := postedDeal(c)
		if err != nil {
			return err
		}
		filled := readPrefill(c.Request().PostForm)
		if !deal.Valid() {
			return showStart(c, http.StatusUnprocessableEntity, noDealType, restored{}, filled)
		}
		draft, err := freshDraft(c, db, deal)
		if err != nil {
			return err
		}
		if err := filled.into(&draft); err != nil {
			return err
		}
		draft, err = db.CreateDraft(c.Request().Context(), caller(c), draft)
		if err != nil {
			return err
		}
		if err := saved(c, db); err != nil {
			return err
		}
		return see(c, stepURL(draft.ID, referral.StepCustomer, nil))
	}
}

// freshDraft is what a new draft of the signed-in person begins with.
func freshDraft(
	c echo.Context, db newDraftStore, deal referral.Deal,
) (referral.Draft, error) {
	ctx := c.Request().Context()
	last, err := db.Last(ctx, user(c).ID)
	if err != nil {
		return referral.Draft{}, err
	}
	prefers, err := db.Preferences(ctx, caller(c))
	if err != nil {
		return referral.Draft{}, err
	}
	settings, err := db.Settings(ctx, caller(c))
	d := referral.NewDraft(deal, user(c), last.With(prefers))
	d.Answers.InviteContext.InvitedBy.OrganizationID = settings.OrganizationID
	return d, err
}

func postedDeal(c echo.Context) (referral.Deal, error) {
	if _, err := posted(c); err != nil {
		return "", err
	}
	return referral.Deal(c.Request().PostForm.Get("dealType")), nil
}

// dealTypePage lets the rep change who works on the deal.
func dealTypePage(db stepStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := db.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		kept, err := restore(c, db)
		if err != nil {
			return err
		}
		draft.Answers.DealType = string(keptDeal(kept, draft.Deal()))
		return showDealType(c, http.StatusOK, draft, "", kept.note)
	}
}

func showDealType(
	c echo.Context, status int, d referral.Draft, problem language.Key,
	kept views.Restored,
) error {
	l := in(c)
	p := views.DealTypePage{
		Shell:    dealTypeShell(c, titled(l.T("Deal type"), l.T("New referral")), problem),
		Caption:  draftName(l, d),
		Title:    l.T("Deal type"),
		BackText: l.T("Back to drafts"), BackHref: "/drafts",
		Deal:     dealTypeField(l, d.Deal(), problem),
		Restored: kept,
		Button:   l.T("Save and continue"),
	}
	if readQuery(c).toCheck {
		p.Button = l.T("Save and return")
		p.BackText = l.T("Back to check your answers")
		p.BackHref = stepURL(d.ID, referral.StepCheck, nil)
	}
	return renderStatus(c, status, views.DealType(p))
}

// saveDealType changes the deal type. The answers stay, also those that are not asked any more.
func saveDealType(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		deal, err := postedDeal(c)
		if err != nil {
			return err
		}
		if !deal.Valid() {
			draft, err := d.Store.Draft(c.Request().Context(), caller(c), c.Param("d"))
			if err != nil {
				return err
			}
			return showDealType(c, http.StatusUnprocessableEntity, draft, noDealType,
				views.Restored{})
		}
		draft, err := d.changeDraft(c, func(x *referral.Draft) { x.Answers.DealType = string(deal) })
		if err != nil {
			return err
		}
		if err := saved(c, d.Store); err != nil {
			return err
		}
		if readQuery(c).toCheck {
			return see(c, stepURL(draft.ID, referral.StepCheck, nil))
		}
		return see(c, stepURL(draft.ID, referral.StepCustomer, nil))
	}
}

// changeDraft saves one small change, once more when the draft was saved at the same time.
func (d Deps) changeDraft(
	c echo.Context, change func(*referral.Draft),
) (saved referral.Draft, err error) {
	ctx := c.Request().Context()
	for range saveTries {
		draft, err := d.Store.Draft(ctx, caller(c), c.Param("d"))
		if err != nil {
			return draft, err
		}
		change(&draft)
		draft.Reached = nextStep(draft, d.today(c)).Number()
		saved, err = d.Store.SaveDraft(ctx, caller(c), draft)
		if !errors.Is(err, referral.ErrConflict) {
			return saved, err
		}
	}
	return saved, referral.ErrConflict
}

// draftName is what people call the draft.
func draftName(l *language.Locale, d referral.Draft) string {
	name := referral.DraftSummary{Name: referral.Clean(d.Answers.Name),
		Customer: referral.Clean(d.Answers.CustomerProfile.Name)}.Title()
	if name == "" {
		return l.T(untitled)
	}
	return name
}

const untitled language.Key = "Untitled referral"
