package handlers_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/htmlcheck"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// sendSite is a site with what the tests of sends and referrals need on top.
type sendSite struct {
	*site
	testing.TB
}

func newSendSite(t testing.TB) *sendSite {
	t.Helper()
	return &sendSite{site: newSite(t), TB: t}
}

// must stops the test on an error.
func (s *sendSite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// rep is a signed-in person.
type rep struct {
	*browser
	site *sendSite
}

func (s *sendSite) rep(name string, admin bool) *rep {
	s.Helper()
	given, family, _ := strings.Cut(name, " ")
	u := referral.User{Key: "tid:" + name, Name: name, GivenName: given, FamilyName: family,
		Email: strings.ToLower(given+"."+family) + "@northbridge.example", Admin: admin}
	return &rep{browser: s.signIn(s.TB, u), site: s}
}

// caller is the person as the store takes him.
func (p *rep) caller() referral.Caller { return p.user.Caller() }

// listing begins a pass over what Microsoft shows to the person, that nobody carries out.
func (p *rep) listing() referral.Listing {
	p.t.Helper()
	l, err := p.site.Listing(p.t.Context(), p.user.ID)
	p.site.must(err)
	l, err = p.site.AskListing(p.t.Context(), l, true, none)
	p.site.must(err)
	return l
}

func none(context.Context, *sql.Tx, referral.Listing) error { return nil }

// page gets a page that must be sound and have the status.
func (p *rep) page(path string, status int) *htmlcheck.Page {
	p.t.Helper()
	return sound(p.get(path), status)
}

// submit posts a form that leads to a page with the status.
func (p *rep) submit(path string, form url.Values, status int) *htmlcheck.Page {
	p.t.Helper()
	return sound(p.post(path, form), status)
}

func sound(a *answer, status int) *htmlcheck.Page {
	a.t.Helper()
	a.want(status).Sound()
	return a.Page
}

// poll asks as the script does.
func (p *rep) poll(path string) *answer {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("HX-Request", "true")
	return p.send(r)
}

// contoso is a complete co-sell deal.
func contoso() referral.Answers {
	person := func(first, last, email string) referral.Member {
		m := referral.NewMember("en-us")
		m.FirstName, m.LastName, m.Email, m.PhoneNumber = first, last, email, "+44 20 7946 0018"
		return m
	}
	a := referral.Answers{DealType: "cosell", Name: "Contoso field service rollout",
		Qualification: "SalesQualified", Status: "New/Pending", MarketplaceIntent: "HaveNotDecided",
		Consent: referral.Consent{ShareInfo: "true", Contact: "true"},
		Team: []referral.Member{person("Priya", "Raman", "priya.raman@northbridge.example"),
			person("John", "Doe", "john.doe@northbridge.example")},
		Target: []referral.Target{{Type: referral.TargetSolution, ID: []string{"SOL-34104-EBB"}}},
	}
	a.CustomerProfile = referral.CustomerProfile{Name: "Contoso Customer Inc",
		Size: "10to50employees",
		Address: referral.Address{AddressLine1: "One Microsoft Way", City: "Redmond", State: "WA",
			PostalCode: "98052", Country: "US"},
		Team: []referral.Member{person("Sue", "Smith", "sue.smith@contoso.com"),
			person("Joe", "Hansen", "joe.hansen@contoso.com")}}
	a.Details = referral.Details{DealValue: "50000", Currency: "USD", Notes: "A pilot first.",
		Closing: referral.ClosingDate{Day: "14", Month: "1", Year: "2027"},
		Requirements: referral.Requirements{Industries: []string{"Manufacturing"},
			Products: []string{"Dynamics365Enterprise"}}}
	return a
}

// draft stores a draft of the deal that can be sent and returns its id.
func (p *rep) draft(a referral.Answers) string {
	p.site.Helper()
	d, err := p.site.CreateDraft(p.site.Context(), p.caller(), referral.Draft{Answers: a, Reached: 7})
	p.site.must(err)
	return d.ID
}

// queue stores a draft of the deal and sends it, without anything happening yet.
func (p *rep) queue(a referral.Answers) referral.Send {
	s, ctx := p.site, p.site.Context()
	s.Helper()
	d, err := s.CreateDraft(ctx, p.caller(), referral.Draft{Answers: a, Reached: 7,
		Receipt: &referral.ConsentReceipt{Language: "en", ByName: p.user.Name, At: s.clock.Now()}})
	s.must(err)
	body, err := referral.Payload(a, d.Stamp())
	s.must(err)
	sent, err := s.sender.Submit(ctx, p.caller(), referral.Send{Kind: referral.Own,
		DraftID: d.ID, Revision: d.Revision, Name: a.Name, Customer: a.CustomerProfile.Name,
		ExternalReferenceID: d.Stamp(), Body: body})
	s.must(err)
	return sent
}

// attempt posts the send once and records what came of it.
func (s *sendSite) attempt(sendID string, r store.Result) {
	s.Helper()
	start := s.clock.Now().Add(-time.Second)
	_, err := s.StartAttempt(s.Context(), sendID, referral.Attempt{StartedAt: start,
		RequestID: "5d2f4b0e-8c1f-4a59-9f0b-1b8a5c0a1c11", CorrelationID: "b7a1c9de"})
	s.must(err)
	r.From = []referral.State{referral.Sending}
	body := []byte(`{"error":{"code":"x"}}`)
	if r.Referral != nil {
		body = r.Referral.Raw
	}
	r.Attempt = &referral.Attempt{SentAt: start, Answer: referral.Answer{Status: r.Outcome.Status,
		Headers: map[string]string{"request-id": "srv-1"}, Body: body}}
	s.must(s.Record(s.Context(), sendID, r))
	s.clock.move(time.Minute)
}

// The ids Microsoft gives in these tests.
const (
	remoteID     = "4111fffc-f9ee-4d53-bba6-569135228642"
	engagementID = "37ef26aa-1d15-4533-9f93-a69bd33ab1e5"
)

// raw is Microsoft's answer to the deal: it took the deal, and lost the closing date.
const raw = `{"id":"` + remoteID + `","engagementId":"` + engagementID + `",
	"name":"Contoso field service rollout","status":"Active","substatus":"Accepted",
	"qualification":"SalesQualified","type":"Shared","organizationName":"Northbridge Systems",
	"customerProfile":{"name":"Contoso Customer Inc","ids":{},
		"address":{"addressLine1":"One Microsoft Way","city":"Redmond","country":"US"},
		"team":[{"firstName":"Sue","lastName":"Smith","email":"sue.smith@contoso.com",
			"contactPreference":{"locale":null,"disableNotifications":null}}]},
	"details":{"dealValue":50000.0,"currency":"USD","notes":"A pilot first."},
	"team":[],"createdDateTime":"2026-11-22T14:40:12.1234567Z"}`

// sent is a deal that Microsoft has accepted; it returns Tandem's id of the referral.
func (p *rep) sent(a referral.Answers) (sendID, referralID string) {
	p.site.Helper()
	s := p.queue(a)
	p.site.attempt(s.ID, store.Result{State: referral.Accepted,
		Outcome:  referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201},
		Referral: accepted(remoteID+s.ID, a)})
	done, err := p.site.Send(p.site.Context(), p.caller(), s.ID)
	p.site.must(err)
	return s.ID, done.ReferralID
}

func accepted(id string, a referral.Answers) *referral.Referral {
	return &referral.Referral{RemoteID: id, EngagementID: engagementID, Name: a.Name,
		Customer: a.CustomerProfile.Name, Deal: referral.Deal(a.DealType), Country: "US",
		DealValue: a.Details.DealValue, Currency: "USD", ClosingDate: "2027-01-14",
		Status: "Active", Substatus: "Accepted", ETag: `"e-1"`, Raw: []byte(raw),
		UpdatedAt: time.Date(2026, 11, 22, 14, 30, 0, 0, time.UTC)}
}
