package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestStoredLate lets a referral appear only after a look-up did not find it. Sending again finds
// it instead.
func TestStoredLate(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	k.hideNew(3 * time.Second)
	k.start()
	s := k.submit(k.draft())
	s = k.wait(s.ID, outcome(referral.OutcomeNotFound))
	time.Sleep(time.Until(s.LastAttempt().EndedAt.Add(3 * time.Second)))
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestSettleCountsFromTheEnd has an attempt take longer than the settle time, and the list show
// what it created a little later.
func TestSettleCountsFromTheEnd(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.hideNew(400 * time.Millisecond)
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		time.Sleep(400 * time.Millisecond)
		if _, err := k.api.Client.Create(ctx, call, body); err != nil {
			return nil, err
		}
		time.Sleep(200 * time.Millisecond)
		return nil, &partnercenter.Error{Exchange: partnercenter.Exchange{Sent: true}}
	}
	k.start()
	s := k.submit(k.draft())
	k.wantOne(k.wait(s.ID, func(s referral.Send) bool {
		return s.State == referral.Unknown && s.Outcome.Kind == referral.OutcomeNotFound ||
			s.State == referral.Accepted
	}), referral.Accepted)
}

// TestAgainCannotLook does not post when Microsoft cannot be asked first.
func TestAgainCannotLook(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.start()
	s := k.submit(k.draft())
	s = k.wait(s.ID, outcome(referral.OutcomeNotFound))
	k.fail(practice.Fault{Kind: practice.ServerError, Method: "GET"})
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	s = k.wait(s.ID, outcome(referral.OutcomeLookupError))
	if s.State != referral.Unknown || k.posts() != 1 {
		t.Errorf("state %s, %d posts", s.State, k.posts())
	}
}

// TestLookUpWithoutAttempt sends anew, in the place of a send that was lost, while Microsoft cannot
// be asked, so that no attempt is made; the look-up that the rep asks for fails at first, too.
func TestLookUpWithoutAttempt(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.start()
	lost := k.wait(k.submit(k.draft()).ID, outcome(referral.OutcomeNotFound))
	_, err := k.store.Cancel(t.Context(), k.rep.Caller(), lost.ID)
	k.must(err)
	k.fail(practice.Fault{Kind: practice.ServerError, Method: "GET"})
	again := lost
	again.ID, again.Attempts = "", nil
	s := k.wait(k.submit(again).ID, outcome(referral.OutcomeLookupError))
	if len(s.Attempts) != 0 || s.ID == lost.ID {
		t.Fatalf("send %s instead of %s, %d attempts", s.ID, lost.ID, len(s.Attempts))
	}
	k.fail(practice.Fault{Kind: practice.ServerError, Method: "GET"})
	k.must(k.jobs.LookUp(t.Context(), k.rep.Caller(), s.ID))
	s = k.wait(s.ID, outcome(referral.OutcomeNotFound))
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	if k.wait(s.ID, in(referral.Accepted)); k.sim.Count() != 1 {
		t.Errorf("%d referrals", k.sim.Count())
	}
}

// TestClockSetBack sets the clock back by an hour after the attempt, and forward again.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	clock := &shifted{}
	k.config.Now = clock.now
	k.open()
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	clock.shift(-time.Hour)
	close(goOn)
	s = k.wait(s.ID, outcome(referral.OutcomeNotFound))
	clock.shift(0)
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	s = k.wait(s.ID, in(referral.Accepted))
	if k.sim.Count() != 1 || len(s.Attempts) != 2 {
		t.Errorf("%d referrals, %d attempts", k.sim.Count(), len(s.Attempts))
	}
}

// TestClockWasAhead loses a request by a clock that is an hour ahead, as that of a machine that has
// just begun may be, and puts it right. The look-up does not last until that hour is over.
func TestClockWasAhead(t *testing.T) {
	t.Parallel()
	k, clock := newKit(t), &shifted{}
	clock.shift(time.Hour)
	k.config.Now, k.config.Settle = clock.now, 2*time.Second
	k.open()
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.Unknown))
	clock.shift(0)
	began := time.Now()
	k.wait(s.ID, outcome(referral.OutcomeNotFound))
	if took := time.Since(began); took < callTimeout+k.config.Settle {
		t.Errorf("not there %s after nobody knows what", took)
	}
}

// TestTwinsUnderOneCRMID sends two deals of the same looks at once. The answer of the first is on
// its way when the second, whose request was lost, looks for its own.
func TestTwinsUnderOneCRMID(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	first, second := k.draft(), k.draft()
	for _, s := range []*referral.Send{&first, &second} {
		s.ExternalReferenceID = "CRM-1"
		s.Body = bytes.ReplaceAll(s.Body, []byte((referral.Draft{ID: s.DraftID}).Stamp()),
			[]byte("CRM-1"))
	}
	stored, goOn := make(chan struct{}), make(chan struct{})
	posts := 0
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		if posts++; posts > 1 {
			return nil, &partnercenter.Error{Exchange: partnercenter.Exchange{Sent: true}}
		}
		answer, err := k.api.Client.Create(ctx, call, body)
		close(stored)
		<-goOn
		return answer, err
	}
	k.start()
	first = k.submit(first)
	<-stored
	second = k.submit(second)
	k.wait(second.ID, in(referral.Unknown))
	time.Sleep(500 * time.Millisecond)
	if s := k.load(second.ID); s.State != referral.Unknown {
		t.Errorf("the second is %s though the first runs", s.State)
	}
	close(goOn)
	k.wait(first.ID, in(referral.Accepted))
	k.wait(second.ID, outcome(referral.OutcomeNotFound))
}

