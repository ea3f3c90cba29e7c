package handlers

import (
	"context"
	"slices"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type standingStore interface {
	Draft(ctx context.Context, c referral.Caller, id string) (referral.Draft, error)
	// Pair returns the own referral and the connected one, nil when there is none.
	Pair(ctx context.Context, c referral.Caller, id string) (own referral.Referral,
		connected *referral.Referral, err error)
	// Attention leaves out sends in whose place a later one came.
	Attention(ctx context.Context, c referral.Caller) ([]referral.Send, error)
}

// standing is what has happened since a send ended.
type standing struct {
	// later is where to go when another send came in its place, empty when none did.
	later string
	// changed says that the draft is no longer what was sent.
	changed bool
}

// standingOf finds out what became of the draft of a send that ended without a referral. A deleted
// draft is referral.ErrGone.
func standingOf(
	ctx context.Context, db standingStore, c referral.Caller, s referral.Send,
) (standing, error) {
	switch {
	case s.State != referral.Rejected && s.State != referral.Cancelled:
		return standing{}, nil
	case s.Kind == referral.Microsoft:
		own, _, err := db.Pair(ctx, c, s.ReferralID)
		if err != nil || own.Connection.SendID == s.ID {
			return standing{}, err
		}
		return standing{later: sendPath(own.Connection.SendID)}, nil
	}
	draft, err := db.Draft(ctx, c, s.DraftID)
	switch {
	case err != nil:
		return standing{}, err
	case draft.SendID != "":
		return standing{later: lockedAt(draft)}, nil
	case s.State == referral.Cancelled:
		return standing{}, nil
	}
	open, err := db.Attention(ctx, c)
	if !slices.ContainsFunc(open, func(x referral.Send) bool { return x.ID == s.ID }) {
		return standing{later: "/drafts/" + s.DraftID}, err
	}
	return standing{changed: draft.Revision != s.Revision}, err
}

// apply removes actions from the page that are no longer possible.
func (w standing) apply(l *language.Locale, v *views.Send) {
	switch {
	case w.later != "":
		v.Texts = append(v.Texts, l.T("It was sent again later."))
		v.Actions = []views.Action{{Text: l.T("See what came of it"), Href: w.later}}
	case w.changed:
		v.Texts = append(v.Texts,
			l.T("You changed the draft since. Check your answers, and send them from there."))
		v.Actions = slices.DeleteFunc(v.Actions, func(a views.Action) bool { return a.Post })
		for i := range v.Actions {
			v.Actions[i].Secondary = i > 0
		}
	}
}
