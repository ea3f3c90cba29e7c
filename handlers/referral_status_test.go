package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// TestStatusPageOffersWhatMayFollow walks every pair of standings: the page offers those that may
// follow and no others, takes no other, and asks about closing only what may be closed.
func TestStatusPageOffersWhatMayFollow(t *testing.T) {
	s := newLiveSite(t, referral.CoSell)
	all := []string{"New/Pending", "New/Received", "New/Error", "Active/Accepted", "Active/Error",
		"Closed/Won", "Closed/Lost", "Closed/Declined", "Closed/Expired", "Closed/Error", "Archived/Done"}
	for i, from := range all {
		at := referral.ParseStanding(from)
		s.must(s.SaveFetched(t.Context(), s.id, &referral.Referral{Name: "Deal", Status: at.Status,
			Substatus: at.Substatus, ETag: strings.Repeat("e", i+1), Raw: s.microsoft().Raw},
			referral.Outcome{}))
		var want []string
		for _, next := range at.Next() {
			want = append(want, next.String())
		}
		if len(want) == 0 {
			s.priya.get(s.path("/status")).leadsTo(s.path(""))
		} else {
			page := s.priya.page(s.path("/status"), http.StatusOK)
			got := page.All("[name=status]").Map(valueOf)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %s (-want +got):\n%s", from, diff)
			}
		}
		for _, to := range all {
			s.wantMove(from, to, len(want) > 0, slices.Contains(want, to))
		}
	}
	if got := s.microsoft(); got.Status != "Active" {
		t.Errorf("Microsoft has %s", got.Status)
	}
}

// wantMove posts a new status, and asks to close with it. Open tells whether anything may follow,
// and may whether this one does.
func (s *liveSite) wantMove(from, to string, open, may bool) {
	s.Helper()
	closes := referral.ParseStanding(to).Closes()
	if may && !closes {
		return // it would be made at once
	}
	query := "/close?status=" + url.QueryEscape(to)
	post, ask := s.priya.post(s.path("/status"), url.Values{"status": {to}}), s.priya.get(s.path(query))
	switch {
	case !open:
		post.leadsTo(s.path(""))
		ask.leadsTo(s.path(""))
	case may:
		post.leadsTo(s.path(query))
		ask.want(http.StatusOK)
	default:
		if post.status != http.StatusUnprocessableEntity || ask.status != http.StatusSeeOther {
			s.Errorf("%s to %s: %d, asked %d", from, to, post.status, ask.status)
		}
	}
}
