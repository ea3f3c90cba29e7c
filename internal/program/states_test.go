package program

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// sampleAnswers are those of Microsoft's sample, and what it leaves out.
func sampleAnswers(t testing.TB) referral.Answers {
	t.Helper()
	doc, err := os.ReadFile("../referral/testdata/seed-request.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := referral.ReadAnswers(doc)
	if err != nil {
		t.Fatal(err)
	}
	a.DealType, a.MarketplaceIntent = string(referral.CoSell), "HaveNotDecided"
	return a
}

// ready starts a co-sell draft, answers it with Microsoft's sample, and returns its path and owner.
func (b *tab) ready(s *server) (path string, owner referral.Caller) {
	b.Helper()
	b.open("/drafts/new")
	b.tick("dealType", string(referral.CoSell))
	b.press("Start")
	path = strings.TrimSuffix(eval[string](b, `location.pathname`), "/customer")
	d, err := s.store.Draft(b.Context(), referral.Caller{Admin: true},
		strings.TrimPrefix(path, "/drafts/"))
	b.must(err)
	d.Answers, d.Done, d.Reached = sampleAnswers(b), referral.Steps(), referral.StepCount
	owner = referral.Caller{UserID: d.OwnerID}
	_, err = s.store.SaveDraft(b.Context(), owner, d)
	b.must(err)
	return path, owner
}

// TestOutcomes lets the sending of one draft fail in every way, and audits the page that tells of
// it and the way back to the draft.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	const again, signIn = "Check your answers", "Microsoft needs you to sign in again"
	tests := []struct {
		fault  practice.Fault
		title  string
		button string
	}{
		{practice.Fault{Kind: practice.Invalid}, "Microsoft did not accept this referral", again},
		{practice.Fault{Kind: practice.InvalidField}, "Microsoft did not accept this referral",
			"Country or region"},
		{practice.Fault{Kind: practice.Forbidden}, "Your account cannot create referrals", again},
		{practice.Fault{Kind: practice.NotFound}, "There is a problem with this service", again},
		{practice.Fault{Kind: practice.Conflict}, "Someone else changed this referral", again},
		{practice.Fault{Kind: practice.TooLarge}, "This referral is too large", again},
		{practice.Fault{Kind: practice.Locked}, "Someone else is changing this engagement", again},
		{practice.Fault{Kind: practice.RateLimit}, "Microsoft limits requests", "Stop waiting"},
		{practice.Fault{Kind: practice.Unavailable}, "Microsoft’s service is not available",
			"Stop waiting"},
		{practice.Fault{Kind: practice.Unavailable, Count: 4, RetryAfter: time.Second},
			"Microsoft’s service is not available", again},
		{practice.Fault{Kind: practice.Token, Count: 2}, signIn, "Stop waiting"},
		{practice.Fault{Kind: practice.NoMFA}, signIn, "Stop waiting"},
		{practice.Fault{Kind: practice.ServerError}, "Microsoft does not have it", "Send again"},
	}
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	draft, _ := b.ready(s)
	for _, tt := range tests {
		tt.fault.Method = http.MethodPost
		s.practice.Simulator().ClearFaults()
		b.must(s.practice.Simulator().Fail(tt.fault))
		b.open(draft + "/check")
		b.press("Send referral")
		b.settleOn(tt.button)
		b.wantHeading(tt.title)
		b.auditAs(fmt.Sprintf("%s, %s", tt.fault.Kind, tt.button))
		b.press(tt.button)
		if strings.Contains(b.text("main"), "You stopped this send") {
			b.audit()
		}
		if tt.fault.Kind == practice.InvalidField {
			b.wantFocus("#country")
			b.auditAs("refused field")
		}
	}
	b.settle("Referral sent")
	if n := s.practice.Simulator().Count(); n != 1 {
		t.Errorf("%d referrals at Microsoft, want 1", n)
	}
}

