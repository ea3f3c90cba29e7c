package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// sender makes attempts and looks up what came of them.
type sender struct {
	store  *store.Store
	api    API
	tokens Tokens
	now    func() time.Time
	settle time.Duration
}

// storeTimeout bounds the storing of an answer, which goes on when the job was told to stop.
const storeTimeout = 20 * time.Second

// tokenWait is how long a send waits when the sign-in provider does not answer.
const tokenWait = 30 * time.Second

// interrupted records that an attempt was begun and nobody knows what came of it.
func (s *sender) interrupted(ctx context.Context, sendID string) error {
	return s.store.Record(ctx, sendID, store.Result{
		From: []referral.State{referral.Sending}, State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown},
		Detail:  "Tandem stopped before Microsoft’s answer was stored",
	})
}

// attempt posts the send once, or twice when the first token is refused: a 401 means that nothing
// was processed.
func (s *sender) attempt(ctx context.Context, send referral.Send) error {
	token, err := s.tokens.AccessToken(ctx, send.OwnerID)
	if err != nil {
		return s.withoutToken(ctx, send, err)
	}
	renewed, err := s.post(ctx, send, token)
	if err != nil || !renewed {
		return err
	}
	fresh, err := s.tokens.Renew(ctx, send.OwnerID, token)
	if err != nil {
		return s.withoutToken(ctx, send, err)
	}
	send, err = s.store.Job(ctx, send.ID)
	if err != nil {
		return err
	}
	_, err = s.post(ctx, send, fresh)
	return err
}

func (s *sender) withoutToken(ctx context.Context, send referral.Send, err error) error {
	r := store.Result{From: []referral.State{referral.Queued, referral.Waiting}}
	var signIn *SignInError
	if errors.As(err, &signIn) {
		r.State = referral.NeedsSignIn
		r.Outcome = referral.Outcome{Kind: referral.OutcomeSignIn, Claims: signIn.Claims}
	} else {
		r.State, r.WaitUntil = referral.Waiting, s.now().Add(tokenWait)
		r.Outcome = referral.Outcome{Kind: referral.OutcomeUnavailable}
		r.Detail = "the sign-in service does not answer"
	}
	return s.store.Record(ctx, send.ID, r)
}

// post commits the attempt, posts the body and stores what came of it. It reports whether the
// token was refused for the first time, in which case the send is queued again.
func (s *sender) post(ctx context.Context, send referral.Send, token string) (bool, error) {
	began := s.now()
	send, err := s.store.StartAttempt(ctx, send.ID, referral.Attempt{
		RequestID: requestID(send), CorrelationID: uuid.NewString(), StartedAt: began,
	})
	if err != nil {
		return false, err
	}
	attempt := send.LastAttempt()
	answer, err := s.api.Create(ctx, partnercenter.Call{Token: token,
		RequestID: attempt.RequestID, CorrelationID: attempt.CorrelationID}, send.Body)
	r := s.result(send, answer, err)
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	return r.State == referral.Queued, s.store.Record(keep, send.ID, r)
}

// requestID is the idempotency id: that of the last attempt when it got no answer, else a new one.
func requestID(send referral.Send) string {
	last := send.LastAttempt()
	if last.RequestID != "" && last.Answer.Status == 0 {
		return last.RequestID
	}
	return uuid.NewString()
}

// result turns Microsoft's answer into what is stored.
func (s *sender) result(
	send referral.Send, answer *partnercenter.Answer, err error,
) store.Result {
	r := store.Result{From: []referral.State{referral.Sending}}
	if err == nil {
		ended := s.ended(send, answer.Exchange)
		found := fromWire(answer.Referral, send.Body)
		r.State, r.Attempt, r.Referral = referral.Accepted, &ended, &found
		r.Outcome = referral.Outcome{Kind: referral.OutcomeAccepted, Status: answer.Status}
		return r
	}
	failed := asError(err)
	ended := s.ended(send, failed.Exchange)
	v := interpret(failed, send)
	r.State, r.Outcome, r.Attempt = v.state, v.outcome, &ended
	if v.state == referral.Waiting {
		r.WaitUntil = s.now().Add(v.wait)
	}
	return r
}

// asError returns the client's error; anything else counts as "it may have been processed".
func asError(err error) *partnercenter.Error {
	var failed *partnercenter.Error
	if errors.As(err, &failed) {
		return failed
	}
	return &partnercenter.Error{Exchange: partnercenter.Exchange{Sent: true}, Err: err}
}

func (s *sender) ended(send referral.Send, x partnercenter.Exchange) referral.Attempt {
	a := send.LastAttempt()
	a.EndedAt = s.now()
	if !x.Wrote.IsZero() {
		a.SentAt = a.EndedAt.Add(-x.Answered.Sub(x.Wrote))
	}
	a.Answer = referral.Answer{Status: x.Status, Headers: headers(x), Body: x.Raw}
	return a
}

// headers keeps those that support asks for, under the names of the wire.
func headers(x partnercenter.Exchange) map[string]string {
	out := map[string]string{}
	for name, value := range map[string]string{
		"request-id": x.RequestID, "client-request-id": x.ClientRequestID,
		"x-ms-ags-diagnostic": x.Diagnostic, "timestamp": x.Timestamp,
		"ETag": x.ETag, "Date": x.Date, "Content-Type": x.ContentType,
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}
