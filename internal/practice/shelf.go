package practice

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/partnercenter"
)

// stored is one referral and who created it. Lists copy raw, so that a page of them is fast.
type stored struct {
	doc     document
	raw     json.RawMessage
	creator string
}

// put stores the document as it is now.
func (it *stored) put(doc document) {
	it.doc = doc
	it.raw, _ = json.Marshal(doc) // which came from JSON
}

// shelf keeps the referrals of a run, oldest first.
type shelf struct {
	items   []*stored
	changes int
}

func (s *shelf) add(creator string, doc document) {
	it := &stored{creator: creator}
	it.put(doc)
	s.items = append(s.items, it)
}

func (s *shelf) find(id string) (*stored, bool) {
	i := slices.IndexFunc(s.items, func(it *stored) bool {
		return strings.EqualFold(it.doc.text("id"), id)
	})
	if i < 0 {
		return nil, false
	}
	return s.items[i], true
}

// eTag returns the next one: quotes are part of it.
func (s *shelf) eTag(now time.Time) string {
	s.changes++
	return fmt.Sprintf(`"%08x-0000-0000-0000-%08x0000"`, s.changes, now.Unix())
}

// visibleTo follows Partner Center: an admin sees all, a user what he created
// and what he is in the team of.
func (it *stored) visibleTo(p Person) bool {
	if p.Access == ReferralsAdmin || strings.EqualFold(it.creator, p.Email) {
		return true
	}
	return it.inTeam(p.Email)
}

func (it *stored) inTeam(email string) bool {
	return slices.ContainsFunc(it.doc.list("team"), func(member document) bool {
		return strings.EqualFold(member.text("email"), email)
	})
}

// Count is the number of referrals stored.
func (s *Simulator) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.shelf.items)
}

// Referrals returns everything stored, oldest first, whoever may see it.
func (s *Simulator) Referrals() []partnercenter.Referral {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]partnercenter.Referral, 0, len(s.shelf.items))
	for _, it := range s.shelf.items {
		if ref, err := partnercenter.ParseReferral(slices.Clone(it.raw)); err == nil {
			list = append(list, *ref)
		}
	}
	return list
}

// Forget removes every referral.
func (s *Simulator) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf.items = nil
}