// TestStaleLookUp holds back a look-up that counts until the next attempt was lost as well. What it then
// says is of the first attempt only.
func TestStaleLookUp(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.config.Settle = time.Second
	k.open()
	k.hideNew(500 * time.Millisecond)
	hidden, held, goOn := k.api.list, atomic.Bool{}, make(chan struct{})
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		page, err := hidden(ctx, call, q)
		if held.Load() {
			return page, err
		}
		ended := k.count(`SELECT COALESCE(MIN(ended_at), 0) FROM attempts`)
		counts := time.Since(time.UnixMicro(int64(ended))) >= k.config.Settle
		if counts && held.CompareAndSwap(false, true) {
			<-goOn
		}
		return page, err
	}
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.Unknown))
	for !held.Load() {
		time.Sleep(10 * time.Millisecond)
	}
	k.must(k.jobs.LookUp(t.Context(), k.rep.Caller(), s.ID))
	k.wait(s.ID, outcome(referral.OutcomeNotFound))
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	k.wait(s.ID, func(s referral.Send) bool {
		return len(s.Attempts) == 2 && s.State == referral.Unknown
	})
	close(goOn)
	s = k.wait(s.ID, outcome(referral.OutcomeAccepted, referral.OutcomeNotFound))
	if s.State != referral.Accepted || k.sim.Count() != 1 {
		t.Errorf("%s %s, %d referrals", s.State, s.Outcome.Kind, k.sim.Count())
	}
}

// TestManyNewerReferrals looks for a referral that is no longer on the first page, and then beyond
// the last page that is read: then it does not say that Microsoft has none.
func TestManyNewerReferrals(t *testing.T) {
	t.Parallel()
	for pages, want := range map[int]referral.OutcomeKind{
		3: referral.OutcomeAccepted, 130: referral.OutcomeLookupError,
	} {
		k := newKit(t)
		k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
		first := true
		k.api.list = func(
			ctx context.Context, call partnercenter.Call, q partnercenter.Query,
		) (*partnercenter.Page, error) {
			if first { // the next look-up is one that the rep asks for much later
				first = false
				return nil, &partnercenter.Error{Exchange: partnercenter.Exchange{Status: 401},
					Numeric: partnercenter.NumericNoMFA}
			}
			n, _ := strconv.Atoi(q.Next)
			if n++; n < pages {
				newer := partnercenter.Referral{ID: "newer", Created: partnercenter.Time{Time: time.Now()}}
				return &partnercenter.Page{Value: []partnercenter.Referral{newer},
					Next: strconv.Itoa(n)}, nil
			}
			return k.api.Client.List(ctx, call, partnercenter.Query{})
		}
		k.start()
		s := k.submit(k.draft())
		s = k.wait(s.ID, outcome(referral.OutcomeLookupError))
		k.exec(`UPDATE attempts SET ended_at = 1`)
		k.must(k.jobs.LookUp(t.Context(), k.rep.Caller(), s.ID))
		k.wait(s.ID, outcome(want))
	}
}

// TestListNotWhole looks through a list whose first page says that more follows, and not where, or
// has something that cannot be read: what is not on that page may be there all the same.
func TestListNotWhole(t *testing.T) {
	t.Parallel()
	for name, lessen := range lessened {
		for fault, want := range map[practice.Kind]referral.OutcomeKind{
			practice.LostAnswer:  referral.OutcomeAccepted,
			practice.LostRequest: referral.OutcomeLookupError,
		} {
			k, clock := newKit(t), &shifted{}
			k.config.Now = clock.now
			k.open()
			k.lists(lessen)
			k.fail(practice.Fault{Kind: fault, Method: "POST"})
			k.start()
			s := k.submit(k.draft())
			k.wait(s.ID, func(s referral.Send) bool { return len(s.Attempts) == 1 && !s.State.Running() })
			clock.shift(10 * time.Minute) // a look-up that fails is given up
			t.Log(name)
			k.wait(s.ID, outcome(want))
		}
	}
}

// lessened are the ways in which a page may lack referrals.
var lessened = map[string]func(*partnercenter.Page){
	"cut":     func(page *partnercenter.Page) { page.Next, page.Cut = "", true },
	"skipped": func(page *partnercenter.Page) { page.Skipped = true },
}

// lists changes the pages that Microsoft lists.
func (k *kit) lists(change func(*partnercenter.Page)) {
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		page, err := k.api.Client.List(ctx, call, q)
		if err == nil {
			change(page)
		}
		return page, err
	}
}

// TestLookUpGlances reads but a few pages as long as it is too early to say that Microsoft has
// none, and then all.
func TestLookUpGlances(t *testing.T) {
	t.Parallel()
	const pages, few = 40, 3
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	var looks, calls atomic.Int32
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		calls.Add(1)
		if q.Next == "" {
			looks.Add(1)
		}
		n, _ := strconv.Atoi(q.Next)
		if n++; n == pages {
			return k.api.Client.List(ctx, call, partnercenter.Query{})
		}
		newer := partnercenter.Referral{ID: "newer", Created: partnercenter.Time{Time: time.Now()}}
		return &partnercenter.Page{Value: []partnercenter.Referral{newer}, Next: strconv.Itoa(n)}, nil
	}
	k.start()
	k.wantOne(k.wait(k.submit(k.draft()).ID, in(referral.Accepted)), referral.Accepted)
	if n := looks.Load(); n < 2 || calls.Load() != few*(n-1)+pages {
		t.Errorf("%d calls in %d looks", calls.Load(), n)
	}
}

// TestLookUpRenewsTheToken goes on when the token was refused that the provider still thinks good.
func TestLookUpRenewsTheToken(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	k.fail(practice.Fault{Kind: practice.Token, Method: "GET"})
	k.start()
	k.wantOne(k.wait(k.submit(k.draft()).ID, in(referral.Accepted)), referral.Accepted)
	if k.tokens.renewed != 1 {
		t.Errorf("renewed %d times", k.tokens.renewed)
	}
}

// TestForeignConnectedReferral finds that somebody has invited Microsoft in the meantime.
func TestForeignConnectedReferral(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	own := k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	second := k.connected(own)
	token, err := k.tokens.AccessToken(t.Context(), k.rep.ID)
	k.must(err)
	foreign := bytes.ReplaceAll(second.Body, []byte(own.Name), []byte("Invited by hand"))
	_, err = k.api.Client.Create(t.Context(), partnercenter.Call{Token: token}, foreign)
	k.must(err)
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.wait(k.submit(second).ID, in(referral.Accepted))
	if k.sim.Count() != 2 {
		t.Errorf("%d referrals", k.sim.Count())
	}
}

// TestConnectedElsewhere has the connected referral refused, or wait for a sign-in. Then somebody
// creates it in Partner Center, and the rep's list of referrals tells Tandem. It is not created
// once more: the wizard is too late, and a send that goes on finds it.
func TestConnectedElsewhere(t *testing.T) {
	t.Parallel()
	for state, posts := range map[referral.State]int{
		referral.Rejected: 3, referral.NeedsSignIn: 2,
	} {
		k := newKit(t)
		k.start()
		own := k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
		second := k.connected(own)
		k.fail(practice.Fault{Kind: practice.Invalid, Method: "POST"})
		if state == referral.NeedsSignIn {
			k.sim.ClearFaults()
			k.tokens.fail(&jobs.SignInError{})
		}
		s := k.wait(k.submit(second).ID, in(state))
		k.tokens.fail(nil)
		token, err := k.tokens.AccessToken(t.Context(), k.rep.ID)
		k.must(err)
		_, err = k.api.Client.Create(t.Context(), partnercenter.Call{Token: token}, second.Body)
		k.must(err)
		k.look(listed(referral.ListingDone))
		if state == referral.Rejected {
			_, err := k.jobs.Submit(t.Context(), k.rep.Caller(), second)
			if !errors.Is(err, referral.ErrConflict) {
				t.Errorf("error %v", err)
			}
			k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
		}
		k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
		k.wait(s.ID, in(referral.Accepted))
		k.wantPosts(posts)
	}
}

// TestNoEngagement does not create a referral for Microsoft that belongs to no engagement: any
// other of that kind would pass for it.
func TestNoEngagement(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	own := k.wait(k.submit(k.draft()).ID, in(referral.Accepted))
	k.exec(`UPDATE referrals SET engagement_id = ''`)
	_, err := k.jobs.Submit(t.Context(), k.rep.Caller(), k.connected(own))
	if !errors.Is(err, referral.ErrConflict) || k.posts() != 1 {
		t.Errorf("error %v, %d posts", err, k.posts())
	}
}

// TestEnded neither looks up nor sends again what an admin ended.
func TestEnded(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	k.tokens.fail(&jobs.SignInError{})
	close(goOn)
	k.wait(s.ID, outcome(referral.OutcomeLookupError))
	admin := referral.Caller{UserID: "admin", Admin: true}
	k.must(k.store.EndUndone(t.Context(), admin, k.rep.ID))
	k.tokens.fail(nil)
	k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
	k.must(k.jobs.Sweep(t.Context()))
	for _, err := range []error{k.jobs.LookUp(t.Context(), k.rep.Caller(), s.ID),
		k.jobs.Again(t.Context(), k.rep.Caller(), s.ID)} {
		if !errors.Is(err, referral.ErrConflict) {
			t.Errorf("error %v", err)
		}
	}
	if s = k.load(s.ID); s.State != referral.Unknown || s.Outcome.Kind != referral.OutcomeEnded {
		t.Errorf("the send is %s with %s", s.State, s.Outcome.Kind)
	}
	if k.posts() != 1 {
		t.Errorf("%d posts", k.posts())
	}
}
