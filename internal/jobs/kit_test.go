package jobs_test

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/pgtest"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/sqlitetest"
	"tandem/internal/store"
)

const email = "priya.raman@northbridge.example"

// kit is the store, the queue and the simulated API, all real, on loopback.
type kit struct {
	t      testing.TB
	path   string // of the SQLite file
	server string // PostgreSQL's URL, in place of the file when set
	store  *store.Store
	jobs   *jobs.Jobs
	sim    *practice.Simulator
	tokens *tokens
	api    hooked
	config jobs.Config
	rep    referral.User
	url    string
	// arrived counts the POSTs on their way to the simulator; while held they do not reach it.
	arrived atomic.Int32
	held    atomic.Bool
}

// front passes calls on to the simulator.
func (k *kit) front(w http.ResponseWriter, r *http.Request) {
	// Once the body is read, the server notices when the caller goes away.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Method == http.MethodPost {
		k.arrived.Add(1)
	}
	for k.held.Load() && r.Method == http.MethodPost {
		time.Sleep(10 * time.Millisecond)
		if r.Context().Err() != nil {
			return
		}
	}
	k.sim.ServeHTTP(w, r)
}

// hooked is the client with faults of its own; a nil function is the client's.
type hooked struct {
	*partnercenter.Client
	create func(context.Context, partnercenter.Call, []byte) (*partnercenter.Answer, error)
	list   func(
		context.Context, partnercenter.Call, partnercenter.Query,
	) (*partnercenter.Page, error)
	// patch spoils the answer to a change.
	patch func(*partnercenter.Answer)
}

func (h *hooked) Create(
	ctx context.Context, call partnercenter.Call, body []byte,
) (*partnercenter.Answer, error) {
	if h.create != nil {
		return h.create(ctx, call, body)
	}
	return h.Client.Create(ctx, call, body)
}

func (h *hooked) List(
	ctx context.Context, call partnercenter.Call, q partnercenter.Query,
) (*partnercenter.Page, error) {
	if h.list != nil {
		return h.list(ctx, call, q)
	}
	return h.Client.List(ctx, call, q)
}

func (h *hooked) Patch(
	ctx context.Context, call partnercenter.Call, id, etag string, body []byte,
) (*partnercenter.Answer, error) {
	answer, err := h.Client.Patch(ctx, call, id, etag, body)
	if h.patch != nil && err == nil {
		h.patch(answer)
	}
	return answer, err
}

// none adds no job.
func none(context.Context, *sql.Tx, string) error { return nil }

// callTimeout is how long a call takes at most.
const callTimeout = 2 * time.Second

// tokens signs in at the practice provider whenever a token is asked for.
type tokens struct {
	p *practice.Practice

	mu              sync.Mutex
	err             error
	current         string
	renewed, signed int
}

func (s *tokens) Ready(context.Context, string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return ""
	}
	return s.current
}

func (s *tokens) AccessToken(context.Context, string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return "", s.err
	}
	if s.current == "" {
		return s.signIn("")
	}
	return s.current, nil
}

func (s *tokens) Renew(_ context.Context, _, _ string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renewed++
	if s.err != nil {
		return "", s.err
	}
	return s.signIn("")
}

func (s *tokens) signIn(claims string) (token string, err error) {
	s.signed++
	s.current, err = s.p.SignIn(email, claims)
	return s.current, err
}

func (s *tokens) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func newKit(t testing.TB) *kit {
	t.Helper()
	return newKitAt(t, nil)
}

