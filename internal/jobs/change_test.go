package jobs_test

import (
	"bytes"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// sent is a referral that Microsoft has, fetched once, so that its eTag and closing date are known.
func (k *kit) sent() referral.Referral {
	k.t.Helper()
	s := k.submit(k.draft())
	s = k.wait(s.ID, in(referral.Accepted))
	k.must(k.jobs.Refresh(k.t.Context(), k.rep.Caller(), s.ReferralID))
	k.fetched(s.ReferralID)
	return k.referral(s.ReferralID)
}

// fetched waits for the fetch that was asked for.
func (k *kit) fetched(id string) referral.Fetch {
	k.t.Helper()
	for range 1000 {
		f, err := k.store.Fetch(k.t.Context(), k.rep.Caller(), id)
		k.must(err)
		if !f.Running(time.Now()) {
			return f
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatal("the fetch does not end")
	return referral.Fetch{}
}

func (k *kit) referral(id string) referral.Referral {
	k.t.Helper()
	r, err := k.store.Referral(k.t.Context(), k.rep.Caller(), id)
	k.must(err)
	return r
}

// worth is the change of the deal's value and notes.
func (k *kit) worth(r referral.Referral, value string) referral.Change {
	k.t.Helper()
	a, err := referral.ReadAnswers(r.Raw)
	k.must(err)
	a.Details.DealValue, a.Details.Notes = value, "Worth "+value
	edits, err := referral.Revise(r.Raw, referral.SectionDeal, a)
	k.must(err)
	body, err := referral.PatchBody(r.Raw, edits)
	k.must(err)
	return referral.Change{ReferralID: r.ID, Section: referral.SectionDeal, BaseETag: r.ETag,
		Edits: edits, Body: body}
}

func (k *kit) change(ch referral.Change) referral.Change {
	k.t.Helper()
	out, err := k.jobs.Change(k.t.Context(), k.rep.Caller(), ch)
	k.must(err)
	return out
}

// rests polls until the change does, and fails after ten seconds.
func (k *kit) rests(id string) referral.Change {
	k.t.Helper()
	var ch referral.Change
	for range 1000 {
		var err error
		ch, err = k.store.Change(k.t.Context(), k.rep.Caller(), id)
		k.must(err)
		if !ch.State.Running() && !ch.LookingUp() {
			return ch
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatalf("change rests in %s with %+v after %d attempts", ch.State, ch.Outcome,
		len(ch.Attempts))
	return ch
}

// patches are the PATCHes that reached the simulator.
func (k *kit) patches() (all []practice.Request) {
	for _, r := range k.sim.Requests() {
		if r.Method == http.MethodPatch {
			all = append(all, r)
		}
	}
	return all
}

// value is the deal's at Microsoft, and how many referrals there are.
func (k *kit) value() (string, int) {
	all := k.sim.Referrals()
	return string(all[0].Details.DealValue), len(all)
}

func TestChangeIsAccepted(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	ch := k.rests(k.change(k.worth(r, "65000")).ID)
	if ch.State != referral.Accepted || len(ch.Attempts) != 1 {
		t.Fatalf("change %s %+v after %d attempts", ch.State, ch.Outcome, len(ch.Attempts))
	}
	sent := k.patches()[0]
	if !bytes.Equal(sent.Body, ch.Body) || sent.Header.Get("If-Match") != r.ETag ||
		sent.Header.Get("MS-RequestId") != ch.Attempts[0].RequestID {
		t.Errorf("sent %s with %v", sent.Body, sent.Header)
	}
	now := k.referral(r.ID)
	if now.DealValue != "65000" || now.ETag == r.ETag || now.ClosingDate != "2099-01-14" ||
		now.SendID != r.SendID || now.Deal != referral.CoSell {
		t.Errorf("stored %s %s %s %s", now.DealValue, now.ETag, now.ClosingDate, now.Deal)
	}
	if v, n := k.value(); v != "65000" || n != 1 {
		t.Errorf("Microsoft has %s, %d referrals", v, n)
	}
	if old, err := k.store.Version(t.Context(), k.rep.Caller(), r.ID, r.ETag); err != nil ||
		!bytes.Equal(old, r.Raw) {
		t.Errorf("the version before is lost: %v", err)
	}
}

// TestTwentyClicksChangeOnce presses Save twenty times, and once more when it is done.
func TestTwentyClicksChangeOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	ch := k.worth(r, "65000")
	ids := sync.Map{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			out, err := k.jobs.Change(t.Context(), k.rep.Caller(), ch)
			if err != nil {
				t.Error(err)
			}
			ids.Store(out.ID, true)
		})
	}
	wg.Wait()
	n := 0
	ids.Range(func(id, _ any) bool { n++; k.rests(id.(string)); return true })
	k.change(ch)
	if n != 1 || len(k.patches()) != 1 {
		t.Errorf("%d changes, %d PATCHes", n, len(k.patches()))
	}
}

// TestChangeFaults walks the faults: what each comes to, and whether Microsoft has the new value.
func TestChangeFaults(t *testing.T) {
	type row struct {
		state   referral.State
		kind    referral.OutcomeKind
		value   string
		patches int
	}
	done := func(patches int) row {
		return row{referral.Accepted, referral.OutcomeAccepted, "65000", patches}
	}
	refused := func(k referral.OutcomeKind) row { return row{referral.Rejected, k, "50000", 1} }
	tests := map[practice.Kind]row{
		practice.Invalid:         refused(referral.OutcomeInvalid),
		practice.InvalidField:    refused(referral.OutcomeInvalid),
		practice.InvalidNumeric:  refused(referral.OutcomeInvalid),
		practice.Token:           done(2),
		practice.NoMFA:           {referral.NeedsSignIn, referral.OutcomeMFA, "50000", 1},
		practice.ClaimsChallenge: {referral.NeedsSignIn, referral.OutcomeSignIn, "50000", 1},
		practice.Forbidden:       refused(referral.OutcomeForbidden),
		practice.NotFound:        refused(referral.OutcomeOurFault),
		practice.TooLarge:        refused(referral.OutcomeTooLarge),
		practice.Locked:          refused(referral.OutcomeBusy),
		practice.RateLimit:       done(2),
		practice.RateLimitDate:   done(2),
		practice.Unavailable:     done(2),
		practice.ServerError:     done(2),
		practice.BadGateway:      done(2),
		practice.GatewayTimeout:  done(2),
		practice.LostRequest:     done(2),
		practice.LostAnswer:      done(1),
		practice.Slow:            done(1),
		practice.NoAnswer:        done(1),
		practice.HTML:            done(1),
		practice.Empty:           done(1),
		practice.BrokenJSON:      done(1),
		practice.Huge:            done(1),
		practice.Stale:           done(2), // though nothing has changed
		practice.Conflict:        done(2),
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
			k.start()
			r := k.sent()
			k.fail(practice.Fault{Kind: f.Kind, Method: http.MethodPatch, RetryAfter: time.Second,
				Delay: 100 * time.Millisecond})
			ch := k.rests(k.change(k.worth(r, "65000")).ID)
			value, n := k.value()
			got := row{ch.State, ch.Outcome.Kind, value, len(k.patches())}
			if got != tt || n != 1 {
				t.Errorf("got %+v and %d referrals, want %+v", got, n, tt)
			}
		})
	}
}

