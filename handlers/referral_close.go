package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// The pages on which the status of a referral is changed.
const (
	statusRoute = "/referrals/:r/status"
	closeRoute  = "/referrals/:r/close"
)

// moving wraps a page on which the status of a referral is changed.
func moving(d Deps, page func(echo.Context, editing) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, to, err := openEdit(c, d, referral.SectionStatus)
		switch {
		case err != nil:
			return err
		case to != "":
			return see(c, to)
		}
		if c.Request().Method == http.MethodGet {
			if err := e.refresh(c, d); err != nil {
				return err
			}
		} else if err := e.take(e.own.Raw, e.own.ETag); err != nil {
			return err
		}
		if !e.known() || len(e.own.Standing().Next()) == 0 {
			return see(c, referralPath(e.own.ID))
		}
		return page(c, e)
	}
}

// standingPage asks for the new status: what may follow the present one.
func standingPage(d Deps) echo.HandlerFunc {
	return moving(d, func(c echo.Context, e editing) error {
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		return e.showStatus(c, http.StatusOK, "", kept)
	})
}

// saveStanding changes the status at once, unless that would close the referral: closing is asked
// once more.
func saveStanding(d Deps) echo.HandlerFunc {
	return moving(d, func(c echo.Context, e editing) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		to := referral.ParseStanding(values.Get("status"))
		switch {
		case !e.own.Standing().MayBecome(to):
			return e.showStatus(c, http.StatusUnprocessableEntity,
				in(c).T("Select the new status"), restored{})
		case to.Closes():
			if err := saved(c, d.Store); err != nil {
				return err
			}
			return see(c, e.closePath()+"?status="+url.QueryEscape(to.String()))
		}
		return e.move(c, d, to, "")
	})
}

func (e *editing) closePath() string {
	return referralPath(e.own.ID) + "/close"
}

// move makes the change of status and substatus, which go together.
func (e *editing) move(c echo.Context, d Deps, to referral.Standing, reason string) error {
	edits, err := referral.Move(e.base, to, reason)
	if err != nil {
		return err
	}
	err = d.submitChange(c, referral.Change{ReferralID: e.own.ID,
		Section: referral.SectionStatus, BaseETag: e.etag, Edits: edits,
		Replaces: e.refusedBefore}, e.base)
	if errors.Is(err, referral.ErrLocked) {
		return see(c, referralPath(e.own.ID))
	}
	return err
}

// closing is a question whether a referral is to be closed.
type closing struct {
	editing
	to     referral.Standing
	reason string
	note   views.Restored
}

// confirming wraps the page that asks; status names how the referral is to be closed.
func confirming(d Deps, status func(echo.Context) string,
	page func(echo.Context, closing) error) echo.HandlerFunc {
	return moving(d, func(c echo.Context, e editing) error {
		k := closing{editing: e, to: referral.ParseStanding(status(c))}
		if !k.to.Closes() || !e.own.Standing().MayBecome(k.to) {
			return see(c, referralPath(e.own.ID)+"/status")
		}
		return page(c, k)
	})
}

// closePage asks whether the rep means to close the referral: nobody can open it again.
func closePage(d Deps) echo.HandlerFunc {
	status := func(c echo.Context) string { return c.QueryParam("status") }
	return confirming(d, status, func(c echo.Context, k closing) error {
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		k.reason, k.note = kept.values.Get("statusReason"), kept.note
		return k.show(c, http.StatusOK, nil)
	})
}

// closeReferral closes it, with the reason that was given, for the version that was shown.
func closeReferral(d Deps) echo.HandlerFunc {
	status := func(c echo.Context) string { return c.FormValue("status") }
	return confirming(d, status, func(c echo.Context, k closing) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		k.reason = values.Get("statusReason")
		if wrong := referral.CheckReason(k.to, k.reason); len(wrong) > 0 {
			if err := d.keepTyped(c); err != nil {
				return err
			}
			return k.show(c, http.StatusUnprocessableEntity, wrong)
		}
		raw, err := d.Store.Version(c.Request().Context(), caller(c), k.own.ID, values.Get("etag"))
		if err == nil {
			err = k.take(raw, values.Get("etag"))
		} else {
			err = nilIfMissing(err)
		}
		if err != nil {
			return err
		}
		return k.move(c, d, k.to, k.reason)
	})
}