// settleOn waits until the page has the button or link: sends go on while one looks.
func (b *tab) settleOn(text string) {
	b.Helper()
	for range 100 {
		if strings.Contains(b.text("main"), text) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("no %q on %s", text, b.where())
}

// TestOtherStates audits what the journeys do not come by.
func TestOtherStates(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	for _, path := range []string{"/drafts", "/referrals?tab=attention"} {
		b.open(path)
		b.auditAs("empty " + path)
	}
	draft, owner := b.ready(s)
	b.firstVisit(draft+"/deal", 64<<10)
	b.open(draft + "/delete")
	b.audit()
	sent, err := begin(t.Context(), s.store, owner, sampleAnswers(t))
	b.must(err)
	b.trees = true
	b.open("/sends/" + sent.ID)
	b.tree("progress")
	b.audit()
	seed(t, s, owner, 27)
	b.open("/referrals")
	b.auditAs("two pages")
	b.press("Next page")
	b.wantHeading("Referrals")
	if got := b.text(".pager p"); !strings.HasPrefix(got, "26 to 27 of 27.") {
		t.Errorf("second page: %q", got)
	}
	b.open("/referrals?q=Deal&status=open&ms=none&updated=30&sort=name-asc")
	b.auditAs("filtered")
	b.open("/referrals?q=nothing-like-it")
	b.auditAs("no match")
	if status := b.open("/referrals/none"); status != http.StatusNotFound {
		t.Errorf("a page that does not exist answers %d", status)
	}
	b.audit()
	b.open(draft + "/check")
	b.do(chromedp.Click(chromedp.CSS(".menu summary")))
	b.auditAs("menu")
	b.do(chromedp.SendKeys(chromedp.CSS(".menu summary"), kb.Escape))
	b.wantFocus(".menu:not([open]) summary")
	b.do(chromedp.Click(chromedp.CSS(".menu summary")))
	b.load(chromedp.Click(chromedp.CSS("button.menu__out")))
	if got := b.text("main"); !strings.Contains(got, "You are signed out.") {
		t.Errorf("after signing out: %q", got)
	}
	b.auditAs("signed out")
}

// seed stores referrals of the person as if Microsoft had accepted them.
func seed(t *testing.T, s *server, owner referral.Caller, n int) {
	t.Helper()
	ctx, a := t.Context(), sampleAnswers(t)
	for i := range n {
		a.Name = fmt.Sprintf("Deal %d", i)
		sent, err := accept(ctx, s.store, owner, a)
		if err != nil {
			t.Fatalf("%s: %v", sent.ID, err)
		}
	}
}

// begin stores a send that nobody carries on.
func begin(
	ctx context.Context, db *store.Store, owner referral.Caller, a referral.Answers,
) (referral.Send, error) {
	d, err := db.CreateDraft(ctx, owner, referral.Draft{Answers: a, Reached: referral.StepCount})
	if err != nil {
		return referral.Send{}, err
	}
	body, err := referral.Payload(a, d.Stamp())
	if err != nil {
		return referral.Send{}, err
	}
	sent, _, err := db.Queue(ctx, owner, referral.Send{Kind: referral.Own, DraftID: d.ID,
		Revision: d.Revision, Name: a.Name, Customer: a.CustomerProfile.Name, Body: body},
		func(context.Context, *sql.Tx, string) error { return nil })
	if err != nil {
		return sent, err
	}
	_, err = db.StartAttempt(ctx, sent.ID, referral.Attempt{})
	return sent, err
}

func accept(
	ctx context.Context, db *store.Store, owner referral.Caller, a referral.Answers,
) (referral.Send, error) {
	sent, err := begin(ctx, db, owner, a)
	if err != nil {
		return sent, err
	}
	return sent, db.Record(ctx, sent.ID, store.Result{State: referral.Accepted,
		From:    []referral.State{referral.Sending},
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: http.StatusCreated},
		Referral: &referral.Referral{RemoteID: "remote-" + sent.ID, EngagementID: "e-" + sent.ID,
			Deal: referral.CoSell, Name: a.Name, Customer: a.CustomerProfile.Name, DealValue: "50000",
			Currency: "USD", ClosingDate: "2018-11-14", Status: "Active", Substatus: "Accepted",
			Raw: sent.Body, UpdatedAt: sent.CreatedAt}})
}
