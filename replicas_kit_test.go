package main

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tandem/internal/pgtest"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// replicaOfTest is set for a process that is the program, not the test of it.
const replicaOfTest = "REPLICA_OF_TEST"

const (
	replicaKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	replicaRep = "priya.raman@northbridge.example"
)

// replicas are two processes of the program on one database, what stands in for Microsoft, and a
// person who visits them.
type replicas struct {
	*testing.T
	practice *practice.Practice
	store    *store.Store
	url      string
	client   *http.Client
	process  [2]*exec.Cmd
	addr     [2]string
	dead     [2]atomic.Bool
	turn     atomic.Int32
	// posts counts the referrals that each process has begun to create.
	posts [2]atomic.Int32
}

func newReplicas(t *testing.T) *replicas {
	t.Helper()
	c := &replicas{T: t}
	c.url = c.serve(&httputil.ReverseProxy{Rewrite: c.balance}).URL
	idp := httptest.NewUnstartedServer(nil)
	var err error
	c.practice, err = practice.New(practice.Options{BaseURL: "http://" + idp.Listener.Addr().String(),
		RedirectURL: c.url + "/auth/callback"})
	c.must(err)
	idp.Config.Handler = c.practice.Handler()
	idp.Start()
	t.Cleanup(idp.Close)
	database := pgtest.URL(t)
	for i := range c.process {
		c.start(i, database)
	}
	for i := range c.process {
		c.ready(i)
	}
	c.open(database)
	jar, err := cookiejar.New(nil)
	c.must(err)
	c.client = &http.Client{Jar: jar, Timeout: 20 * time.Second}
	return c
}

func (c *replicas) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *replicas) serve(h http.Handler) *httptest.Server {
	server := httptest.NewServer(h)
	c.Cleanup(server.Close)
	return server
}

// balance takes turns among those that live.
func (c *replicas) balance(r *httputil.ProxyRequest) {
	i := int(c.turn.Add(1)) % len(c.addr)
	if c.dead[i].Load() {
		i = 1 - i
	}
	r.SetURL(&url.URL{Scheme: "http", Host: c.addr[i]})
	r.Out.Host = r.In.Host
}

// start starts a process with an address of its own for the API, to tell who calls it.
func (c *replicas) start(i int, database string) {
	c.Helper()
	api := c.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			c.posts[i].Add(1)
		}
		c.practice.Simulator().ServeHTTP(w, r)
	}))
	c.addr[i] = freeAddr(c)
	p := exec.Command(os.Args[0])
	p.Env = []string{replicaOfTest + "=1", "TANDEM_ADDR=" + c.addr[i], "TANDEM_BASE_URL=" + c.url,
		"TANDEM_DATABASE_URL=" + database, "TANDEM_SECRET_KEYS=" + replicaKey,
		"TANDEM_OIDC_ISSUER=" + c.practice.Issuer(), "TANDEM_API_BASE_URL=" + api.URL,
		"TANDEM_OIDC_CLIENT_ID=" + c.practice.ClientID(),
		"TANDEM_OIDC_CLIENT_SECRET=" + c.practice.ClientSecret()}
	p.Stdout, p.Stderr = c.Output(), c.Output()
	c.must(p.Start())
	c.process[i] = p
	c.Cleanup(func() { c.kill(i) })
}

// kill ends a process at once.
func (c *replicas) kill(i int) {
	if c.dead[i].Swap(true) {
		return
	}
	if err := c.process[i].Process.Kill(); err != nil {
		c.Error(err)
	}
	_ = c.process[i].Wait() // says that it was killed
}

func (c *replicas) ready(i int) {
	c.Helper()
	c.eventually("a replica that is ready", 30*time.Second, func() bool {
		res, err := http.Get("http://" + c.addr[i] + "/readyz")
		return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
	})
}

func (c *replicas) eventually(what string, limit time.Duration, ok func() bool) {
	c.Helper()
	for began := time.Now(); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > limit {
			c.Fatalf("waited %v for %s", limit, what)
		}
	}
}

func (c *replicas) open(database string) {
	c.Helper()
	secret, err := base64.StdEncoding.DecodeString(replicaKey)
	c.must(err)
	keys, err := store.NewKeys([][]byte{secret})
	c.must(err)
	c.store, err = store.Open(context.Background(), store.Options{URL: database, Keys: keys})
	c.must(err)
	c.Cleanup(func() { c.store.Close() })
}

// visit asks for a page and fails unless it is shown.
func (c *replicas) visit(path string) {
	c.Helper()
	res, err := c.client.Get(c.url + path)
	c.must(err)
	c.must(res.Body.Close())
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != path {
		c.Errorf("%s: %s at %s", path, res.Status, res.Request.URL)
	}
}

// signIn goes the whole way: each request is for the other process.
func (c *replicas) signIn() {
	c.Helper()
	res, err := c.client.PostForm(c.url+"/auth/sign-in", nil)
	c.must(err)
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	c.must(err)
	answer := url.Values{"person": {replicaRep}}
	doc.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		answer.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	done, err := c.client.PostForm(c.practice.Issuer()+"/authorize", answer)
	c.must(err)
	c.must(done.Body.Close())
	if !strings.HasPrefix(done.Request.URL.Path, "/referrals") {
		c.Fatalf("the sign-in ended at %s: %s", done.Request.URL, done.Status)
	}
}

// submit stores a complete draft of the person, sends it and returns the send's id.
func (c *replicas) submit() string {
	c.Helper()
	var rep referral.User
	err := c.store.Writer().QueryRow(`SELECT id, given_name, family_name, email FROM users`).
		Scan(&rep.ID, &rep.GivenName, &rep.FamilyName, &rep.Email)
	c.must(err)
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{})
	d.Answers = answered(d.Answers)
	d, err = c.store.CreateDraft(c.Context(), rep.Caller(), d)
	c.must(err)
	res, err := c.client.PostForm(c.url+"/drafts/"+d.ID+"/send", nil)
	c.must(err)
	c.must(res.Body.Close())
	id, ok := strings.CutPrefix(res.Request.URL.Path, "/sends/")
	if !ok {
		c.Fatalf("sending ended at %s: %s", res.Request.URL, res.Status)
	}
	return id
}

func answered(a referral.Answers) referral.Answers {
	a.Name, a.MarketplaceIntent = "Contoso field service rollout", "HaveNotDecided"
	a.CustomerProfile.Name = "Contoso Customer Inc"
	a.CustomerProfile.Size = "10to50employees"
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

// sending returns which process has begun to create the referral, once one has.
func (c *replicas) sending() (i int) {
	c.Helper()
	c.eventually("a referral on its way", 10*time.Second, func() bool {
		for i = range c.posts {
			if c.posts[i].Load() > 0 {
				return true
			}
		}
		return false
	})
	return i
}

// settled returns the send once it is, within the 30 seconds that are promised.
func (c *replicas) settled(id string) (s referral.Send) {
	c.Helper()
	c.eventually("the send to settle", 30*time.Second, func() bool {
		var err error
		s, err = c.store.Job(c.Context(), id)
		c.must(err)
		return !s.State.Running() && !s.LookingUp()
	})
	return s
}
