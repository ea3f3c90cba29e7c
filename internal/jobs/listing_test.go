package jobs_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// look looks at the list until ok, and fails after ten seconds.
func (k *kit) look(ok func(referral.Listing) bool) referral.Listing {
	k.t.Helper()
	var l referral.Listing
	for range 1000 {
		var err error
		l, err = k.store.Listing(k.t.Context(), k.rep.ID)
		k.must(err)
		l, err = k.jobs.Look(k.t.Context(), l)
		k.must(err)
		if ok(l) {
			return l
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatalf("the listing rests in %+v", l)
	return l
}

func listed(state referral.ListingState) func(referral.Listing) bool {
	return func(l referral.Listing) bool { return l.State == state }
}

// filled is a kit with 250 referrals at Microsoft and a clock that can be set.
func filled(t *testing.T) (*kit, *shifted) {
	k, clock := newKit(t), &shifted{}
	k.must(k.store.Close())
	k.config.Now = clock.now
	k.open()
	k.must(k.sim.Fill(email, 250))
	return k, clock
}

func (k *kit) list(c referral.Caller, f referral.Filter) referral.List {
	k.t.Helper()
	list, err := k.store.Referrals(k.t.Context(), c, f)
	k.must(err)
	return list
}

// gets counts the lists that were asked for.
func (k *kit) gets() (n int) {
	for _, r := range k.sim.Requests() {
		if r.Method == http.MethodGet {
			n++
		}
	}
	return n
}

func TestListing(t *testing.T) {
	k, clock := filled(t)
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the token followed a next link to another host")
	}))
	defer away.Close()
	k.sim.PrintNextLinks(away.URL + "/v1.0/referrals")
	k.start()
	l := k.look(listed(referral.ListingDone))
	if l.Seen != 250 || l.Pages != 3 || k.gets() != 3 {
		t.Errorf("seen %d on %d pages by %d calls", l.Seen, l.Pages, k.gets())
	}
	// Of ten, two are connected ones: they are no rows of their own.
	list := k.list(k.rep.Caller(), referral.Filter{})
	if list.All != 200 {
		t.Errorf("%d rows", list.All)
	}
	for name, tt := range map[string]struct {
		filter referral.Filter
		want   int
	}{
		"connected": {referral.Filter{Microsoft: "connected"}, 50},
		"team":      {referral.Filter{Team: "john.doe@northbridge.example"}, 25},
		"lost":      {referral.Filter{Substatus: "Lost"}, 25},
		"together":  {referral.Filter{Substatus: "Lost", Team: "john.doe"}, 0},
	} {
		if got := k.list(k.rep.Caller(), tt.filter).Matching; got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
	bo, err := k.store.SignIn(t.Context(), referral.User{Key: "1:2", Name: "Bo Lind"})
	k.must(err)
	if n := k.list(bo.Caller(), referral.Filter{}).All; n != 0 {
		t.Errorf("another rep sees %d", n)
	}

	// Later only what changed is read.
	clock.shift(6 * time.Minute)
	first := k.sim.Referrals()[5]
	k.must(k.sim.Change(first.ID, partnercenter.Replace("/details/notes", "changed")))
	l = k.look(func(l referral.Listing) bool { return l.Pass == 2 && l.State == referral.ListingDone })
	if l.Entire || l.Seen == 0 || l.Seen > 20 || k.gets() != 4 {
		t.Errorf("seen %d by %d calls in all", l.Seen, k.gets())
	}
	// What Microsoft no longer lists is gone after a pass that reads everything.
	k.sim.Forget()
	clock.shift(2 * time.Hour)
	k.look(func(l referral.Listing) bool { return l.Pass == 3 && l.State == referral.ListingDone })
	if n := k.list(k.rep.Caller(), referral.Filter{}).All; n != 0 {
		t.Errorf("%d are left", n)
	}
}

