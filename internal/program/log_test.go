package program

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

// transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to the log.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

// lines returns those that hold every part.
func (t *transcript) lines(parts ...string) (out []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
next:
	for line := range strings.Lines(t.text.String()) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue next
			}
		}
		out = append(out, line)
	}
	return out
}

// secrets are what this person types and what the program knows of customers and of sign-ins. All
// are words that occur nowhere else.
func secrets() []string {
	return []string{"Zubrowka", "Quillfeather", "Ottoline", "ottoline@", "555-0142", "Vexworth",
		"Marmalade", "Kringle", "9154273086", "Bearer ", "eyJ", "access_token", rep, "Priya", "Raman"}
}

// invented are answers that hold the secrets.
func invented(a referral.Answers) referral.Answers {
	a = answered(a)
	a.Name, a.CustomerProfile.Name = "Zubrowka rollout", "Quillfeather Ltd"
	a.CustomerProfile.Address.AddressLine1 = "1 Marmalade Lane"
	c := &a.CustomerProfile.Team[0]
	c.FirstName, c.LastName = "Ottoline", "Vexworth"
	c.Email, c.PhoneNumber = "ottoline@vexworth.example", "+1 425 555-0142"
	a.Details.DealValue, a.Details.Notes = "9154273086", "Kringle is the decision maker."
	return a
}

// TestLogTellsNothing sends referrals in all the ways that fail, at the most talkative level, and
// looks for what must not be in the log.
func TestLogTellsNothing(t *testing.T) {
	log := &transcript{}
	s := practiceProgram(t, world{now: time.Now, stderr: log,
		environ: []string{"TANDEM_LOG_LEVEL=debug"}})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.answers = invented
	v.signIn()
	for _, kind := range []practice.Kind{practice.Invalid, practice.InvalidField, practice.LostAnswer,
		practice.ServerError, practice.HTML, practice.BrokenJSON, practice.NoMFA, practice.Conflict,
		practice.ClaimsChallenge, practice.Token} {
		s.practice.Simulator().ClearFaults()
		v.must(s.practice.Simulator().Fail(practice.Fault{Kind: kind, Method: http.MethodPost}))
		id := v.submit()
		v.settled(id)
		v.fetch("/sends/" + id)
		v.try("/sends/"+id+"/check", nil)
		v.try("/sends/"+id+"/again", nil)
	}
	s.practice.Simulator().ClearFaults()
	sent := v.settled(v.submit())
	v.fetch("/referrals?q=Zubrowka")
	v.fetch("/referrals.csv?q=Zubrowka")
	v.fetch("/nowhere/Zubrowka?Quillfeather")
	v.fetch("/drafts/Zubrowka/customer")
	v.fetch("/referrals/" + sent.ReferralID + "/response")
	v.fetch("/auth/callback?code=Kringle&state=Kringle&error_description=Vexworth")
	v.try("/drafts/"+v.draft()+"/contacts", url.Values{"go": {"continue"},
		"customerProfile.team[0].email": {"ottoline@"}, "customerProfile.team[999].email": {"Vexworth"}})
	for _, secret := range secrets() {
		for _, line := range log.lines(secret) {
			t.Errorf("the log tells %q: %s", secret, line)
		}
	}
	if len(log.lines("level=DEBUG", "msg=request")) < 20 || len(log.lines("attempt ended")) < 10 {
		t.Error("the log does not tell what happened")
	}
}

// TestLogFollowsASend goes from the id of the page's request for a send or a change to that of
// Microsoft's answer in one line of the log, and finds the same ids on the pages that support asks
// for.
func TestLogFollowsASend(t *testing.T) {
	log := &transcript{}
	s := practiceProgram(t, world{now: time.Now, stderr: log})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	v.must(s.practice.Simulator().Fail(practice.Fault{Kind: practice.Invalid,
		Method: http.MethodPost}))
	refused := v.settled(v.submit())
	accepted := v.settled(v.submit())
	v.must(s.practice.Simulator().Fail(practice.Fault{Kind: practice.Invalid,
		Method: http.MethodPatch}))
	change := v.changed(accepted.ReferralID)
	for path, sent := range map[string]referral.Send{"/sends/" + refused.ID: refused,
		"/referrals/" + accepted.ReferralID + "/response": accepted,
		"/changes/" + change.ID:                           {Origin: change.Origin, Attempts: change.Attempts}} {
		a, page := sent.LastAttempt(), v.fetch(path)
		ids := []string{sent.Origin.RequestID, a.RequestID, a.CorrelationID,
			a.Answer.Headers["request-id"]}
		if n := len(log.lines(ids...)); n != 1 {
			t.Errorf("%s: %d lines have all of %q", path, n, ids)
		}
		for _, id := range ids {
			if id == "" || !strings.Contains(page, id) {
				t.Errorf("%s does not show %q", path, id)
			}
		}
	}
}

// both writes to two logs, of which the second may be nil.
func both(a, b io.Writer) io.Writer {
	if b == nil {
		return a
	}
	return io.MultiWriter(a, b)
}
