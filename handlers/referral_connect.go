package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type connectStore interface {
	refusedStore
	// Pair returns the own referral and the connected one, nil when there is none.
	Pair(ctx context.Context, c referral.Caller, id string) (own referral.Referral,
		connected *referral.Referral, err error)
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	// FirstVersion returns the JSON with which Microsoft answered first.
	FirstVersion(ctx context.Context, c referral.Caller, referralID string) ([]byte, error)
	// Connect returns the wizard's answers, zero when nothing was saved.
	Connect(ctx context.Context, c referral.Caller, referralID string) (referral.Connect, error)
	// SaveConnect keeps them; referral.ErrConflict when they were changed meanwhile.
	SaveConnect(ctx context.Context, c referral.Caller, referralID string,
		w referral.Connect) (referral.Connect, error)
	typedStore
}

// deal is what the wizard works on.
type deal struct {
	locale  *language.Locale
	own     referral.Referral
	draft   referral.Draft
	answers referral.Connect
	// note says that the answers were typed and not saved; widened that the deal has just become
	// one on which Microsoft works, too.
	note    views.Restored
	widened bool
}

func connectPath(referralID string) string {
	return referralPath(referralID) + "/connect"
}

// widenedPath is the wizard for a deal on which Microsoft shall work from now on.
func widenedPath(referralID string) string { return connectPath(referralID) + "?changed=1" }

// connectRoute is the wizard's first page.
const connectRoute = "/referrals/:r/connect"

// connecting wraps a page of the wizard: it loads the deal, and sends elsewhere whoever has no
// business here, because Microsoft's referral exists, is being sent, or is not part of the deal.
func connecting(db connectStore, page func(echo.Context, deal) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		d, to, err := openDeal(c, db)
		switch {
		case err != nil:
			return err
		case to != "":
			return see(c, to)
		}
		return page(c, d)
	}
}

// openDeal loads what the wizard works on, or says where else to go.
func openDeal(c echo.Context, db connectStore) (d deal, to string, err error) {
	ctx := c.Request().Context()
	d.locale = in(c)
	own, connected, err := db.Pair(ctx, caller(c), c.Param("r"))
	d.own = own
	switch {
	case err != nil:
		return d, "", err
	case d.own.OwnerID != user(c).ID:
		return d, "", referral.ErrForbidden
	case connected != nil && connected.SendID == "": // it came about elsewhere
		return d, referralPath(d.own.ID), nil
	case d.own.Connection.State.Locks():
		return d, sendPath(d.own.Connection.SendID), nil
	case !mayConnect(d.own, caller(c)):
		return d, referralPath(d.own.ID), nil
	}
	err = d.load(ctx, db, caller(c))
	return d, "", err
}

// load reads the draft, with what was changed at Microsoft since it was sent, and the wizard's
// answers.
func (d *deal) load(ctx context.Context, db connectStore, c referral.Caller) (err error) {
	if d.draft, err = db.Draft(ctx, c, d.own.DraftID); err != nil {
		return err
	}
	first, err := db.FirstVersion(ctx, c, d.own.ID)
	if err != nil {
		return err
	}
	if d.draft.Answers, err = asChanged(d.draft.Answers, d.own, first); err != nil {
		return err
	}
	d.answers, err = db.Connect(ctx, c, d.own.ID)
	if d.answers.Revision == 0 {
		d.answers = referral.NewConnect(d.draft.Answers)
	}
	return err
}

// connectPage asks what Microsoft shall receive, with the answers given so far.
func connectPage(db connectStore) echo.HandlerFunc {
	return connecting(db, func(c echo.Context, d deal) error {
		path, err := refusedAnswer(c, db, d.draft.ID)
		if err != nil {
			return err
		}
		var wrong referral.Problems
		if path != "" {
			wrong = referral.Problems{{Path: path, Message: string(reportedProblem),
				Args: []any{connectLabel(d.locale, path)}}}
		}
		if err := d.restore(c, db); err != nil {
			return err
		}
		d.widened = c.QueryParam("changed") != ""
		return showConnect(c, http.StatusOK, d, wrong)
	})
}

// restore puts what the rep typed here and did not save in the place of what is stored.
func (d *deal) restore(c echo.Context, db typedStore) error {
	kept, err := restore(c, db)
	if err != nil || !kept.found() {
		return err
	}
	var f connectForm
	if form.Decode(kept.values, &f) != nil {
		return nil // a form of an older version
	}
	if typed := f.answers(d.answers.Revision); !typed.Same(d.answers) {
		d.answers, d.note = typed, kept.note
	}
	return nil
}

