package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// sender makes attempts and looks up their results.
type sender struct {
	store  *store.Store
	api    API
	tokens Tokens
	now    func() time.Time
	log    *slog.Logger
	trace  Tracer // may be nil
	lease  *lease
	// See Config.
	settle, callTimeout time.Duration
}

// Storing an answer goes on after the job was told to stop, for storeTimeout, and is repeated every
// storeEvery.
const (
	storeTimeout = 20 * time.Second
	storeEvery   = 200 * time.Millisecond
)

// haltedAfter is how long after its commit an attempt may begin its request: half of what others
// wait, beyond the longest call, before they say that there is nothing.
const haltedAfter = 10 * time.Second

// tokenWait is how long a send waits when the sign-in provider does not answer.
const tokenWait = 30 * time.Second

// grace is how much longer the worker of the newest attempt may still be running; zero once it must
// have died. If a clock was set back, it is zero as well. Whoever waits for that worker checks
// every lookUpEvery whether the attempt is over, because his job may become the send's only one.
func (s *sender) grace(send referral.Send) time.Duration {
	age := s.now().Sub(send.LastAttempt().StartedAt)
	if age < 0 {
		return 0
	}
	return max(s.callTimeout+storeTimeout-age, 0)
}

// interrupted records that the result of an attempt is not known, and adds the job that looks it up
// unless the present job does. lost is a time at which the call had ended, zero when that is not
// known.
func (s *sender) interrupted(
	ctx context.Context, send referral.Send, lost time.Time, enqueue store.Enqueue,
) error {
	return s.store.Record(ctx, send.ID, store.Result{
		From: []referral.State{referral.Sending}, State: referral.Unknown,
		Attempts: len(send.Attempts), LostAt: lost, Enqueue: enqueue,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown},
		Detail:  "Tandem stopped before Microsoft’s answer was stored",
	})
}

// giveUp ends a send that its job failed to advance.
func (s *sender) giveUp(ctx context.Context, sendID string) error {
	send, err := s.store.Job(ctx, sendID)
	if err != nil || !send.State.Running() && !send.LookingUp() {
		return err
	}
	r := store.Result{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeOurFault},
		Detail:  "Tandem could not send it"}
	if send.InDoubt() {
		r.State, r.Outcome.Kind = referral.Unknown, referral.OutcomeLookupError
		r.Detail = "Tandem could not look it up"
	}
	return s.settled(ctx, send, r)
}

// settled records a result, provided that the send is still as it was read.
func (s *sender) settled(ctx context.Context, send referral.Send, r store.Result) error {
	r.From, r.Attempts = []referral.State{send.State}, len(send.Attempts)
	err := s.store.Record(ctx, send.ID, r)
	if err == nil {
		s.logSettled(send, r.Outcome, r.State)
	}
	return err
}

// attempt posts the send once, or twice when the first token is refused: a 401 means that nothing
// was processed. If an earlier attempt may have created the deal's referral, it looks for that
// first. It reports whether the send was accepted.
func (s *sender) attempt(ctx context.Context, send referral.Send) (accepted bool, err error) {
	token, err := s.tokens.AccessToken(ctx, send.OwnerID)
	if err != nil {
		return false, s.withoutToken(ctx, send, err)
	}
	if settled, err := s.lookFirst(ctx, send, token); settled || err != nil {
		return false, err
	}
	to, err := s.post(ctx, send, token)
	return s.renewed(ctx, send, token, to, err)
}

// begun is attempt for a send that was stored with its first attempt.
func (s *sender) begun(ctx context.Context, t inHand) (accepted bool, err error) {
	to, err := s.call(ctx, t.send, t.token, t.life)
	return s.renewed(ctx, t.send, t.token, to, err)
}

