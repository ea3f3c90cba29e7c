package handlers

import (
	"context"
	"errors"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type referralStore interface {
	// Pair returns the own referral and the connected one, nil when there is none.
	Pair(ctx context.Context, c referral.Caller, id string) (own referral.Referral,
		connected *referral.Referral, err error)
	// Counterpart returns the caller's own id of a referral that a colleague has under this one.
	Counterpart(ctx context.Context, c referral.Caller, id string) (own string, err error)
	// History returns what happened to the deal, oldest first.
	History(ctx context.Context, c referral.Caller, referralID string) ([]referral.Event, error)
}

func referralPath(id string) string { return "/referrals/" + url.PathEscape(id) }

// referralPage shows both referrals of an engagement, what they say, and their history.
func referralPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := d.freshPair(c)
		if errors.Is(err, referral.ErrNotFound) {
			return toCounterpart(c, d.Store, err)
		}
		if err != nil {
			return err
		}
		own := p.own
		events, err := d.Store.History(c.Request().Context(), caller(c), own.ID)
		if err != nil {
			return err
		}
		answers, err := answersOf(own)
		if err != nil {
			return err
		}
		l := in(c)
		v := views.Referral{Name: own.Name, Customer: own.Customer,
			Status: standingText(l, own.Status, own.Substatus), Colour: statusColour(own.Status),
			Pair:    pairOf(l, own, p.connected),
			Actions: append(nextActions(l, own, caller(c)), copyAction(c, own)),
			Removed: removedText(l, own), Sections: knownSections(l, own, answers),
			History: historyRows(l, own, events)}
		receipt, err := consentSections(c, d.Store, own)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, receipt...)
		if own.OwnerID != user(c).ID {
			v.Owner = own.OwnerName
		}
		if err := d.addLive(c, &v, p, events); err != nil {
			return err
		}
		frame := shell(c, titled(own.Name, l.T("Referrals")), "referrals")
		return render(c, views.ReferralPage(frame, v))
	}
}

// toCounterpart leads whoever has a link from a colleague to his own page of the same deal, if
// there is one; else it returns missing.
func toCounterpart(c echo.Context, db referralStore, missing error) error {
	own, err := db.Counterpart(c.Request().Context(), caller(c), c.Param("r"))
	switch {
	case errors.Is(err, referral.ErrNotFound):
		return missing
	case err != nil:
		return err
	}
	return see(c, referralPath(own))
}

// awaitsUs tells whether Microsoft shared the deal and waits for our answer.
func awaitsUs(own referral.Referral) bool {
	return fromMicrosoft(own) && own.Status == "New"
}

// fromMicrosoft tells whether Microsoft shared the deal with us.
func fromMicrosoft(own referral.Referral) bool { return own.Direction == "Incoming" }

// mayConnect tells whether the deal can have a connected referral, for which it needs an
// engagement, and whether the caller may create it.
func mayConnect(own referral.Referral, c referral.Caller) bool {
	return own.Deal.Connects() && own.DraftID != "" && own.EngagementID != "" &&
		own.OwnerID == c.UserID && !own.Standing().Closes()
}

// nextActions are what can be done with a referral: create Microsoft's, or go on with its send,
// and review the response.
func nextActions(
	l *language.Locale, own referral.Referral, c referral.Caller,
) []views.Action {
	review := views.Action{Text: l.T("Review Microsoft’s response"),
		Href: referralPath(own.ID) + "/response"}
	if own.SendID == "" { // not sent from Tandem, so there is no response
		review.Text, review.Secondary = l.T("See what Microsoft has"), awaitsUs(own)
	}
	switch {
	case own.Connection.ReferralID != "":
		return []views.Action{review, {Text: l.T("Review the response to Microsoft’s referral"),
			Href: referralPath(own.Connection.ReferralID) + "/response", Secondary: true}}
	case !mayConnect(own, c):
		return []views.Action{review}
	}
	review.Secondary = true
	first := views.Action{Text: l.T("Create the Microsoft referral"), Href: connectPath(own.ID)}
	switch state := own.Connection.State; {
	case state.NeedsAttention():
		first = views.Action{Text: l.T("Try again to create the Microsoft referral"),
			Href: sendPath(own.Connection.SendID)}
	case state.Running():
		first = views.Action{Text: l.T("See how sending goes"),
			Href: sendPath(own.Connection.SendID)}
	}
	return []views.Action{first, review}
}

