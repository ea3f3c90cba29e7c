package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/handlers"
	"tandem/internal/referral"
	"tandem/views"
)

// lister answers with what it is told, and notes who looks and who asks for a new list.
type lister struct {
	listing referral.Listing
	looks   []string
	relists []string
}

func (l *lister) Look(_ context.Context, seen referral.Listing) (referral.Listing, error) {
	l.looks = append(l.looks, seen.UserID)
	return l.listing, nil
}

func (l *lister) Relist(_ context.Context, c referral.Caller) error {
	l.relists = append(l.relists, c.UserID)
	return nil
}

// newListedSite is a site whose lists have come as far as the listing says.
func newListedSite(t *testing.T) (*sendSite, *lister) {
	s, l := newSendSite(t), &lister{}
	s.deps.Lister = l
	s.Handler = handlers.New(s.deps)
	return s, l
}

func TestListSaysHowFreshItIs(t *testing.T) {
	fresh := time.Date(2026, 11, 22, 14, 40, 0, 0, time.UTC)
	failed := func(
		state referral.ListingState, kind referral.OutcomeKind, at time.Time,
	) referral.Listing {
		return referral.Listing{State: state, FreshAt: at, Outcome: referral.Outcome{Kind: kind}}
	}
	const cannot = "We cannot load your referrals from Microsoft."
	tests := map[string]struct {
		listing referral.Listing
		want    string
		action  string
		polls   string
	}{
		"never": {referral.Listing{}, "", "", ""},
		"first": {referral.Listing{State: referral.ListingRunning, Seen: 200},
			"Loading your referrals from Microsoft: 200 so far", "", "every 2s"},
		"running": {referral.Listing{State: referral.ListingRunning, FreshAt: fresh},
			"From Microsoft on 22 November, 14:40 UTC. Looking for changes.", "", "every 2s"},
		"done": {referral.Listing{State: referral.ListingDone, FreshAt: fresh},
			"From Microsoft on 22 November, 14:40 UTC.", "Refresh", "every 300s"},
		"last year's": {referral.Listing{State: referral.ListingDone, FreshAt: fresh.AddDate(-1, 0, 0)},
			"From Microsoft on 22 November 2025, 14:40 UTC.", "Refresh", "every 300s"},
		"failed": {failed(referral.ListingFailed, referral.OutcomeUnknown, fresh),
			cannot + " These are from 22 November, 14:40 UTC.", "Refresh", "every 60s"},
		"failed at first": {failed(referral.ListingFailed, referral.OutcomeUnknown, time.Time{}),
			cannot, "Refresh", "every 60s"},
		"no role": {failed(referral.ListingFailed, referral.OutcomeForbidden, time.Time{}),
			cannot + " Ask your Partner Center administrator for the Referrals admin or " +
				"Referrals user role.", "Refresh", "every 60s"},
		"waiting": {failed(referral.ListingRunning, referral.OutcomeLimited, fresh),
			cannot + " These are from 22 November, 14:40 UTC. Microsoft limits requests. " +
				"We try again by ourselves.", "Refresh", "every 2s"},
		"sign-in": {failed(referral.ListingNeedsSignIn, referral.OutcomeMFA, fresh),
			"Sign in to load your referrals from Microsoft. These are from 22 November, 14:40 UTC. " +
				"Microsoft asks for a new sign-in.", "Sign in", ""},
	}
	site, l := newListedSite(t)
	priya := site.rep("Priya Raman", false)
	priya.sent(contoso())
	for name, tt := range tests {
		l.listing = tt.listing
		page := priya.page("/referrals?status=Active", http.StatusOK)
		text := ""
		for _, part := range page.Texts("#results .live p, #results .app-note p") {
			text += " " + part
		}
		if got := text; got != "" && got[1:] != tt.want || got == "" && tt.want != "" {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if got := page.Texts("#results .live button, #results .app-note button"); len(got) > 0 &&
			got[0] != tt.action || len(got) == 0 && tt.action != "" {
			t.Errorf("%s: action %q, want %q", name, got, tt.action)
		}
		polls := page.All(`#results[hx-get="/referrals?status=Active"]`).AttrOr("hx-trigger", "")
		if polls != tt.polls {
			t.Errorf("%s: polls %q", name, polls)
		}
		asks := page.All("#results").AttrOr("hx-headers", "")
		if strings.Contains(asks, views.WatchHeader) != (polls != "") {
			t.Errorf("%s: asks with %q", name, asks)
		}
		page.One("table.rt") // what is kept is always there
	}
}

// TestWatchingIsNoSignOfLife has a page that looks by itself read the list for as long as the
// session lasts, which it does not put off, and then get nothing.
func TestWatchingIsNoSignOfLife(t *testing.T) {
	site, _ := newListedSite(t)
	priya := site.rep("Priya Raman", false)
	priya.sent(contoso())
	watch := func() *answer {
		return priya.with(http.MethodGet, "/referrals", views.WatchHeader, "1")
	}
	for range 13 {
		site.clock.move(time.Hour)
		watch()
	}
	watch().want(http.StatusNoContent)
	priya.get("/referrals").want(http.StatusSeeOther)
}

// TestLooksForOneself has every page that looks for news at Microsoft do so for whoever opened it.
func TestLooksForOneself(t *testing.T) {
	site, l := newListedSite(t)
	site.rep("Daniel Okafor", false)
	priya := site.rep("Priya Raman", false)
	priya.sent(contoso())
	paths := []string{"/referrals", "/referrals", "/referrals?q=nobody", "/referrals?page=2", "/pipeline"}
	for _, path := range paths {
		priya.page(path, http.StatusOK)
	}
	want := slices.Repeat([]string{priya.caller().UserID}, len(paths))
	if !slices.Equal(l.looks, want) {
		t.Errorf("looks for %q, want %q", l.looks, want)
	}
}

func TestFirstLoadHasFiltersAndReloads(t *testing.T) {
	site, l := newListedSite(t)
	l.listing = referral.Listing{State: referral.ListingRunning, Seen: 100}
	page := site.rep("Priya Raman", false).page("/referrals", http.StatusOK)
	page.One("#filters")
	page.None("#empty")
	const reload = `http-equiv="refresh" content="3"`
	if got := page.All("noscript").Text(); !strings.Contains(got, reload) {
		t.Errorf("without scripts it does not load again: %q", got)
	}
	l.listing.State, l.listing.FreshAt = referral.ListingDone, time.Now()
	page = site.rep("Priya Raman", false).page("/referrals", http.StatusOK)
	page.One("#empty")
	if got := page.All("noscript").Text(); strings.Contains(got, "refresh") {
		t.Errorf("an empty list loads again: %q", got)
	}
}

func TestRefreshKeepsTheFilters(t *testing.T) {
	site, l := newListedSite(t)
	l.listing = referral.Listing{State: referral.ListingDone}
	priya := site.rep("Priya Raman", false)
	priya.sent(contoso())
	page := priya.page("/referrals?status=open&sort=value&page=1", http.StatusOK)
	priya.post(page.Attr(".live form", "action"), url.Values{}).
		leadsTo("/referrals?sort=value&status=open")
	if len(l.relists) != 1 || l.relists[0] != priya.user.ID {
		t.Errorf("asked for by %q", l.relists)
	}
	priya.post("/referrals/refresh?status=//evil.example&x=1", url.Values{}).leadsTo("/referrals")
}
