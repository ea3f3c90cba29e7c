package handlers_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tandem/handlers"
	"tandem/internal/htmlcheck"
	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// liveSite is a site with the real queue, which sends to the simulator.
type liveSite struct {
	*sendSite
	sim   *practice.Simulator
	priya *rep
	// id is Tandem's id of a deal that Microsoft has, remote Microsoft's.
	id, remote string
}

// newLiveSite is a site on which Priya has sent a co-sell deal.
func newLiveSite(t *testing.T, deal referral.Deal) *liveSite {
	t.Helper()
	s := &liveSite{sendSite: newSendSite(t)}
	s.must(jobs.Migrate(t.Context(), s.Store))
	p, err := practice.New(practice.Options{BaseURL: "http://localhost:8080"})
	s.must(err)
	s.sim = p.Simulator()
	server := httptest.NewServer(s.sim)
	t.Cleanup(server.Close)
	api, err := partnercenter.New(server.URL, partnercenter.NewHTTPClient(5*time.Second))
	s.must(err)
	queue, err := jobs.New(jobs.Config{Store: s.Store, API: api, Tokens: &practiceTokens{p: p},
		Now: s.clock.Now, Log: slog.New(slog.DiscardHandler), Settle: time.Millisecond})
	s.must(err)
	s.must(queue.Start(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = queue.Stop(ctx)
	})
	s.deps.Sender, s.deps.Changes = queue, queue
	s.Handler = handlers.New(s.deps)
	s.priya = s.rep("Priya Raman", false)
	s.send(queue, deal)
	return s
}

func (s *liveSite) send(queue handlers.Sender, deal referral.Deal) {
	s.Helper()
	a := contoso()
	a.DealType = string(deal)
	if deal == referral.Private { // it has no target that would be one
		a.Details.Requirements.Solutions = []string{"Chatbot"}
	}
	d, err := s.CreateDraft(s.Context(), s.priya.caller(), referral.Draft{Answers: a, Reached: 7})
	s.must(err)
	body, err := referral.Payload(a, d.Stamp())
	s.must(err)
	sent, err := queue.Submit(s.Context(), s.priya.caller(), referral.Send{Kind: referral.Own,
		DraftID: d.ID, Revision: d.Revision, Name: a.Name, Customer: a.CustomerProfile.Name,
		ExternalReferenceID: d.Stamp(), Body: body})
	s.must(err)
	s.until(func() bool {
		sent, err = s.Send(s.Context(), s.priya.caller(), sent.ID)
		s.must(err)
		return sent.State == referral.Accepted
	})
	s.id, s.remote = sent.ReferralID, s.sim.Referrals()[0].ID
}

// until waits for something that the queue does.
func (s *liveSite) until(done func() bool) {
	s.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.Fatal("it does not come about")
}

// microsoft is what the simulator has of the deal.
func (s *liveSite) microsoft() partnercenter.Referral {
	for _, r := range s.sim.Referrals() {
		if r.ID == s.remote {
			return r
		}
	}
	return partnercenter.Referral{}
}

// changes changes Microsoft's copy from the other side.
func (s *liveSite) changes(ops ...partnercenter.Op) {
	s.Helper()
	s.must(s.sim.Change(s.remote, ops...))
}

// path is a page of the deal.
func (s *liveSite) path(page string) string { return "/referrals/" + s.id + page }

// saved posts a page, waits for what becomes of the change, and returns where that leads.
func (p *rep) saved(path string, form url.Values) string {
	p.t.Helper()
	a := p.post(path, form)
	a.want(http.StatusSeeOther)
	to := a.header.Get("Location")
	for range 400 {
		if !strings.HasPrefix(to, "/changes/") {
			return to
		}
		next := p.get(to)
		if next.status != http.StatusSeeOther {
			if len(next.All("[hx-get]").Nodes) == 0 {
				return to
			}
			time.Sleep(5 * time.Millisecond)
			continue
		}
		to = next.header.Get("Location")
	}
	p.t.Fatalf("the change does not rest at %s", to)
	return ""
}

// practiceTokens signs in at the practice provider.
type practiceTokens struct {
	p  *practice.Practice
	mu sync.Mutex
}

func (s *practiceTokens) Ready(context.Context, string) string { return "" }

func (s *practiceTokens) AccessToken(context.Context, string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p.SignIn("priya.raman@northbridge.example", "")
}

func (s *practiceTokens) Renew(ctx context.Context, user, _ string) (string, error) {
	return s.AccessToken(ctx, user)
}

// fields are the values that a page's form shows, by name.
func fields(page *htmlcheck.Page, names ...string) []string {
	var out []string
	for _, name := range names {
		el := page.All(`main [name="` + name + `"]`)
		value := el.AttrOr("value", el.Text())
		if el.Is("select") {
			value = el.Find("option[selected]").AttrOr("value", "")
		}
		out = append(out, value)
	}
	return out
}

// inConflict is a change of a referral of Priya's that met another one at Microsoft.
func (g *guarded) inConflict(referralID string) string {
	g.Helper()
	ctx, c := g.Context(), g.priya.caller()
	r, err := g.Referral(ctx, c, referralID)
	g.must(err)
	text := []byte(`"Proposal"`)
	ch, _, err := g.QueueChange(ctx, c, referral.Change{ReferralID: r.ID, BaseETag: r.ETag,
		Section: referral.SectionDeal, Body: text,
		Edits: []referral.Edit{{Path: "salesStage", New: text}}},
		func(context.Context, *sql.Tx, string) error { return nil })
	g.must(err)
	_, err = g.StartChangeAttempt(ctx, ch.ID, referral.Attempt{Number: 1})
	g.must(err)
	theirs := *accepted(r.RemoteID, contoso())
	theirs.ETag = `"e-2"`
	g.must(g.RecordChange(ctx, ch.ID, store.ChangeResult{Attempts: 1,
		From: []referral.State{referral.Sending}, State: referral.Rejected, Referral: &theirs,
		Outcome: referral.Outcome{Kind: referral.OutcomeConflict}}))
	return ch.ID
}

// noChanges fetches and changes nothing.
type noChanges struct{}

func (noChanges) Change(
	context.Context, referral.Caller, referral.Change,
) (referral.Change, error) {
	return referral.Change{}, referral.ErrConflict
}

func (noChanges) RetryChange(context.Context, referral.Caller, string) error { return nil }
func (noChanges) DropChange(context.Context, referral.Caller, string) error  { return nil }
func (noChanges) Refresh(context.Context, referral.Caller, string) error     { return nil }

// hrefOf is where a link leads.
func hrefOf(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") }

// valueOf is what a choice stands for.
func valueOf(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }
