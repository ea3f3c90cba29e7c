package jobs_test

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

func TestSendIsAccepted(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	s := k.submit(k.draft())
	s = k.wait(s.ID, in(referral.Accepted))
	if s.ReferralID == "" || s.EngagementID == "" || k.sim.Count() != 1 {
		t.Fatalf("accepted send %+v, %d referrals", s, k.sim.Count())
	}
	req := k.sim.Requests()[0]
	if !bytes.Equal(req.Body, s.Body) {
		t.Errorf("the simulator got another body than was stored: %s", req.Body)
	}
	a := s.LastAttempt()
	if req.Header.Get("MS-RequestId") != a.RequestID ||
		req.Header.Get("client-request-id") != a.CorrelationID || a.RequestID == "" {
		t.Errorf("ids on the wire %v, stored %+v", req.Header, a)
	}
	if a.Answer.Status != 201 || a.Answer.Headers["request-id"] == "" || len(a.Answer.Body) == 0 {
		t.Errorf("stored answer %+v", a.Answer)
	}
	r, err := k.store.Referral(t.Context(), k.rep.Caller(), s.ReferralID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != "Active" || r.ClosingDate != "2099-01-14" || r.DealValue != "50000" ||
		r.Deal != referral.CoSell || !bytes.Equal(r.Raw, a.Answer.Body) {
		t.Errorf("stored referral %s %s %s %s", r.Status, r.ClosingDate, r.DealValue, r.Deal)
	}
}

func TestTwentyClicksSendOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	draft := k.draft()
	ids := make([]string, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			s, err := k.jobs.Submit(t.Context(), k.rep.Caller(), draft)
			if err != nil {
				t.Error(err)
			}
			ids[i] = s.ID
		})
	}
	wg.Wait()
	k.wait(ids[0], in(referral.Accepted))
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) != 1 || k.posts() != 1 || k.sim.Count() != 1 {
		t.Errorf("sends %v, %d posts, %d referrals", ids, k.posts(), k.sim.Count())
	}
}

// TestFaults walks the outcomes: what a fault at the API comes to, and how many referrals exist.
func TestFaults(t *testing.T) {
	tests := map[practice.Kind]struct {
		state  referral.State
		kind   referral.OutcomeKind
		stored int
		path   string
	}{
		practice.Invalid:         {referral.Rejected, referral.OutcomeInvalid, 0, ""},
		practice.InvalidField:    {referral.Rejected, referral.OutcomeInvalid, 0, "customerProfile.address.country"},
		practice.InvalidNumeric:  {referral.Rejected, referral.OutcomeInvalid, 0, ""},
		practice.Token:           {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.NoMFA:           {referral.NeedsSignIn, referral.OutcomeMFA, 0, ""},
		practice.ClaimsChallenge: {referral.NeedsSignIn, referral.OutcomeSignIn, 0, ""},
		practice.Forbidden:       {referral.Rejected, referral.OutcomeForbidden, 0, ""},
		practice.NotFound:        {referral.Rejected, referral.OutcomeOurFault, 0, ""},
		practice.Conflict:        {referral.Rejected, referral.OutcomeConflict, 0, ""},
		practice.Stale:           {referral.Rejected, referral.OutcomeConflict, 0, ""},
		practice.TooLarge:        {referral.Rejected, referral.OutcomeTooLarge, 0, ""},
		practice.Locked:          {referral.Rejected, referral.OutcomeBusy, 0, ""},
		practice.RateLimit:       {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.RateLimitDate:   {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.Unavailable:     {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.ServerError:     {referral.Unknown, referral.OutcomeNotFound, 0, ""},
		practice.BadGateway:      {referral.Unknown, referral.OutcomeNotFound, 0, ""},
		practice.GatewayTimeout:  {referral.Unknown, referral.OutcomeNotFound, 0, ""},
		practice.LostRequest:     {referral.Unknown, referral.OutcomeNotFound, 0, ""},
		practice.LostAnswer:      {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.Slow:            {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.NoAnswer:        {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.HTML:            {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.Empty:           {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.BrokenJSON:      {referral.Accepted, referral.OutcomeAccepted, 1, ""},
		practice.Huge:            {referral.Accepted, referral.OutcomeAccepted, 1, ""},
	}
	for _, f := range practice.Faults() {
		tt, ok := tests[f.Kind]
		if !ok {
			t.Errorf("no row for the fault %q", f.Kind)
			continue
		}
		t.Run(string(f.Kind), func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			k.fail(practice.Fault{Kind: f.Kind, Method: "POST", RetryAfter: time.Second,
				Delay: 100 * time.Millisecond})
			k.start()
			s := k.submit(k.draft())
			s = k.wait(s.ID, outcome(tt.kind))
			if s.State != tt.state || s.Outcome.Path != tt.path || k.sim.Count() != tt.stored {
				t.Errorf("state %s, path %q, %d referrals; want %s, %q, %d", s.State,
					s.Outcome.Path, k.sim.Count(), tt.state, tt.path, tt.stored)
			}
			if s.State == referral.Unknown && k.posts() != 1 {
				t.Errorf("%d posts though the outcome was unknown", k.posts())
			}
		})
	}
}

// TestUnavailableGivesUp lets Microsoft be away for longer than we wait: the draft is free again.
func TestUnavailableGivesUp(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.Unavailable, Method: "POST", Count: 10,
		RetryAfter: time.Second})
	k.start()
	s := k.submit(k.draft())
	s = k.wait(s.ID, in(referral.Rejected))
	if s.Outcome.Kind != referral.OutcomeUnavailable || len(s.Attempts) != 4 {
		t.Errorf("%s after %d attempts", s.Outcome.Kind, len(s.Attempts))
	}
	k.sim.ClearFaults()
	if err := k.jobs.Again(t.Context(), k.rep.Caller(), s.ID); err != nil {
		t.Fatal(err)
	}
	k.wait(s.ID, in(referral.Accepted))
}

// TestAgainAfterNotFound sends once more what Microsoft does not have, with the idempotency id of
// the attempt that got no answer.
func TestAgainAfterNotFound(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.start()
	s := k.submit(k.draft())
	s = k.wait(s.ID, outcome(referral.OutcomeNotFound))
	if err := k.jobs.Again(t.Context(), k.rep.Caller(), s.ID); err != nil {
		t.Fatal(err)
	}
	s = k.wait(s.ID, in(referral.Accepted))
	if k.sim.Count() != 1 || len(s.Attempts) != 2 {
		t.Fatalf("%d referrals, %d attempts", k.sim.Count(), len(s.Attempts))
	}
	if s.Attempts[0].RequestID != s.Attempts[1].RequestID ||
		s.Attempts[0].CorrelationID == s.Attempts[1].CorrelationID {
		t.Errorf("ids of the attempts: %+v", s.Attempts)
	}
}

// TestAgainIsRefusedWhileUnknown keeps the look-up from being skipped.
func TestAgainIsRefusedWhileUnknown(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	k.fail(practice.Fault{Kind: practice.ServerError, Method: "GET", Count: 1000})
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.Unknown))
	err := k.jobs.Again(t.Context(), k.rep.Caller(), s.ID)
	if !errors.Is(err, referral.ErrConflict) || k.posts() != 1 {
		t.Errorf("Again = %v after %d posts", err, k.posts())
	}
	if _, err := k.jobs.Submit(t.Context(), k.rep.Caller(), k.load(s.ID)); err != nil {
		t.Errorf("submitting the same draft: %v", err)
	}
	if k.sim.Count() != 1 || k.posts() != 1 {
		t.Errorf("%d referrals, %d posts", k.sim.Count(), k.posts())
	}
}

// TestSignInAgain lets a send go on by itself after the person signed in.
func TestSignInAgain(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.tokens.fail(&jobs.SignInError{Claims: `{"access_token":{}}`})
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.NeedsSignIn))
	claims, _, err := k.jobs.SignInDemand(t.Context(), k.rep.Caller())
	if err != nil || claims != `{"access_token":{}}` {
		t.Errorf("claims %q, %v", claims, err)
	}
	if k.posts() != 0 {
		t.Errorf("%d posts without a token", k.posts())
	}
	k.tokens.fail(nil)
	if err := k.jobs.SignedIn(t.Context(), k.rep.Caller()); err != nil {
		t.Fatal(err)
	}
	k.wait(s.ID, in(referral.Accepted))
	if k.sim.Count() != 1 {
		t.Errorf("%d referrals", k.sim.Count())
	}
}

// TestConnectedReferral sends the second referral with the engagement id of the first; its failure
// leaves the first alone and only the second is repeated.
func TestConnectedReferral(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	own := k.submit(k.draft())
	own = k.wait(own.ID, in(referral.Accepted))
	k.fail(practice.Fault{Kind: practice.Locked, Method: "POST"})
	second := k.submit(k.connected(own))
	second = k.wait(second.ID, in(referral.Rejected))
	if err := k.jobs.Again(t.Context(), k.rep.Caller(), second.ID); err != nil {
		t.Fatal(err)
	}
	second = k.wait(second.ID, in(referral.Accepted))
	if second.EngagementID != own.EngagementID || k.sim.Count() != 2 || k.posts() != 3 {
		t.Errorf("engagement %s, %d referrals, %d posts", second.EngagementID, k.sim.Count(),
			k.posts())
	}
	_, connected, err := k.store.Pair(t.Context(), k.rep.Caller(), own.ReferralID)
	if err != nil || connected == nil || connected.EngagementID != own.EngagementID {
		t.Errorf("pair %+v, %v", connected, err)
	}
}

func TestLookUpOfLostConnectedReferral(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	own := k.submit(k.draft())
	own = k.wait(own.ID, in(referral.Accepted))
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	second := k.submit(k.connected(own))
	k.wait(second.ID, in(referral.Accepted))
	if k.sim.Count() != 2 || k.posts() != 2 {
		t.Errorf("%d referrals, %d posts", k.sim.Count(), k.posts())
	}
}

// TestCopyIsNotTakenForALostReferral sends the same deal twice under one CRM id: the second send,
// whose request was lost, must not be told that the first one's referral is its own.
func TestCopyIsNotTakenForALostReferral(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	first, second := k.draft(), k.draft()
	second.ExternalReferenceID = first.ExternalReferenceID
	second.Body = bytes.Clone(first.Body)
	k.wait(k.submit(first).ID, in(referral.Accepted))
	k.fail(practice.Fault{Kind: practice.LostRequest, Method: "POST"})
	k.wait(k.submit(second).ID, outcome(referral.OutcomeNotFound))
}

func (k *kit) connected(own referral.Send) referral.Send {
	k.t.Helper()
	d, err := k.store.Draft(k.t.Context(), k.rep.Caller(), own.DraftID)
	if err != nil {
		k.t.Fatal(err)
	}
	c := referral.NewConnect(d.Answers)
	c.HelpCode, c.Message = "QuotesOrLicensing", "We need a quote."
	body, err := referral.ConnectPayload(d.Answers, d.Stamp(), own.EngagementID, c)
	if err != nil {
		k.t.Fatal(err)
	}
	return referral.Send{Kind: referral.Microsoft, DraftID: d.ID, Revision: 1, Name: own.Name,
		Customer: own.Customer, ExternalReferenceID: own.ExternalReferenceID,
		EngagementID: own.EngagementID, ReferralID: own.ReferralID, Body: body}
}
