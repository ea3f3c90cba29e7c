package program

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// everyState stores drafts, sends, referrals and changes of a person in all their states.
func (v *visitor) everyState(s *server) {
	v.Helper()
	for _, deal := range referral.Deals() {
		v.keep(deal, func(a referral.Answers) referral.Answers { return a })
		v.keep(deal, v.answers)
	}
	v.keep(referral.CoSell, func(a referral.Answers) referral.Answers {
		a = v.answers(a)
		a.Consent.ShareInfo = "false"
		return a
	})
	for state, kinds := range outcomes() {
		for _, kind := range kinds {
			v.tried(state, referral.Outcome{Kind: kind, Status: 400, Path: "details.currency"})
		}
	}
	v.connected(s)
}

// outcomes are those of a send, by the state that each leads to.
func outcomes() map[referral.State][]referral.OutcomeKind {
	return map[referral.State][]referral.OutcomeKind{
		referral.Rejected: {referral.OutcomeInvalid, referral.OutcomeForbidden,
			referral.OutcomeOurFault, referral.OutcomeConflict, referral.OutcomeTooLarge,
			referral.OutcomeBusy, referral.OutcomeLimited, referral.OutcomeUnavailable},
		referral.Unknown: {referral.OutcomeUnknown, referral.OutcomeNotFound,
			referral.OutcomeLookupError},
		referral.NeedsSignIn: {referral.OutcomeSignIn, referral.OutcomeMFA},
		referral.Waiting:     {referral.OutcomeLimited, referral.OutcomeUnavailable},
	}
}

// keep stores a draft with answers.
func (v *visitor) keep(
	deal referral.Deal, answers func(referral.Answers) referral.Answers,
) referral.Draft {
	v.Helper()
	d := referral.NewDraft(deal, v.user(), referral.Last{})
	d.Answers, d.Reached = answers(d.Answers), referral.StepCount
	d.Done = referral.Steps()
	d, err := v.store.CreateDraft(v.Context(), v.user().Caller(), d)
	v.must(err)
	return d
}

// user is who is signed in.
func (v *visitor) user() (u referral.User) {
	v.Helper()
	v.must(v.store.Writer().QueryRow(
		`SELECT id, given_name, family_name, email FROM users WHERE email = $1`, v.person).
		Scan(&u.ID, &u.GivenName, &u.FamilyName, &u.Email))
	return u
}

// tried stores a send that nobody carries out, with what came of it.
func (v *visitor) tried(state referral.State, outcome referral.Outcome) {
	v.Helper()
	d := v.keep(referral.CoSell, v.answers)
	body, err := referral.Payload(d.Answers, d.Stamp())
	v.must(err)
	sent, _, err := v.store.Queue(v.Context(), v.user().Caller(), referral.Send{Kind: referral.Own,
		DraftID: d.ID, Revision: d.Revision, Name: d.Answers.Name,
		Customer: d.Answers.CustomerProfile.Name, ExternalReferenceID: d.Stamp(), Body: body},
		func(context.Context, *sql.Tx, string) error { return nil })
	v.must(err)
	began := time.Now().Add(-time.Minute)
	_, err = v.store.StartAttempt(v.Context(), sent.ID, referral.Attempt{StartedAt: began,
		RequestID: "5d2f4b0e-8c1f-4a59-9f0b-1b8a5c0a1c11", CorrelationID: "b7a1c9de"})
	v.must(err)
	v.must(v.store.Record(v.Context(), sent.ID, store.Result{State: state, Outcome: outcome,
		From: []referral.State{referral.Sending}, WaitUntil: time.Now().Add(time.Hour),
		Attempt: &referral.Attempt{SentAt: began, Answer: referral.Answer{Status: outcome.Status,
			Headers: map[string]string{"request-id": "srv-1"},
			Body:    []byte(`{"error":{"code":"x"}}`)}}}))
}

// connected sends two deals for real, connects one of them with Microsoft's, and leaves the
// other with a change that met another one.
func (v *visitor) connected(s *server) {
	v.Helper()
	one := v.settled(v.submit()).ReferralID
	to := v.save("/referrals/"+one+"/connect", "inviteContext.assistanceRequestCode",
		"ProofOfConceptOrDemo", "inviteContext.notes", "We would like a specialist.")
	if !strings.HasSuffix(to, "/connect/check") {
		v.Fatalf("the wizard leads to %s", to)
	}
	v.settled(strings.TrimPrefix(v.post("/referrals/"+one+"/connect/send",
		url.Values{"rev": {"1"}}), "/sends/"))
	two := v.settled(v.submit()).ReferralID
	r, err := v.store.Referral(v.Context(), v.user().Caller(), two)
	v.must(err)
	v.must(s.practice.Simulator().Change(r.RemoteID, partnercenter.Replace("/details/notes",
		"Somebody else's words."), partnercenter.Replace("/details/dealValue", "58000")))
	v.changed(two)
	if status := v.try("/referrals/"+two+"/seen", nil); status >= http.StatusBadRequest {
		v.Errorf("marking as seen answers %d", status)
	}
}

// typedLate keeps what somebody typed on a page and posted after his session had ended.
func (v *visitor) typedLate(subject, page, form string) {
	v.Helper()
	v.must(v.store.SaveTyped(v.Context(), v.user().Caller(),
		referral.Typed{Subject: subject, Page: page, Form: form, SignedOut: true}))
}

// hard makes what is rare: a deal that is closed, one with a conflict that waits, and somebody
// else's referral. It returns pages to which no link leads.
func (v *visitor) hard(s *server) (unlinked []string) {
	v.Helper()
	closed := v.settled(v.submit()).ReferralID
	ch := v.rests(v.save("/referrals/"+closed+"/close?status=Closed%2FLost", "statusReason",
		"They stayed with paper."))
	if ch.State != referral.Accepted {
		v.Errorf("closing is %s", ch.State)
	}
	torn := v.settled(v.submit()).ReferralID
	v.fetch("/referrals/" + torn + "/edit/deal")
	r, err := v.store.Referral(v.Context(), v.user().Caller(), torn)
	v.must(err)
	v.must(s.practice.Simulator().Change(r.RemoteID,
		partnercenter.Replace("/details/notes", "Somebody else's words.")))
	ch = v.changed(torn)
	if !ch.Conflicts() {
		v.Errorf("the change met nothing: %s", ch.State)
	}
	v.typedLate(torn, "versions-"+ch.ID, "details.notes=mine&etag="+url.QueryEscape(r.ETag))
	for page, form := range map[string]string{"preferences": "phone=%2B49+30&theme=dark",
		"settings": "organizationId=msft", "settings-contacts": "email=sue",
		"settings-solutions": "name=Half+a+na&list=One%0ATwo", "settings-partner-roles-role-1": "name=Tra"} {
		v.typedLate("", page, form)
	}
	other := newVisitor(v.T, v.url, s.practice.Issuer(), v.store)
	other.signIn()
	mine := v.settled(v.submit()).ReferralID
	return []string{
		"/referrals/" + other.settled(other.submit()).ReferralID + "/status",
		"/referrals/" + mine + "/close?status=Closed%2FLost",
		"/referrals/" + mine + "/connect?changed=1",
	}
}
