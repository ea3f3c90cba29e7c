package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// shareRoute is the page on which sharing is widened.
const shareRoute = "/referrals/:r/edit/sharing"

// sharing is a request to let Microsoft see a deal that was sent, or work on it.
type sharing struct {
	editing
	to      referral.Deal
	consent referral.Consent
	// problem says what is wrong with to; wrong with the rest.
	problem language.Key
	wrong   referral.Problems
	note    views.Restored
}

// widening wraps a page on which sharing is widened; it leads to the referral when it cannot be.
func widening(d Deps, page func(echo.Context, sharing) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, to, err := openEdit(c, d, referral.SectionSharing)
		switch {
		case err != nil:
			return err
		case to != "":
			return see(c, to)
		}
		if err := e.refresh(c, d); err != nil {
			return err
		}
		if !e.known() || len(referral.Upgrades(e.own.Deal)) == 0 {
			return see(c, referralPath(e.own.ID))
		}
		return page(c, sharing{editing: e})
	}
}

func (s *sharing) path() string { return editPath(s.own.ID, referral.SectionSharing) }

// sharePage asks who shall work on the deal from now on, and what the customer agreed to.
func sharePage(d Deps) echo.HandlerFunc {
	return widening(d, func(c echo.Context, s sharing) error {
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		if kept.found() && s.read(kept.values) == nil {
			s.note = kept.note
		}
		return s.show(c, http.StatusOK)
	})
}

// read takes what was posted.
func (s *sharing) read(values url.Values) error {
	var post struct {
		DealType string           `form:"dealType"`
		Consent  referral.Consent `form:"consent"`
	}
	if err := form.Decode(values, &post); err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	s.to, s.consent = referral.Deal(post.DealType), post.Consent
	return nil
}

// shareReferral widens sharing at Microsoft, which cannot be taken back. To invite Microsoft to a
// deal that its sellers can see already, nothing has to change there: the wizard follows at once.
func shareReferral(d Deps) echo.HandlerFunc {
	return widening(d, func(c echo.Context, s sharing) error {
		values, err := posted(c)
		if err == nil {
			err = s.read(values)
		}
		if err == nil {
			err = d.keepTyped(c)
		}
		if err != nil {
			return err
		}
		if s.check(); s.problem != "" || len(s.wrong) > 0 {
			return s.show(c, http.StatusUnprocessableEntity)
		}
		agreed := referral.Answers{DealType: string(s.to), Consent: s.consent}
		if why := referral.Stop(agreed); why != "" {
			return see(c, s.path()+"/stop?reason="+why)
		}
		return s.widen(c, d)
	})
}

func (s *sharing) widen(c echo.Context, d Deps) error {
	edits, err := referral.Share(s.base)
	if err != nil {
		return err
	}
	if len(edits) > 0 {
		return d.submitChange(c, referral.Change{ReferralID: s.own.ID, Deal: s.to,
			Section: referral.SectionSharing, BaseETag: s.etag, Edits: edits,
			Replaces: s.refusedBefore}, s.base)
	}
	err = d.Store.Upgrade(c.Request().Context(), caller(c), s.own.ID, s.to)
	if err == nil || errors.Is(err, referral.ErrConflict) {
		err = saved(c, d.Store)
	}
	if err != nil {
		return err
	}
	if s.to.Connects() {
		return see(c, widenedPath(s.own.ID))
	}
	return see(c, referralPath(s.own.ID))
}

// check notes what is wrong with the answers, and what Microsoft would miss in the deal.
func (s *sharing) check() {
	known := false
	for _, deal := range referral.Upgrades(s.own.Deal) {
		known = known || deal == s.to
	}
	if !known {
		s.problem = noDealType
	}
	agreed := referral.Answers{Consent: s.consent}
	s.wrong = referral.Check(agreed, referral.StepConsent, referral.Date{})
	if known && s.to.Connects() && !referral.HasReachableContact(s.was) {
		s.problem = "Add a customer contact with a phone number first"
	}
}

func (s *sharing) show(c echo.Context, status int) error {
	l := in(c)
	title := l.T("Change who works on this deal")
	f := form.Field{Name: "dealType", ID: "deal-type", Label: l.T("Who will work on this deal?"),
		Hint: l.T("Now: %s", l.Label(s.own.Deal.Label())), Error: l.T(s.problem)}
	for _, deal := range referral.Upgrades(s.own.Deal) {
		f.Options = append(f.Options, form.Option{Value: string(deal),
			Label: l.Label(deal.Label()), Hint: l.Label(deal.Hint())})
	}
	v := visit{step: referral.StepConsent, locale: l, problems: s.wrong,
		draft: referral.Draft{Answers: referral.Answers{Consent: s.consent}}}
	p := views.SharePage{Shell: shell(c, title+" – "+s.own.Name, "referrals"), Name: s.own.Name,
		Title: title, Deal: f.Choose(string(s.to)), Consent: v.consentQuestions(),
		Restored: s.note, BackHref: referralPath(s.own.ID)}
	if s.problem != "" && s.problem != noDealType {
		p.ContactsHref = editPath(s.own.ID, referral.SectionContacts)
	}
	p.Shell.HasErrors = s.problem != "" || len(s.wrong) > 0
	return renderStatus(c, status, views.Share(p))
}

// shareStopPage says why sharing cannot be widened yet.
func shareStopPage(d Deps) echo.HandlerFunc {
	return widening(d, func(c echo.Context, s sharing) error {
		l := in(c)
		text := l.T("Microsoft may not see the customer’s details until they agree.")
		if c.QueryParam("reason") == referral.StopContact {
			text = l.T("Microsoft cannot help without contacting the customer.")
		}
		title := l.T("You need the customer’s agreement first")
		return render(c, views.ShareStop(views.ShareStopPage{
			Shell: shell(c, title+" – "+s.own.Name, "referrals"), Name: s.own.Name, Title: title,
			Reason: text, ChangeHref: s.path(),
			BackHref: referralPath(s.own.ID)}))
	})
}

// asChanged returns the draft's answers as the deal stands now: with what was changed at Microsoft
// since it was sent, and as the kind of deal it has become, for which the customer had to agree.
func asChanged(a referral.Answers, own referral.Referral, first []byte) (referral.Answers, error) {
	if own.Deal.Valid() && own.Deal != referral.Deal(a.DealType) {
		a.DealType = string(own.Deal)
		a.Consent = referral.Consent{ShareInfo: "true", Contact: "true"}
	}
	if bytes.Equal(first, own.Raw) {
		return a, nil
	}
	now, err := referral.ReadAnswers(own.Raw)
	if err != nil {
		return a, err
	}
	return referral.Overlaid(a, now), nil
}