// renewed posts once more with another token if the first was refused, which the state Queued says.
func (s *sender) renewed(
	ctx context.Context, send referral.Send, token string, to referral.State, err error,
) (accepted bool, _ error) {
	if err != nil || to != referral.Queued {
		return to == referral.Accepted, err
	}
	send, err = s.store.Job(ctx, send.ID)
	if err == nil && send.State != referral.Queued {
		err = referral.ErrConflict // another job went on with it
	}
	if err != nil {
		return false, err
	}
	fresh, err := s.tokens.Renew(ctx, send.OwnerID, token)
	if err != nil {
		return false, s.withoutToken(ctx, send, err)
	}
	_, err = s.post(ctx, send, fresh)
	return false, err
}

func (s *sender) withoutToken(ctx context.Context, send referral.Send, err error) error {
	s.logNoToken(send, err)
	var signIn *SignInError
	if errors.As(err, &signIn) {
		return s.settled(ctx, send, store.Result{State: referral.NeedsSignIn,
			Outcome: referral.Outcome{Kind: referral.OutcomeSignIn, Claims: signIn.Claims}})
	}
	return s.settled(ctx, send, store.Result{State: referral.Waiting,
		WaitUntil: s.now().Add(tokenWait),
		Outcome:   referral.Outcome{Kind: referral.OutcomeUnavailable},
		Detail:    "the sign-in service does not answer"})
}

// post commits the attempt, posts the body and stores the result. It returns the send's state after
// that, which is Queued when the token was refused for the first time.
func (s *sender) post(
	ctx context.Context, send referral.Send, token string,
) (referral.State, error) {
	life := s.lease.current()
	send, err := s.store.StartAttempt(ctx, send.ID, newAttempt(send, life))
	if err != nil {
		return "", err
	}
	return s.call(ctx, send, token, life)
}

// newAttempt is the next attempt of a send. The store refuses it if there is one more by now.
func newAttempt(send referral.Send, in life) referral.Attempt {
	return referral.Attempt{Number: len(send.Attempts) + 1, RequestID: requestID(send),
		CorrelationID: uuid.NewString(), Replica: in.id}
}

// call carries out the attempt that was just committed and stores the result. It returns the send's
// state after that.
func (s *sender) call(
	ctx context.Context, send referral.Send, token string, in life,
) (referral.State, error) {
	call, end := in.bound(ctx)
	defer end()
	answer, err := s.create(call, send, token)
	r := s.result(send, answer, err)
	if errors.Is(err, errHalted) {
		r.From = []referral.State{referral.Sending} // whoever looked it up since has the say
	}
	s.logAttempt(send, r)
	return r.State, s.keep(ctx, send, r)
}

var errHalted = errors.New("halted before the request")

// create posts the body, unless the process was halted since the attempt was committed, for so long
// that others may count on it that nothing is posted any more.
func (s *sender) create(
	ctx context.Context, send referral.Send, token string,
) (*partnercenter.Answer, error) {
	attempt := send.LastAttempt()
	if s.now().Sub(attempt.StartedAt) > haltedAfter {
		return nil, &partnercenter.Error{Op: "create referral", Err: errHalted}
	}
	return s.api.Create(ctx, partnercenter.Call{Token: token, RequestID: attempt.RequestID,
		CorrelationID: attempt.CorrelationID}, send.Body)
}

// keep stores the result of an attempt.
func (s *sender) keep(ctx context.Context, send referral.Send, r store.Result) error {
	err := persist(ctx, func(ctx context.Context) error { return s.store.Record(ctx, send.ID, r) })
	if errors.Is(err, referral.ErrConflict) {
		s.log.Warn("an answer came after its send was settled", "send", send.ID,
			"outcome", r.Outcome.Kind)
	}
	return err
}

// persist stores an answer. It repeats that while the store fails, because the answer is nowhere
// else.
func persist(ctx context.Context, record func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	again := time.NewTicker(storeEvery)
	defer again.Stop()
	for {
		err := record(ctx)
		if err == nil || errors.Is(err, referral.ErrConflict) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-again.C:
		}
	}
}
