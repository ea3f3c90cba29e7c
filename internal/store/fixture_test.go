package store_test

import (
	"context"
	"database/sql"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

const (
	rawAnswer = `{"id":"remote"}`
	rawBody   = `{"name":"Contoso Azure migration"}`
)

// enqueued is an Enqueue that does nothing.
func enqueued(context.Context, *sql.Tx, string) error { return nil }

// draft creates a draft of the given name for Contoso.
func (w *world) draft(t testing.TB, c referral.Caller, name string) referral.Draft {
	t.Helper()
	d := referral.NewDraft(referral.CoSell, referral.User{GivenName: "Ana"}, referral.Last{})
	d.Answers.Name, d.Answers.CustomerProfile.Name = name, "Contoso"
	return must(w.CreateDraft(t.Context(), c, d))(t)
}

func ownSend(d referral.Draft) referral.Send {
	return referral.Send{Kind: referral.Own, DraftID: d.ID, Revision: d.Revision,
		Name: d.Answers.Name, Customer: d.Answers.CustomerProfile.Name,
		ExternalReferenceID: d.Stamp(), Body: []byte(rawBody), Consent: d.Receipt}
}

func microsoftSend(own referral.Send) referral.Send {
	return referral.Send{Kind: referral.Microsoft, ReferralID: own.ReferralID, Name: own.Name,
		Customer: own.Customer, ExternalReferenceID: own.ExternalReferenceID,
		Body: []byte(rawBody)}
}

// queued makes a send due.
func (w *world) queued(t testing.TB, c referral.Caller, s referral.Send) referral.Send {
	t.Helper()
	out, created, err := w.Queue(t.Context(), c, s, enqueued)
	if err != nil || !created {
		t.Fatalf("Queue: created %v, %v", created, err)
	}
	return out
}

// sending makes a send due and starts its first attempt.
func (w *world) sending(t testing.TB, c referral.Caller, s referral.Send) referral.Send {
	t.Helper()
	return must(w.StartAttempt(t.Context(), w.queued(t, c, s).ID, referral.Attempt{
		RequestID: "request", CorrelationID: "correlation"}))(t)
}

// ended records a state for a send whose attempt has started and returns the send.
func (w *world) ended(
	t testing.TB, s referral.Send, state referral.State, kind referral.OutcomeKind,
) referral.Send {
	t.Helper()
	w.record(t, s.ID, store.Result{From: []referral.State{referral.Sending}, State: state,
		Outcome: referral.Outcome{Kind: kind}})
	return must(w.Job(t.Context(), s.ID))(t)
}

func (w *world) record(t testing.TB, id string, r store.Result) {
	t.Helper()
	if err := w.Record(t.Context(), id, r); err != nil {
		t.Fatal(err)
	}
}

// accepted sends a draft and returns the send once its referral exists.
func (w *world) accepted(t testing.TB, c referral.Caller, d referral.Draft) referral.Send {
	t.Helper()
	return w.accept(t, w.sending(t, c, ownSend(d)), "remote-"+d.ID)
}

// accept ends a started attempt with a referral of the given id at Microsoft.
func (w *world) accept(t testing.TB, s referral.Send, remoteID string) referral.Send {
	t.Helper()
	w.record(t, s.ID, store.Result{
		From: []referral.State{referral.Sending}, State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
		Attempt: &referral.Attempt{SentAt: w.clock.Now(), Answer: referral.Answer{Status: 201,
			Headers: map[string]string{"Request-Id": "r1"}, Body: []byte(rawAnswer)}},
		Referral: &referral.Referral{RemoteID: remoteID, EngagementID: "engagement-" + s.DraftID,
			Deal: referral.CoSell, Name: s.Name, Customer: s.Customer, Status: "New",
			Substatus: "Pending", DealValue: "50000.5", Currency: "USD", Raw: []byte(rawAnswer)},
		Detail: "HTTP 201",
	})
	return must(w.Job(t.Context(), s.ID))(t)
}
