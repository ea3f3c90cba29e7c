package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestOutcomePages(t *testing.T) {
	const (
		signIn = "Microsoft needs you to sign in again"
		fault  = "There is a problem with this service"
	)
	check := "Check your answers"
	tests := []struct {
		kind    referral.OutcomeKind
		state   referral.State
		title   string
		text    string
		buttons []string
	}{
		{referral.OutcomeInvalid, referral.Rejected, "Microsoft did not accept this referral",
			"We could not tell which answer is wrong. Send the details below to support.",
			[]string{check}},
		{referral.OutcomeSignIn, referral.NeedsSignIn, signIn, "Your sign-in ran out",
			[]string{"Sign in and send", "Stop waiting"}},
		{referral.OutcomeMFA, referral.NeedsSignIn, signIn,
			"Your organisation requires a second sign-in step.",
			[]string{"Sign in and send", "Stop waiting"}},
		{referral.OutcomeForbidden, referral.Rejected, "Your account cannot create referrals",
			"Ask your Partner Center administrator for the Referrals admin role. Your draft is saved.",
			[]string{check, "Try again"}},
		{referral.OutcomeOurFault, referral.Rejected, fault, "Your draft is saved.",
			[]string{check}},
		{referral.OutcomeConflict, referral.Rejected, "Someone else changed this referral",
			"Nothing was created.", []string{check, "Try again"}},
		{referral.OutcomeTooLarge, referral.Rejected, "This referral is too large",
			"Shorten the notes.", []string{check}},
		{referral.OutcomeBusy, referral.Rejected, "Someone else is changing this engagement",
			"Try again in a few minutes.", []string{"Try again", check}},
		{referral.OutcomeLimited, referral.Waiting, "Microsoft limits requests",
			"We send again at 14:42 UTC.", []string{"Stop waiting"}},
		{referral.OutcomeLimited, referral.Rejected, "Microsoft limits requests",
			"Try again later.", []string{"Try again", check}},
		{referral.OutcomeUnavailable, referral.Waiting, "Microsoft’s service is not available",
			"We send again at 14:42 UTC.", []string{"Stop waiting"}},
		{referral.OutcomeUnavailable, referral.Rejected, "Microsoft’s service is not available",
			"Your draft is saved.", []string{"Try again", check}},
		{referral.OutcomeUnknown, referral.Unknown, "We do not know if Microsoft received this",
			"Check first, so it is not created twice.",
			[]string{"Check with Microsoft", "Decide later"}},
		{referral.OutcomeNotFound, referral.Unknown, "Microsoft does not have it",
			"You can send it again.", []string{"Send again", "Do not send it", "Decide later"}},
		{referral.OutcomeLookupError, referral.Unknown, "We could not check with Microsoft",
			"Your referral may already exist.", []string{"Check with Microsoft", "Decide later"}},
		{referral.OutcomeEnded, referral.Unknown, "An administrator ended this send",
			"It is never sent again", []string{}},
		{referral.OutcomeEnded, referral.Cancelled, "An administrator ended this send",
			"Nothing was created at Microsoft.", []string{check}},
		{"", referral.Cancelled, "You stopped this send", "Microsoft may have received it before.",
			[]string{check}},
	}
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	for _, tt := range tests {
		t.Run(string(tt.kind)+" "+string(tt.state), func(t *testing.T) {
			s := priya.queue(contoso())
			site.attempt(s.ID, store.Result{State: tt.state,
				WaitUntil: time.Date(2026, 11, 22, 14, 42, 10, 0, time.UTC),
				Outcome:   referral.Outcome{Kind: tt.kind, Status: 500, Message: "<b>no</b>"}})
			page := priya.page("/sends/"+s.ID, http.StatusOK)
			if got := page.Text("h1"); got != tt.title {
				t.Errorf("title %q, want %q", got, tt.title)
			}
			if got := page.Text(".app-note"); !strings.Contains(got, tt.text) {
				t.Errorf("%q is not in %q", tt.text, got)
			}
			if diff := cmp.Diff(tt.buttons, page.Texts(".actions .ds-button")); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
			tech := page.Text("#technical")
			for _, want := range []string{"MS-RequestId: 5d2f4b0e", "HTTP status: 500",
				"Message: <b>no</b>", "request-id: srv-1", "(UTC)", `{"error":{"code":"x"}}`} {
				if !strings.Contains(tech, want) {
					t.Errorf("technical details lack %q: %s", want, tech)
				}
			}
		})
	}
}