func (e *editing) showStatus(c echo.Context, status int, problem string, kept restored) error {
	l := in(c)
	f := form.Field{Name: "status", ID: "status", Label: l.T("What happened?"), Error: problem}
	for _, s := range e.own.Standing().Next() {
		f.Options = append(f.Options, form.Option{Value: s.String(), Label: s.In(l),
			Hint: l.T(statusHint(s))})
	}
	f = f.Choose(kept.values.Get("status"))
	title := l.T("Update status")
	p := views.StatusPage{Shell: shell(c, title+" – "+e.own.Name, "referrals"), Name: e.own.Name,
		Title: title, Now: e.own.Standing().In(l), Status: f, Restored: kept.note,
		BackHref: referralPath(e.own.ID)}
	p.Shell.HasErrors = problem != ""
	return renderStatus(c, status, views.Status(p))
}

// statusHint says when a status is the right one.
func statusHint(s referral.Standing) language.Key {
	switch s.String() {
	case "New/Received":
		return "We have read it and decide soon"
	case "Active/Accepted":
		return "We work on this deal"
	case "Closed/Won":
		return "The customer bought"
	case "Closed/Lost":
		return "The customer decided against it"
	case "Closed/Declined":
		return "We do not want to work on this deal"
	}
	return "Nobody acted in time"
}

// closeTitle asks whether the referral is to be closed in this way.
func closeTitle(s referral.Standing) language.Key {
	switch s.Substatus {
	case "Won":
		return "Close this referral as won?"
	case "Lost":
		return "Close this referral as lost?"
	case "Declined":
		return "Decline this referral?"
	}
	return "Close this referral as expired?"
}

func (k *closing) show(c echo.Context, status int, wrong referral.Problems) error {
	l := in(c)
	title := l.T(closeTitle(k.to))
	back := referralPath(k.own.ID)
	p := views.ClosePage{Shell: shell(c, title+" – "+k.own.Name, "referrals"), Name: k.own.Name,
		Title: title, Status: k.to.String(), ETag: k.etag, Restored: k.note,
		Action:   k.closePath() + "?status=" + url.QueryEscape(k.to.String()),
		BackHref: back + "/status", KeepHref: back, Reason: form.Field{Name: "statusReason",
			ID: "status-reason", Label: l.T("Why?"), Value: k.reason,
			Hint:     l.T("Everyone working on the deal can read this"),
			Optional: !k.to.NeedsReason(), Rows: 3, Max: referral.MaxReason}}
	for _, x := range wrong {
		p.Reason.Error = l.T(language.Key(x.Message), x.Args...)
	}
	if p.Confirm = l.T("Close the referral"); k.to.Substatus == "Declined" {
		p.Confirm = l.T("Decline the referral")
	}
	p.Texts = []string{l.T("You cannot undo this. Microsoft’s service lets nobody change a closed " +
		"referral.")}
	if k.own.Connection.ReferralID != "" {
		p.Texts = append(p.Texts, l.T("Only your own referral is closed. Microsoft’s referral of the "+
			"same engagement stays as it is, because only Microsoft can change it."))
	}
	if text := tooEarly(l, k.to, k.own.OpenedAt, now(c)); text != "" {
		p.Texts = append(p.Texts, text)
	}
	p.Shell.HasErrors = len(wrong) > 0
	return renderStatus(c, status, views.Close(p))
}

// registrable is how long Microsoft wants a deal to be there before it is won, as it may reject the
// registration of one that was won earlier. Source:
// learn.microsoft.com/partner-center/register-deals.
const registrable = 72 * time.Hour

// tooEarly says until when a deal that was created then should not be closed as won; empty when it
// may be, or is not to be won.
func tooEarly(
	l *language.Locale, to referral.Standing, created, now time.Time,
) string {
	end := created.Add(registrable)
	switch {
	case to.Substatus != "Won", !created.IsZero() && !now.Before(end):
		return ""
	case created.IsZero():
		return l.T("Wait until 72 hours after you created the deal, or its registration in " +
			"Partner Center may be rejected.")
	}
	return l.T("Wait until %s, 72 hours after you created the deal, or its registration in "+
		"Partner Center may be rejected.", l.NearDateTime(end, now))
}