// TestListingKeepsOddShapes sees that nothing of an answer is lost, whatever it looks like.
func TestListingKeepsOddShapes(t *testing.T) {
	k, _ := filled(t)
	k.start()
	k.look(listed(referral.ListingDone))
	rows := k.list(k.rep.Caller(), referral.Filter{Query: "store network refresh 10"}).Referrals
	if len(rows) == 0 {
		t.Fatal("none")
	}
	r, err := k.store.Referral(t.Context(), k.rep.Caller(), rows[len(rows)-1].ID)
	k.must(err)
	if r.DealValue == "" || r.ClosingDate != "" || !strings.Contains(string(r.Raw), "unknownField") {
		t.Errorf("value %q, closing date %q, raw %s", r.DealValue, r.ClosingDate, r.Raw)
	}
}

// TestListingAndSend sends a deal while the list is read: they are one row.
func TestListingAndSend(t *testing.T) {
	k := newKit(t)
	k.start()
	s := k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	k.look(listed(referral.ListingDone))
	rows := k.list(k.rep.Caller(), referral.Filter{}).Referrals
	if len(rows) != 1 || rows[0].ID != s.ReferralID {
		t.Errorf("rows %+v", rows)
	}
}

func TestListingFails(t *testing.T) {
	tests := map[string]struct {
		fault practice.Fault
		state referral.ListingState
		kind  referral.OutcomeKind
	}{
		"second sign-in step": {practice.Fault{Kind: practice.NoMFA}, referral.ListingNeedsSignIn,
			referral.OutcomeMFA},
		"claims": {practice.Fault{Kind: practice.ClaimsChallenge}, referral.ListingNeedsSignIn,
			referral.OutcomeSignIn},
		"no role": {practice.Fault{Kind: practice.Forbidden}, referral.ListingFailed,
			referral.OutcomeForbidden},
		"waiting": {practice.Fault{Kind: practice.RateLimit, RetryAfter: time.Hour},
			referral.ListingRunning, referral.OutcomeLimited},
		"bad gateway": {practice.Fault{Kind: practice.BadGateway}, referral.ListingRunning,
			referral.OutcomeUnknown},
		"stale token":  {practice.Fault{Kind: practice.Token}, referral.ListingDone, ""},
		"a wrong page": {practice.Fault{Kind: practice.HTML}, referral.ListingRunning, "unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			k, clock := filled(t)
			k.start()
			k.look(listed(referral.ListingDone))
			fresh := k.look(listed(referral.ListingDone)).FreshAt
			clock.shift(10 * time.Minute)
			tt.fault.Method = http.MethodGet
			k.fail(tt.fault)
			l := k.look(func(l referral.Listing) bool {
				return l.Pass == 2 && (l.State != referral.ListingRunning || l.Stale())
			})
			if l.State != tt.state || l.Outcome.Kind != tt.kind {
				t.Errorf("%s with %+v", l.State, l.Outcome)
			}
			if tt.kind != "" && !l.FreshAt.Equal(fresh) {
				t.Errorf("the list counts as fresh from %v", l.FreshAt)
			}
			if n := k.list(k.rep.Caller(), referral.Filter{}).All; n != 200 {
				t.Errorf("%d rows are left", n)
			}
		})
	}
}

// TestListingGoesOnAfterSignIn sees that the demand is met by the next sign-in.
func TestListingGoesOnAfterSignIn(t *testing.T) {
	k, clock := filled(t)
	k.tokens.fail(&jobs.SignInError{Claims: `{"access_token":{}}`})
	k.start()
	k.look(listed(referral.ListingNeedsSignIn))
	claims, _, err := k.jobs.SignInDemand(t.Context(), k.rep.Caller())
	if k.must(err); claims != `{"access_token":{}}` {
		t.Errorf("claims %q", claims)
	}
	k.tokens.fail(nil)
	clock.shift(time.Minute)
	_, err = k.store.SignIn(t.Context(), referral.User{Key: "1:1", Name: "Priya Raman", Email: email})
	k.must(err)
	k.look(listed(referral.ListingDone))
}