func TestLookUpThatNeedsASignIn(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	site.attempt(s.ID, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeLookupError, Status: 401}})
	page := priya.page("/sends/"+s.ID, http.StatusOK)
	if diff := cmp.Diff([]string{"Sign in", "Decide later"},
		page.Texts(".actions .ds-button")); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
}

func TestSignInAndSend(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	site.attempt(s.ID, store.Result{State: referral.NeedsSignIn,
		Outcome: referral.Outcome{Kind: referral.OutcomeMFA, Status: 401}})
	page := priya.page("/sends/"+s.ID, http.StatusOK)
	if got := page.Value("return_to"); got != "/sends/"+s.ID {
		t.Errorf("return_to %q", got)
	}
	page.One(`form[method="post"][action="/auth/sign-in"]`)

	site.sender.claims, site.sender.fresh = `{"access_token":{}}`, true
	priya.post("/auth/sign-in", url.Values{"return_to": {"/sends/" + s.ID}}).
		leadsTo("https://login.example/authorize")
	want := auth.Request{ReturnTo: "/sends/" + s.ID, Claims: `{"access_token":{}}`, Fresh: true}
	if diff := cmp.Diff(want, site.provider.asked); diff != "" {
		t.Errorf("asked of the provider (-want +got):\n%s", diff)
	}
}

// TestUnclearAnswer does not say that the connection closed when Microsoft answered.
func TestUnclearAnswer(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	_, err := site.StartAttempt(t.Context(), s.ID, referral.Attempt{RequestID: "r-1"})
	site.must(err)
	now := site.clock.Now()
	site.must(site.Record(t.Context(), s.ID, store.Result{State: referral.Unknown,
		From: []referral.State{referral.Sending},
		Attempt: &referral.Attempt{SentAt: now, EndedAt: now,
			Answer: referral.Answer{Status: http.StatusBadGateway}},
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown}}))
	got := priya.page("/sends/"+s.ID, http.StatusOK).Text("main")
	if strings.Contains(got, "connection closed") || !strings.Contains(got, "did not say whether") {
		t.Errorf("the page says %q", got)
	}
}

func TestTimelineTellsHowLongMicrosoftWasSilent(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	tests := []struct {
		silent time.Duration
		text   string
	}{
		{40 * time.Millisecond, "The connection closed before Microsoft answered"},
		{30 * time.Second, "No answer after 30 seconds"},
	}
	for _, tt := range tests {
		s := priya.queue(contoso())
		_, err := site.StartAttempt(t.Context(), s.ID, referral.Attempt{RequestID: "r-1"})
		site.must(err)
		now := site.clock.Now()
		site.must(site.Record(t.Context(), s.ID, store.Result{State: referral.Unknown,
			From:    []referral.State{referral.Sending},
			Attempt: &referral.Attempt{SentAt: now.Add(-tt.silent), EndedAt: now},
			Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}}))
		page := priya.page("/sends/"+s.ID, http.StatusOK)
		want := []string{"Draft locked", "Sent to Microsoft", tt.text,
			"Asked Microsoft: it is not there"}
		if diff := cmp.Diff(want, page.Texts(".tl strong")); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
		if got := page.Text(".sheet .caption"); got != s.Name {
			t.Errorf("the page is about %q", got)
		}
	}
}

func TestSendProgress(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	page := priya.page("/sends/"+s.ID, http.StatusOK)
	if got := page.Text("h1"); got != "Sending your referral" {
		t.Errorf("title %q", got)
	}
	if got := page.Text("[role=status].lead"); got !=
		"You can close this page. Sending continues." {
		t.Errorf("status %q", got)
	}
	if got := page.All("noscript").Text(); !strings.Contains(got, `http-equiv="refresh" content="2"`) {
		t.Errorf("noscript %q", got)
	}
	poll := page.Attr("#send", "hx-get")
	w := priya.poll(poll)
	sound(w, http.StatusOK).One("#send[hx-get]")
	site.attempt(s.ID, store.Result{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeBusy, Status: 423}})
	w = priya.poll(poll)
	if got := w.header.Get("HX-Redirect"); w.status != http.StatusOK || got != "/sends/"+s.ID {
		t.Errorf("a finished send answers %d, HX-Redirect %q", w.status, got)
	}
}