func showConnect(c echo.Context, status int, d deal, wrong referral.Problems) error {
	s := shell(c, titled(d.locale.T("What Microsoft receives"),
		d.locale.T("Create the connected referral")), "referrals")
	v := connectView(d, user(c), wrong)
	s.HasErrors = len(v.Errors) > 0
	return renderStatus(c, status, views.ConnectPage(s, v))
}

// connectForm are the inputs of the wizard's first page.
type connectForm struct {
	InviteContext struct {
		AssistanceRequestCode string `form:"assistanceRequestCode"`
		Notes                 string `form:"notes"`
	} `form:"inviteContext"`
	CustomerProfile struct {
		Team []string `form:"team"`
	} `form:"customerProfile"`
	Team    []string `form:"team"`
	Details struct {
		Notes     string `form:"notes"`
		DealValue string `form:"dealValue"`
	} `form:"details"`
	Different string `form:"different"`
}

// saveConnect keeps what was typed, right or wrong, and goes on when it is right.
func saveConnect(db connectStore) echo.HandlerFunc {
	return connecting(db, func(c echo.Context, d deal) error {
		var f connectForm
		if _, err := decode(c, &f); err != nil {
			return err
		}
		d.answers = f.answers(d.answers.Revision)
		_, err := db.SaveConnect(c.Request().Context(), caller(c), d.own.ID, d.answers)
		if err != nil {
			return err
		}
		if err := saved(c, db); err != nil {
			return err
		}
		if wrong := referral.CheckConnect(d.draft.Answers, d.answers); len(wrong) > 0 {
			return showConnect(c, http.StatusUnprocessableEntity, d, wrong)
		}
		return see(c, connectPath(d.own.ID)+"/check")
	})
}

func (f connectForm) answers(revision int) referral.Connect {
	return referral.Connect{
		HelpCode: f.InviteContext.AssistanceRequestCode, Message: f.InviteContext.Notes,
		Contacts: f.CustomerProfile.Team, Team: f.Team, Different: f.Different,
		Notes: f.Details.Notes, DealValue: f.Details.DealValue, Revision: revision,
	}
}

// answered wraps the pages after the first: with answers that are missing or wrong they lead back.
func answered(db connectStore, page func(echo.Context, deal) error) echo.HandlerFunc {
	return connecting(db, func(c echo.Context, d deal) error {
		if len(referral.CheckConnect(d.draft.Answers, d.answers)) > 0 {
			return see(c, connectPath(d.own.ID))
		}
		return page(c, d)
	})
}

// connectCheckPage shows what will be sent.
func connectCheckPage(db connectStore) echo.HandlerFunc {
	return answered(db, func(c echo.Context, d deal) error {
		body, err := d.payload()
		if err != nil {
			return err
		}
		v := views.ConnectCheck{ID: d.own.ID, Name: d.own.Name, JSON: pretty(body),
			Revision: strconv.Itoa(d.answers.Revision), Rows: d.answerRows(), Copied: d.copied(true)}
		s := shell(c, titled(d.locale.T("Check before you invite Microsoft"),
			d.locale.T("Create the connected referral")), "referrals")
		return render(c, views.ConnectCheckPage(s, v))
	})
}

// sendConnect sends Microsoft's referral as it was shown; answers that changed since are shown
// again first.
func sendConnect(db connectStore, sender Sender) echo.HandlerFunc {
	return answered(db, func(c echo.Context, d deal) error {
		if c.FormValue("rev") != strconv.Itoa(d.answers.Revision) {
			return see(c, connectPath(d.own.ID)+"/check")
		}
		body, err := d.payload()
		if err != nil {
			return err
		}
		sent, err := sender.Submit(c.Request().Context(), caller(c), referral.Send{
			Kind: referral.Microsoft, ReferralID: d.own.ID, DraftID: d.own.DraftID,
			EngagementID: d.own.EngagementID, Revision: d.answers.Revision,
			Name:                referral.Clean(d.draft.Answers.Name),
			Customer:            referral.Clean(d.draft.Answers.CustomerProfile.Name),
			ExternalReferenceID: d.reference(), Body: body, Consent: d.draft.Receipt,
		})
		if err != nil {
			return err
		}
		return see(c, sendPath(sent.ID))
	})
}

func (d deal) payload() ([]byte, error) {
	return referral.ConnectPayload(d.draft.Answers, d.draft.Stamp(), d.own.EngagementID, d.answers)
}

// reference is the externalReferenceId in the payload.
func (d deal) reference() string {
	if id := referral.Clean(d.draft.Answers.ExternalReferenceID); id != "" {
		return id
	}
	return d.draft.Stamp()
}