// TestNobodysSignIn asks for somebody who has never signed in: his first sign-in needs nothing.
func TestNobodysSignIn(t *testing.T) {
	k, _ := filled(t)
	if claims, fresh, err := k.jobs.SignInDemand(t.Context(), referral.Caller{}); err != nil ||
		fresh || claims != "" {
		t.Errorf("claims %q, fresh %t, error %v", claims, fresh, err)
	}
}

// TestListingGoesOnWhereItEnded stops the process after the first page. Once it must be dead,
// whoever looks has the rest read.
func TestListingGoesOnWhereItEnded(t *testing.T) {
	k, clock := filled(t)
	read := make(chan struct{}, 10)
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		if q.Next != "" {
			read <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return k.api.Client.List(ctx, call, q)
	}
	k.start()
	k.look(func(l referral.Listing) bool { return l.Pages == 1 })
	<-read
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_ = k.jobs.Stop(ended)
	k.must(k.store.Close())
	k.api.list = nil
	k.open()
	k.start()
	clock.shift(5 * time.Minute)
	l := k.look(listed(referral.ListingDone))
	if l.Seen != 250 || l.Pass != 2 || k.gets() != 3 {
		t.Errorf("seen %d by %d calls", l.Seen, k.gets())
	}
}

// TestListingBeginsAgain sees that a place that Microsoft forgot is no end.
func TestListingBeginsAgain(t *testing.T) {
	k, _ := filled(t)
	refused := false
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		if q.Next != "" && !refused {
			refused = true
			q.Next = "$skiptoken=forgotten"
		}
		return k.api.Client.List(ctx, call, q)
	}
	k.start()
	if l := k.look(listed(referral.ListingDone)); l.Seen != 250 || k.gets() != 5 {
		t.Errorf("seen %d by %d calls", l.Seen, k.gets())
	}
}

// TestListingInCircles lets each page lead to one that was read. After a thousand the pass ends,
// and takes nothing for gone, as it did not see everything.
func TestListingInCircles(t *testing.T) {
	k, _ := filled(t)
	var calls atomic.Int64
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		page, err := k.api.Client.List(ctx, call, partnercenter.Query{})
		page.Next = fmt.Sprintf("$skiptoken=%d", calls.Add(1)%3)
		return page, err
	}
	k.look(listed(referral.ListingRunning))
	_, err := k.store.Writer().Exec(`UPDATE listings SET pages = 988`)
	k.must(err)
	k.start()
	l := k.look(listed(referral.ListingDone))
	if n := calls.Load(); l.Pages != 1000 || n != 12 || l.Entire || !l.EntireAt.IsZero() {
		t.Errorf("%d pages by %d calls, entire %t", l.Pages, n, l.Entire)
	}
	if n := k.list(k.rep.Caller(), referral.Filter{}).All; n != 80 {
		t.Errorf("%d rows", n)
	}
}

// TestListingNotWhole reads everything once, and then pages that lack referrals: those are not gone.
func TestListingNotWhole(t *testing.T) {
	for name, lessen := range lessened {
		k, clock := filled(t)
		k.start()
		k.look(listed(referral.ListingDone))
		all := k.list(k.rep.Caller(), referral.Filter{}).All
		k.lists(func(page *partnercenter.Page) {
			lessen(page)
			page.Value, page.Count = page.Value[1:], 0
		})
		clock.shift(2 * time.Hour)
		l := k.look(func(l referral.Listing) bool {
			return l.Pass == 2 && l.State == referral.ListingDone
		})
		if n := k.list(k.rep.Caller(), referral.Filter{}).All; l.Entire || n != all {
			t.Errorf("%s: %d of %d rows are left, entire %t", name, n, all, l.Entire)
		}
	}
}