// copyAction begins a new draft with the answers of a referral.
func copyAction(c echo.Context, own referral.Referral) views.Action {
	return views.Action{Text: in(c).T("Copy as a new draft"), Href: referralPath(own.ID) + "/copy",
		Post: true, Secondary: true}
}

// pairOf is the picture of both referrals.
func pairOf(
	l *language.Locale, own referral.Referral, connected *referral.Referral,
) views.PairData {
	p := views.PairData{EngagementID: own.EngagementID, Own: existing(l, own),
		Microsoft: views.PairCard{Name: own.Name, Tag: l.T("Not created yet"), Colour: "neutral"}}
	if connected != nil {
		p.Microsoft = existing(l, *connected)
	}
	if own.Standing().Closes() && connected == nil {
		p.Microsoft.Tag = l.T("Not created")
	}
	p.Own.Kind, p.Microsoft.Kind = l.T("Your referral"), l.T("Microsoft’s referral")
	if connected != nil {
		return p
	}
	switch state := own.Connection.State; {
	case fromMicrosoft(own):
		p.Microsoft.Tag = l.T("From Microsoft")
		p.Microsoft.Note = l.T("Microsoft shared this deal with you")
	case !own.Deal.Connects():
		p.Microsoft.Tag = l.T("Not part of this deal")
		p.Microsoft.Note = l.Label(own.Deal.Summary())
	case state.NeedsAttention():
		p.Microsoft.Tag, p.Microsoft.Colour, p.Microsoft.Icon = l.T("Failed"), "danger", "alert"
	case state.Running():
		p.Microsoft.Tag, p.Microsoft.Colour = l.T("Sending"), "info"
	}
	return p
}

// existing is the card of a referral that Microsoft has. Active and won ones have a tick.
func existing(l *language.Locale, r referral.Referral) views.PairCard {
	card := views.PairCard{Name: r.Name, Done: true, Colour: statusColour(r.Status),
		Over: r.Status == "Closed" && r.Substatus != "Won",
		Tag:  standingText(l, r.Status, r.Substatus)}
	if r.Status == "Active" || r.Substatus == "Won" {
		card.Icon, card.Colour = "check", "success"
	}
	return card
}

// statusColour is the colour of a status tag.
func statusColour(status string) string {
	switch status {
	case "Active":
		return "success"
	case "New":
		return "info"
	}
	return "neutral"
}

func historyRows(
	l *language.Locale, own referral.Referral, events []referral.Event,
) []views.HistoryRow {
	var rows []views.HistoryRow
	for _, e := range events {
		row := views.HistoryRow{At: e.At, What: eventText(l, e.Kind), Who: e.UserName,
			Detail: e.Detail}
		if ofMicrosoft(own, e) {
			row.What = l.T("%s: %s", l.T("Microsoft’s referral"), row.What)
		}
		rows = append(rows, row)
	}
	return rows
}

// ofMicrosoft tells whether the event belongs to a send of the connected referral: such a send
// knows the own referral from its start, and is not the one that created it.
func ofMicrosoft(own referral.Referral, e referral.Event) bool {
	return e.SendID != "" && e.SendID != own.SendID && e.ReferralID == own.ID
}

// eventText says in words what happened; a kind it does not know stays as it is.
func eventText(l *language.Locale, kind string) string {
	words := map[string]language.Key{
		referral.EventDraftCreated:  "Draft started",
		referral.EventDraftDeleted:  "Draft deleted",
		referral.EventSendQueued:    "Sending begun",
		referral.EventSendStarted:   "Sent to Microsoft",
		referral.EventSendAccepted:  "Accepted by Microsoft",
		referral.EventSendRejected:  "Refused by Microsoft",
		referral.EventSendUnknown:   "No answer from Microsoft",
		referral.EventSendWaiting:   "Waiting to send again",
		referral.EventSendSignIn:    "Microsoft asked for a new sign-in",
		referral.EventSendCancelled: "Sending stopped",
		referral.EventSendLookedUp:  "Asked Microsoft whether it arrived",
		referral.EventSendEnded:     "Sending ended by an administrator",
		referral.EventContactErased: "A contact’s data was erased",
	}
	if text, ok := words[kind]; ok {
		return l.T(text)
	}
	return kind
}