func TestWaitingSendIsAskedQuietly(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	site.attempt(s.ID, store.Result{State: referral.Waiting,
		WaitUntil: site.clock.Now().Add(time.Minute),
		Outcome:   referral.Outcome{Kind: referral.OutcomeLimited, Status: 429}})
	poll := priya.page("/sends/"+s.ID, http.StatusOK).Attr("#send", "hx-get")
	if w := priya.poll(poll); w.status != http.StatusNoContent {
		t.Errorf("an unchanged send answers %d", w.status)
	}
	priya.post("/sends/"+s.ID+"/cancel", nil).leadsTo("/sends/" + s.ID)
	if w := priya.poll(poll); w.header.Get("HX-Redirect") == "" {
		t.Error("a stopped send is not noticed")
	}
	// A second click finds the send stopped and says so.
	priya.post("/sends/"+s.ID+"/cancel", nil).leadsTo("/sends/" + s.ID)
	note := priya.page("/sends/"+s.ID, http.StatusOK).Text(".app-note")
	if !strings.Contains(note, "Nothing was created at Microsoft.") {
		t.Errorf("a send that was stopped while it waited: %q", note)
	}
}

func TestSendWaitsForTheAnswer(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	done := make(chan struct{})
	go func() {
		defer close(done)
		time.Sleep(200 * time.Millisecond)
		site.attempt(s.ID, store.Result{State: referral.Accepted,
			Outcome:  referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
			Referral: accepted(remoteID, contoso())})
	}()
	w := priya.get("/sends/" + s.ID)
	<-done
	sent, err := site.Send(t.Context(), priya.caller(), s.ID)
	site.must(err)
	w.leadsTo("/referrals/" + sent.ReferralID + "/sent")
}

func TestSendActions(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	priya.post("/sends/"+s.ID+"/check", nil).leadsTo("/sends/" + s.ID)
	priya.post("/sends/"+s.ID+"/again", nil).leadsTo("/sends/" + s.ID)
	site.sender.err = referral.ErrConflict
	priya.post("/sends/"+s.ID+"/again", nil).leadsTo("/sends/" + s.ID)
	priya.post("/sends/"+s.ID+"/check", nil).leadsTo("/sends/" + s.ID)
	if diff := cmp.Diff([]string{s.ID, s.ID}, site.sender.lookedUp); diff != "" {
		t.Errorf("looked up (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{s.ID, s.ID}, site.sender.again); diff != "" {
		t.Errorf("sent again (-want +got):\n%s", diff)
	}
}

// TestOthersSeeNothing tries every page of a send and a referral as another rep.
func TestOthersSeeNothing(t *testing.T) {
	site := newSendSite(t)
	priya, mallory := site.rep("Priya Raman", false), site.rep("Mallory Other", false)
	s, r := priya.sent(contoso())
	for _, path := range []string{"/sends/" + s, "/referrals/" + r, "/referrals/" + r + "/sent",
		"/referrals/" + r + "/response", "/referrals/" + r + "/response.json",
		"/referrals/" + r + "/connect", "/referrals/" + r + "/connect/check"} {
		mallory.page(path, http.StatusNotFound)
	}
	site.sender.err = referral.ErrNotFound
	for _, path := range []string{"/sends/" + s + "/check", "/sends/" + s + "/again",
		"/sends/" + s + "/cancel", "/referrals/" + r + "/connect",
		"/referrals/" + r + "/connect/send"} {
		mallory.submit(path, url.Values{"go": {"continue"}}, http.StatusNotFound)
	}
	site.sender.err = nil
	admin := site.rep("Ada Admin", true)
	admin.submit("/referrals/"+r+"/connect", nil, http.StatusForbidden)
	other := priya.queue(contoso())
	site.attempt(other.ID, store.Result{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeBusy}})
	page := admin.page("/sends/"+other.ID, http.StatusOK)
	page.None(".actions")
	if got := page.Text(".after"); got != "Only Priya Raman can go on with it." {
		t.Errorf("an admin reads %q", got)
	}
}
