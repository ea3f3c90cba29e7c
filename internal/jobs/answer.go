package jobs

import (
	"errors"

	"github.com/google/uuid"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// requestID returns the idempotency id for an attempt: that of the last one if it got no answer,
// else a new one.
func requestID(send referral.Send) string {
	last := send.LastAttempt()
	if last.RequestID != "" && last.Answer.Status == 0 {
		return last.RequestID
	}
	return uuid.NewString()
}

// result turns Microsoft's answer into what is stored. An answer overrides the state that was set
// by a worker that took this one for dead. An answer that the referral exists overrides any later
// state.
func (s *sender) result(
	send referral.Send, answer *partnercenter.Answer, err error,
) store.Result {
	r := store.Result{From: []referral.State{referral.Sending, referral.Unknown},
		Attempts: len(send.Attempts)}
	if err == nil {
		ended := s.ended(send, answer.Exchange)
		found := fromWire(answer.Referral, send.Body)
		r.From = append(r.From, referral.Queued, referral.Waiting, referral.NeedsSignIn)
		r.State, r.Attempt, r.Referral = referral.Accepted, &ended, &found
		r.Outcome = referral.Outcome{Kind: referral.OutcomeAccepted, Status: answer.Status}
		return r
	}
	failed := asError(err)
	ended := s.ended(send, failed.Exchange)
	v := interpret(failed, send)
	r.State, r.Outcome, r.Attempt = v.state, v.outcome, &ended
	if v.state == referral.Waiting {
		if ended.Doubtful() {
			// A look-up precedes the next attempt, and can find nothing before that time.
			v.wait = max(v.wait, s.settle)
		}
		r.WaitUntil = s.now().Add(v.wait)
	}
	return r
}

// asError returns the client's error. Any other error counts as one of a request that may have been
// processed.
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
	switch {
	case x.Sent && x.Wrote.IsZero():
		a.SentAt = a.StartedAt // it was sent, but when is not known
	case x.Sent:
		a.SentAt = a.EndedAt.Add(-x.Answered.Sub(x.Wrote))
	}
	a.Answer = referral.Answer{Status: x.Status, Headers: headers(x), Body: x.Raw}
	return a
}

// headers returns the headers that support asks for, under their own names.
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