// TestChangeMeetsChange lets Microsoft's copy change first: the rep has to choose.
func TestChangeMeetsChange(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	k.must(k.sim.Change(r.RemoteID, partnercenter.Replace("/details/dealValue", "58000")))
	ch := k.rests(k.change(k.worth(r, "65000")).ID)
	if !ch.Conflicts() || ch.TheirETag == r.ETag {
		t.Fatalf("change %s %+v", ch.State, ch.Outcome)
	}
	m, err := referral.NewMerge(ch.Base, ch.Theirs, ch.Edits)
	k.must(err)
	if len(m.Both) != 1 || len(m.Mine) != 1 {
		t.Fatalf("merge %+v", m)
	}
	if err := k.jobs.RetryChange(t.Context(), k.rep.Caller(), ch.ID); !errors.Is(err,
		referral.ErrConflict) {
		t.Errorf("a change in conflict may be repeated: %v", err)
	}

	now := k.referral(r.ID)
	edits := m.Resolve(func(referral.Clash) bool { return true })
	body, err := referral.PatchBody(now.Raw, edits)
	k.must(err)
	second := referral.Change{ReferralID: r.ID, Section: ch.Section, BaseETag: ch.TheirETag,
		Edits: edits, Body: body, Replaces: ch.ID}
	if out := k.rests(k.change(second).ID); out.State != referral.Accepted {
		t.Fatalf("the choice is %s %+v", out.State, out.Outcome)
	}
	if v, _ := k.value(); v != "65000" {
		t.Errorf("Microsoft has %s", v)
	}
	if ch = k.rests(ch.ID); ch.State != referral.Cancelled {
		t.Errorf("the settled change is %s", ch.State)
	}
	_, err = k.jobs.Change(t.Context(), k.rep.Caller(), referral.Change{ReferralID: r.ID,
		BaseETag: ch.TheirETag, Body: []byte("[]"), Replaces: ch.ID})
	if !errors.Is(err, referral.ErrConflict) {
		t.Errorf("a conflict was settled twice: %v", err)
	}
}

