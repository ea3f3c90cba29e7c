package jobs

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// The bounds of a search: how far two clocks may differ, how many pages find reads, and how many
// glance reads.
const (
	clockSkew = 24 * time.Hour
	mostPages = 100
	fewPages  = 3
)

var (
	errNotAll = errors.New("not all referrals could be looked through")
	errRival  = errors.New("another send of the same looks is under way")
)

// find reads the newest referrals until they are older than the send. It returns nil only when
// Microsoft does not list the referral that the send would have created.
func (s *sender) find(
	ctx context.Context, send referral.Send, token string,
) (*partnercenter.Referral, error) {
	return s.findIn(ctx, send, token, mostPages)
}

// glance looks among the very newest referrals only. If it finds nothing, the referral may still
// exist.
func (s *sender) glance(
	ctx context.Context, send referral.Send, token string,
) (*partnercenter.Referral, error) {
	found, err := s.findIn(ctx, send, token, fewPages)
	if errors.Is(err, errNotAll) {
		err = nil
	}
	return found, err
}

func (s *sender) findIn(
	ctx context.Context, send referral.Send, token string, pages int,
) (*partnercenter.Referral, error) {
	l := &lister{sender: s, userID: send.OwnerID, token: token}
	oldest := send.CreatedAt.Add(-clockSkew)
	q, all := query(send), true
	for range pages {
		page, err := l.page(ctx, q)
		if err != nil {
			return nil, err
		}
		if found, err := s.pick(ctx, send, page.Value, oldest); found != nil || err != nil {
			return found, err
		}
		all = all && !page.Skipped
		q.Next = page.Next
		last := past(page.Value, oldest) || q.Next == "" && !page.Cut
		switch {
		case last && all:
			return nil, nil
		case last || page.Cut:
			return nil, errNotAll
		}
	}
	return nil, errNotAll
}

// pick returns the referral on a page that the send created, or nil.
func (s *sender) pick(
	ctx context.Context, send referral.Send, page []partnercenter.Referral, oldest time.Time,
) (*partnercenter.Referral, error) {
	for i := range page {
		ok, err := s.matches(ctx, send, &page[i], oldest)
		if err != nil {
			return nil, err
		}
		if ok {
			return &page[i], nil
		}
	}
	return nil, nil
}

// lister reads pages of a list. If the first token is refused, it goes on with another one.
type lister struct {
	*sender
	userID, token string
	renewed       bool
}

func (l *lister) page(
	ctx context.Context, q partnercenter.Query,
) (*partnercenter.Page, error) {
	page, err := l.list(ctx, q)
	if l.renewed || !staleToken(err) {
		return page, err
	}
	l.renewed = true
	if l.token, err = l.tokens.Renew(ctx, l.userID, l.token); err != nil {
		return nil, err
	}
	return l.list(ctx, q)
}

func (l *lister) list(
	ctx context.Context, q partnercenter.Query,
) (*partnercenter.Page, error) {
	return l.api.List(ctx, partnercenter.Call{Token: l.token,
		RequestID: uuid.NewString(), CorrelationID: uuid.NewString()}, q)
}

// staleToken tells whether a call was refused because of its token, so that a fresh one may help.
func staleToken(err error) bool {
	var e *partnercenter.Error
	return errors.As(err, &e) && e.Status == http.StatusUnauthorized && e.Claims == "" &&
		e.Numeric != partnercenter.NumericNoMFA
}

// query sets no $top: it would limit the whole list and not the size of a page.
func query(send referral.Send) partnercenter.Query {
	q := partnercenter.Query{OrderBy: "createdDateTime desc"}
	if send.Kind == referral.Microsoft {
		q.Filter = partnercenter.Eq("engagementId", send.EngagementID)
	}
	return q
}

// past tells whether everything after the page is older than the send: the page is in the requested
// order and its last referral is older.
func past(page []partnercenter.Referral, oldest time.Time) bool {
	newestFirst := slices.IsSortedFunc(page, func(a, b partnercenter.Referral) int {
		return b.Created.Compare(a.Created.Time)
	})
	return newestFirst && len(page) > 0 && tooOld(&page[len(page)-1], oldest)
}

// tooOld is false for a referral without a date.
func tooOld(r *partnercenter.Referral, oldest time.Time) bool {
	return !r.Created.IsZero() && r.Created.Before(oldest)
}

// matches tells whether this send created r: it is the same deal and not known as another send's.
func (s *sender) matches(
	ctx context.Context, send referral.Send, r *partnercenter.Referral, oldest time.Time,
) (bool, error) {
	if !sameDeal(send, r, oldest) {
		return false, nil
	}
	known, err := s.store.Known(ctx, r.ID)
	if err != nil || known {
		return false, err
	}
	if rival, err := s.store.Rival(ctx, send); err != nil || !rival {
		return err == nil, err
	}
	return false, errRival
}

// sameDeal tells whether r is the referral of the send's deal for the same side. An engagement has
// one referral for Microsoft, whoever created it. Our own stamp is unique to a deal; a CRM id may
// be shared by several, so name, customer and age have to agree as well.
func sameDeal(send referral.Send, r *partnercenter.Referral, oldest time.Time) bool {
	if send.Kind == referral.Microsoft {
		return send.EngagementID != "" && forMicrosoft(r) &&
			strings.EqualFold(r.EngagementID, send.EngagementID)
	}
	if forMicrosoft(r) || !alike(r.ExternalReferenceID, send.ExternalReferenceID) {
		return false
	}
	if send.ExternalReferenceID == (referral.Draft{ID: send.DraftID}).Stamp() {
		return true
	}
	return alike(r.Name, send.Name) && alike(r.CustomerProfile.Name, send.Customer) &&
		!tooOld(r, oldest)
}

// alike compares texts regardless of case and space, which a service may have changed.
func alike(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "),
		strings.Join(strings.Fields(b), " "))
}

// forMicrosoft tells whether the referral's target is Microsoft itself.
func forMicrosoft(r *partnercenter.Referral) bool {
	return slices.ContainsFunc(r.Target, func(t partnercenter.Target) bool {
		return strings.EqualFold(t.ID, "msft")
	})
}