// newKitAt gives the simulator a clock of its own.
func newKitAt(t testing.TB, now func() time.Time) *kit {
	t.Helper()
	p, err := practice.New(practice.Options{BaseURL: "http://localhost:8080", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, path: newFile(t), sim: p.Simulator(),
		tokens: &tokens{p: p}}
	server := httptest.NewServer(http.HandlerFunc(k.front))
	t.Cleanup(server.Close)
	k.url = server.URL
	api, err := partnercenter.New(server.URL, partnercenter.NewHTTPClient(callTimeout))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(t.Name(), "TestPostgres/") {
		k.server = newDatabase(t)
	}
	k.api = hooked{Client: api}
	k.config = jobs.Config{API: &k.api, Tokens: k.tokens, Now: time.Now,
		Settle: 300 * time.Millisecond, CallTimeout: callTimeout, Log: slog.New(slog.DiscardHandler)}
	k.open()
	k.rep, err = k.store.SignIn(t.Context(), referral.User{Key: "1:1", Name: "Priya Raman",
		GivenName: "Priya", FamilyName: "Raman", Email: email})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// newFile and newDatabase make databases that were migrated once for all tests.
var (
	newFile     = sqlitetest.Template(func(path string) error { return migrated(path, "") })
	newDatabase = pgtest.Template(func(url string) error { return migrated("", url) })
)

func migrated(path, url string) error {
	db, err := openStore(context.Background(), path, url, time.Now)
	if err != nil {
		return err
	}
	return db.Close()
}

func openStore(
	ctx context.Context, path, url string, now func() time.Time,
) (*store.Store, error) {
	keys, err := store.NewKeys([][]byte{make([]byte, 32)})
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{Path: path, URL: url, Keys: keys, Now: now,
		Migrate: []func(context.Context, *store.Store) error{jobs.Migrate}})
}

func (k *kit) open() {
	k.t.Helper()
	var err error
	k.store, err = openStore(k.t.Context(), k.path, k.server, k.config.Now)
	k.must(err)
	db := k.store
	k.t.Cleanup(func() { db.Close() })
	k.config.Store = k.store
	k.jobs, err = jobs.New(k.config)
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) start() {
	k.t.Helper()
	if err := k.jobs.Start(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	j := k.jobs
	k.t.Cleanup(func() { stop(j) })
}

func stop(j *jobs.Jobs) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = j.Stop(ctx) // stopping twice is an error of the queue's
}

// draft stores a complete draft and returns the send for it.
func (k *kit) draft() referral.Send {
	k.t.Helper()
	return k.draftOf(k.rep)
}

func (k *kit) draftOf(rep referral.User) referral.Send {
	k.t.Helper()
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{})
	d.Answers = complete(d.Answers)
	d, err := k.store.CreateDraft(k.t.Context(), rep.Caller(), d)
	if err != nil {
		k.t.Fatal(err)
	}
	body, err := referral.Payload(d.Answers, d.Stamp())
	if err != nil {
		k.t.Fatal(err)
	}
	return referral.Send{Kind: referral.Own, DraftID: d.ID, Revision: d.Revision,
		Name: d.Answers.Name, Customer: d.Answers.CustomerProfile.Name,
		ExternalReferenceID: d.Stamp(), Body: body}
}

func complete(a referral.Answers) referral.Answers {
	a.Name = "Contoso field service rollout"
	a.MarketplaceIntent = "HaveNotDecided"
	a.CustomerProfile.Name = "Contoso Customer Inc"
	a.CustomerProfile.Address = referral.Address{AddressLine1: "One Microsoft Way",
		City: "Redmond", State: "WA", PostalCode: "98052", Country: "US"}
	sue := referral.NewMember("en-us")
	sue.FirstName, sue.LastName = "Sue", "Smith"
	sue.Email, sue.PhoneNumber = "sue.smith@contoso.com", "1234567890"
	a.CustomerProfile.Team = []referral.Member{sue}
	a.Team[0].PhoneNumber = "+44 20 7946 0018"
	a.Consent = referral.Consent{ShareInfo: "true", Contact: "true"}
	a.Details.DealValue, a.Details.Currency = "50000", "USD"
	a.Details.Closing = referral.ClosingDate{Day: "14", Month: "1", Year: "2099"}
	a.Details.Notes = "Supply chain on Dynamics 365."
	a.Details.Requirements.Solutions = []string{"Dynamics365forFieldService"}
	a.Target = []referral.Target{{Type: referral.TargetSolution, ID: []string{"SOL-34104-EBB"}}}
	return a
}

func (k *kit) submit(s referral.Send) referral.Send {
	k.t.Helper()
	sent, err := k.jobs.Submit(k.t.Context(), k.rep.Caller(), s)
	if err != nil {
		k.t.Fatal(err)
	}
	return sent
}

func (k *kit) load(id string) referral.Send {
	k.t.Helper()
	s, err := k.store.Send(k.t.Context(), k.rep.Caller(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

// wait polls until the send is in the state, and fails after ten seconds.
func (k *kit) wait(id string, ok func(referral.Send) bool) referral.Send {
	k.t.Helper()
	var s referral.Send
	for range 1000 {
		if s = k.load(id); ok(s) {
			return s
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatalf("send rests in %s with %+v after %d attempts", s.State, s.Outcome, len(s.Attempts))
	return s
}

func in(state referral.State) func(referral.Send) bool {
	return func(s referral.Send) bool { return s.State == state }
}

func outcome(kinds ...referral.OutcomeKind) func(referral.Send) bool {
	return func(s referral.Send) bool {
		return slices.Contains(kinds, s.Outcome.Kind) && !s.State.Running()
	}
}

func (k *kit) fail(f practice.Fault) {
	k.t.Helper()
	if err := k.sim.Fail(f); err != nil {
		k.t.Fatal(err)
	}
}

// posts counts the POSTs that reached the simulator.
func (k *kit) posts() int {
	n := 0
	for _, r := range k.sim.Requests() {
		if r.Method == http.MethodPost {
			n++
		}
	}
	return n
}

// shifted is a clock that can be set.
type shifted struct{ by atomic.Int64 }

func (c *shifted) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())) }

func (c *shifted) shift(by time.Duration) { c.by.Store(int64(by)) }

func (k *kit) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}
