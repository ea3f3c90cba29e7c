package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// slowly holds every POST back: it tells when one has begun and goes on when told.
func (k *kit) slowly() (began, goOn chan struct{}) {
	began, goOn = make(chan struct{}, 10), make(chan struct{})
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		began <- struct{}{}
		<-goOn
		return k.api.Client.Create(ctx, call, body)
	}
	return began, goOn
}

// hideNew makes lists leave out what is younger than lag, as those of a service do whose reads
// come from elsewhere than its writes.
func (k *kit) hideNew(lag time.Duration) {
	k.api.list = func(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error) {
		page, err := k.api.Client.List(ctx, call, q)
		if err != nil {
			return nil, err
		}
		var shown []partnercenter.Referral
		for _, r := range page.Value {
			if time.Since(r.Created.Time) > lag {
				shown = append(shown, r)
			}
		}
		page.Value = shown
		return page, nil
	}
}

func (k *kit) wantOne(s referral.Send, state referral.State) {
	k.t.Helper()
	if s.State != state || k.sim.Count() != 1 || k.posts() != 1 {
		k.t.Errorf("state %s with %s, %d referrals, %d posts; want %s, 1, 1", s.State,
			s.Outcome.Kind, k.sim.Count(), k.posts(), state)
	}
}

// TestSecondJobLeavesARunningAttemptAlone gives a send another job while the first one waits for
// Microsoft's answer, as a rescue does.
func TestSecondJobLeavesARunningAttemptAlone(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	k.must(k.jobs.Enqueue(t.Context(), s.ID))
	time.Sleep(300 * time.Millisecond)
	if got := k.load(s.ID); got.State != referral.Sending {
		t.Errorf("state %s while the attempt runs", got.State)
	}
	close(goOn)
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestAnswerAfterARestart starts a second process while the first one, which is stopping, still
// waits for Microsoft's answer. The second takes the attempt for dead; the answer counts all the
// same, though no list shows the referral.
func TestAnswerAfterARestart(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	began, goOn := k.slowly()
	k.hideNew(time.Hour)
	k.start()
	s := k.submit(k.draft())
	<-began
	first := k.store
	k.open()
	k.start()
	k.wait(s.ID, in(referral.Unknown))
	close(goOn)
	s = k.wait(s.ID, in(referral.Accepted))
	k.wantOne(s, referral.Accepted)
	if s.LastAttempt().Answer.Status != http.StatusCreated {
		t.Errorf("stored answer %+v", s.LastAttempt().Answer)
	}
	if first == k.store {
		t.Fatal("there is one process only")
	}
}

// TestRefusalOfAnEarlierAttempt has Microsoft refuse an attempt that another process took for dead, while
// the next one is under way: it says nothing of that one.
func TestRefusalOfAnEarlierAttempt(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	began, refuse, goOn := make(chan struct{}, 10), make(chan struct{}), make(chan struct{})
	var posts atomic.Int32
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		first := posts.Add(1) == 1
		began <- struct{}{}
		if !first {
			<-goOn
			return k.api.Client.Create(ctx, call, body)
		}
		<-refuse
		return nil, &partnercenter.Error{
			Exchange: partnercenter.Exchange{Status: http.StatusBadRequest, Sent: true}}
	}
	k.start()
	s := k.submit(k.draft())
	<-began
	k.open()
	k.start()
	k.wait(s.ID, outcome(referral.OutcomeNotFound))
	k.must(k.jobs.Again(t.Context(), k.rep.Caller(), s.ID))
	<-began
	close(refuse)
	time.Sleep(300 * time.Millisecond)
	if got := k.load(s.ID); got.State != referral.Sending {
		t.Errorf("state %s while the second attempt runs", got.State)
	}
	close(goOn)
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestCancelAgainstTheWorker lets the rep stop a send at the moment when a worker begins it: one of
// the two wins.
func TestCancelAgainstTheWorker(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.start()
	for range 20 {
		s := k.submit(k.draft())
		_, err := k.store.Cancel(t.Context(), k.rep.Caller(), s.ID)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			t.Fatal(err)
		}
		want := referral.Cancelled
		if err != nil {
			want = referral.Accepted
		}
		k.wait(s.ID, in(want))
	}
}