// TestLostAnswerAndChange loses the answer, and Microsoft's copy changes before anybody looks: what
// the rep wanted is there still, or he has to choose.
func TestLostAnswerAndChange(t *testing.T) {
	for name, tt := range map[string]struct {
		op   partnercenter.Op
		want referral.OutcomeKind
	}{
		"another answer":  {partnercenter.Replace("/salesStage", "Proposal"), referral.OutcomeAccepted},
		"the same answer": {partnercenter.Replace("/details/dealValue", 1), referral.OutcomeConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t)
			k.start()
			r := k.sent()
			k.fail(practice.Fault{Kind: practice.LostAnswer, Method: http.MethodPatch})
			k.fail(practice.Fault{Kind: practice.BadGateway, Method: http.MethodGet})
			id := k.change(k.worth(r, "65000")).ID
			for len(k.patches()) == 0 || len(k.sim.Queued()) > 0 {
				time.Sleep(5 * time.Millisecond)
			}
			k.must(k.sim.Change(r.RemoteID, tt.op))
			ch := k.rests(id)
			if ch.Outcome.Kind != tt.want || len(k.patches()) != 1 {
				t.Errorf("%s %+v, %d PATCHes", ch.State, ch.Outcome, len(k.patches()))
			}
		})
	}
}

// TestChangeAfterCrash stops the process in the middle of a PATCH; the next one looks first.
func TestChangeAfterCrash(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	stop(k.jobs)
	ch, _, err := k.store.QueueChange(t.Context(), k.rep.Caller(), k.worth(r, "65000"), none)
	k.must(err)
	_, err = k.store.StartChangeAttempt(t.Context(), ch.ID, referral.Attempt{Number: 1,
		RequestID: "r", CorrelationID: "c"})
	k.must(err)
	k.must(k.sim.Change(r.RemoteID, partnercenter.Replace("/details/dealValue", "65000"),
		partnercenter.Replace("/details/notes", "Worth 65000")))
	k.open()
	k.start()
	if ch = k.rests(ch.ID); ch.State != referral.Accepted || len(k.patches()) != 0 {
		t.Errorf("%s %+v after %d PATCHes", ch.State, ch.Outcome, len(k.patches()))
	}
}

// TestChangeGoesOnAfterSignIn meets a demand for a second step.
func TestChangeGoesOnAfterSignIn(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	k.tokens.fail(&jobs.SignInError{Claims: `{"access_token":{}}`, Err: errors.New("no")})
	ch := k.rests(k.change(k.worth(r, "65000")).ID)
	claims, _, err := k.jobs.SignInDemand(t.Context(), k.rep.Caller())
	if err != nil || ch.State != referral.NeedsSignIn || claims == "" {
		t.Fatalf("%s, claims %q, %v", ch.State, claims, err)
	}
	k.tokens.fail(nil)
	k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
	if ch = k.rests(ch.ID); ch.State != referral.Accepted {
		t.Errorf("%s %+v", ch.State, ch.Outcome)
	}
}

// TestChangeWithoutRepresentation is answered 204: what was changed is known all the same, and the
// new eTag comes with the next fetch.
func TestChangeWithoutRepresentation(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.api.patch = func(a *partnercenter.Answer) { a.Referral, a.Status = nil, 204 }
	k.start()
	r := k.sent()
	ch := k.rests(k.change(k.worth(r, "65000")).ID)
	now := k.referral(r.ID)
	if ch.State != referral.Accepted || now.DealValue != "65000" || now.ETag == r.ETag ||
		now.ETag == "" {
		t.Errorf("%s, stored %s with %s", ch.State, now.DealValue, now.ETag)
	}
}

// TestOneChangeAtATime refuses a second change until the first one rests, and drops one that waits.
func TestOneChangeAtATime(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	k.fail(practice.Fault{Kind: practice.RateLimit, Method: http.MethodPatch,
		RetryAfter: time.Hour})
	first := k.change(k.worth(r, "65000"))
	for first.State != referral.Waiting {
		var err error
		first, err = k.store.Change(t.Context(), k.rep.Caller(), first.ID)
		k.must(err)
	}
	_, err := k.jobs.Change(t.Context(), k.rep.Caller(), k.worth(r, "70000"))
	if !errors.Is(err, referral.ErrLocked) {
		t.Errorf("a second change: %v", err)
	}
	k.must(k.jobs.DropChange(t.Context(), k.rep.Caller(), first.ID))
	if out := k.rests(k.change(k.worth(r, "70000")).ID); out.State != referral.Accepted {
		t.Errorf("the next is %s %+v", out.State, out.Outcome)
	}
	if v, _ := k.value(); v != "70000" {
		t.Errorf("Microsoft has %s", v)
	}
}

func TestRefreshThatFails(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	r := k.sent()
	k.fail(practice.Fault{Kind: practice.ServerError, Method: http.MethodGet})
	k.must(k.jobs.Refresh(t.Context(), k.rep.Caller(), r.ID))
	if f := k.fetched(r.ID); f.Outcome.Kind == "" || f.DoneAt.IsZero() {
		t.Errorf("fetch %+v", f)
	}
	k.must(k.jobs.Refresh(t.Context(), k.rep.Caller(), r.ID))
	if f := k.fetched(r.ID); f.Outcome.Kind != "" {
		t.Errorf("fetch %+v", f)
	}
}