// TestStoreFailsAfterThePost makes the database refuse the answer for a while.
func TestStoreFailsAfterThePost(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.hideNew(time.Hour)
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	k.exec(`CREATE TRIGGER full BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'full'); END`)
	close(goOn)
	time.Sleep(500 * time.Millisecond)
	k.exec(`DROP TRIGGER full`)
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

func (k *kit) exec(statement string, args ...any) {
	k.t.Helper()
	if _, err := k.store.Writer().ExecContext(k.t.Context(), statement, args...); err != nil {
		k.t.Fatal(err)
	}
}

// TestStoredThough503 lets Microsoft store a referral and then ask to come back later.
func TestStoredThough503(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		answer, err := k.api.Client.Create(ctx, call, body)
		if err != nil {
			return nil, err
		}
		x := answer.Exchange
		x.Status = http.StatusServiceUnavailable
		return nil, &partnercenter.Error{Exchange: x, Code: "serviceNotAvailable",
			RetryAfter: 10 * time.Millisecond}
	}
	k.hideNew(200 * time.Millisecond)
	k.start()
	s := k.submit(k.draft())
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}

// TestStoppedAndSentAnew stops a send that Microsoft stored though it said 503, changes the draft
// and sends that. The new send finds the deal instead of doubling it.
func TestStoppedAndSentAnew(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.HTML, Method: "POST"})
	create := k.api.Client.Create
	k.api.create = func(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error) {
		answer, err := create(ctx, call, body)
		var e *partnercenter.Error
		if errors.As(err, &e) {
			e.Status, e.RetryAfter = http.StatusServiceUnavailable, time.Hour
		}
		return answer, err
	}
	k.start()
	draft := k.draft()
	s := k.submit(draft)
	k.wait(s.ID, in(referral.Waiting))
	_, err := k.store.Cancel(t.Context(), k.rep.Caller(), s.ID)
	k.must(err)
	d, err := k.store.Draft(t.Context(), k.rep.Caller(), draft.DraftID)
	k.must(err)
	d.Answers.Name = "Another name"
	d, err = k.store.SaveDraft(t.Context(), k.rep.Caller(), d)
	k.must(err)
	draft.Revision, draft.Name = d.Revision, d.Answers.Name
	draft.Body = bytes.ReplaceAll(draft.Body, []byte(s.Name), []byte(draft.Name))
	k.wantOne(k.wait(k.submit(draft).ID, in(referral.Accepted)), referral.Accepted)
}

// TestConditionalAccess does not hammer a service that a fresh token does not satisfy.
func TestConditionalAccess(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	posts := 0
	k.api.create = func(
		context.Context, partnercenter.Call, []byte,
	) (*partnercenter.Answer, error) {
		posts++
		return nil, &partnercenter.Error{Numeric: 900309,
			Exchange: partnercenter.Exchange{Status: http.StatusForbidden, Sent: true}}
	}
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.NeedsSignIn))
	time.Sleep(100 * time.Millisecond)
	_, fresh, err := k.jobs.SignInDemand(t.Context(), k.rep.Caller())
	if err != nil || !fresh || posts != 1 {
		t.Errorf("%d posts, fresh %v, %v", posts, fresh, err)
	}
}

// TestRefusedTokenAndASecondJob has another job make the attempt with a fresh token, and Microsoft ask
// to come back later. Whose token was refused must not post in that time.
func TestRefusedTokenAndASecondJob(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.exec(`CREATE TRIGGER second AFTER UPDATE ON sends
		WHEN NEW.state = 'queued' AND OLD.state = 'sending' BEGIN
			INSERT INTO attempts (send_id, number, request_id, correlation_id, started_at, sent_at,
				ended_at, status)
			VALUES (NEW.id, 2, 'r', 'c', NEW.updated_at, NEW.updated_at, NEW.updated_at, 503);
			UPDATE sends SET state = 'waiting', wait_until = NEW.updated_at + 3600000000
			WHERE id = NEW.id;
		END`)
	k.fail(practice.Fault{Kind: practice.Token, Method: "POST"})
	k.start()
	s := k.submit(k.draft())
	k.wait(s.ID, in(referral.Waiting))
	time.Sleep(300 * time.Millisecond)
	if s = k.load(s.ID); s.State != referral.Waiting || k.posts() != 1 {
		t.Errorf("%s after %d attempts, %d posts", s.State, len(s.Attempts), k.posts())
	}
}

// TestSignedOutDuringASend ends the rep's sign-in while Microsoft works on the send. The look-up
// goes on after the next sign-in.
func TestSignedOutDuringASend(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
	began, goOn := k.slowly()
	k.start()
	s := k.submit(k.draft())
	<-began
	k.tokens.fail(&jobs.SignInError{Claims: `{"access_token":{}}`})
	close(goOn)
	s = k.wait(s.ID, outcome(referral.OutcomeLookupError))
	claims, _, err := k.jobs.SignInDemand(t.Context(), k.rep.Caller())
	if err != nil || claims == "" {
		t.Errorf("claims %q, %v", claims, err)
	}
	k.tokens.fail(nil)
	k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
	k.wantOne(k.wait(s.ID, in(referral.Accepted)), referral.Accepted)
}
