package practice_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

const (
	baseURL = "http://localhost:8080"
	priya   = "priya.raman@northbridge.example"
	daniel  = "daniel.okafor@northbridge.example"
	mei     = "mei.lin@northbridge.example"
	sam     = "sam.carter@northbridge.example"
)

// clock is a clock that only moves when it is told to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newPractice(t *testing.T, now func() time.Time) *practice.Practice {
	t.Helper()
	p, err := practice.New(practice.Options{
		BaseURL: baseURL, Stylesheet: "/static/app.css", Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// api is a simulator behind real HTTP, and a client of it.
type api struct {
	*practice.Practice
	sim    *practice.Simulator
	client *partnercenter.Client
	clock  *clock
	url    string
}

func newAPI(t *testing.T) *api {
	t.Helper()
	c := newClock()
	a := serve(t, newPractice(t, c.Now))
	a.clock = c
	return a
}

func serve(t *testing.T, p *practice.Practice) *api {
	t.Helper()
	srv := httptest.NewServer(p.Simulator())
	t.Cleanup(srv.Close)
	client, err := partnercenter.New(srv.URL, partnercenter.NewHTTPClient(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return &api{Practice: p, sim: p.Simulator(), client: client, url: srv.URL}
}

// as signs somebody in and returns what his calls carry.
func (a *api) as(t *testing.T, email string) partnercenter.Call {
	t.Helper()
	token, err := a.SignIn(email, "")
	if err != nil {
		t.Fatal(err)
	}
	return partnercenter.Call{Token: token, RequestID: "req-1", CorrelationID: "cor-1"}
}

func (a *api) create(t *testing.T, call partnercenter.Call, body any) *partnercenter.Answer {
	t.Helper()
	answer, err := a.client.Create(t.Context(), call, encode(t, body))
	if err != nil {
		t.Fatalf("%v: %s", err, a.note())
	}
	return answer
}

// note is what the simulator noted about the last call.
func (a *api) note() string {
	all := a.sim.Requests()
	return all[len(all)-1].Note
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

type object = map[string]any

// sample is the documented request, as a fresh copy.
func sample(t *testing.T) object {
	t.Helper()
	return readObject(t, "testdata/create.json")
}

func readObject(t *testing.T, path string) object {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, raw)
}

func decode(t *testing.T, raw []byte) object {
	t.Helper()
	var v object
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return v
}

func status(t *testing.T, err error) int {
	t.Helper()
	return failure(t, err).Status
}

func failure(t *testing.T, err error) *partnercenter.Error {
	t.Helper()
	e, ok := err.(*partnercenter.Error)
	if !ok {
		t.Fatalf("error is %T (%v), want *partnercenter.Error", err, err)
	}
	return e
}

func TestNewRefusesBaseURLsThatAreNoOrigin(t *testing.T) {
	for _, base := range []string{"", "localhost", "http://localhost:8080/app", "http://%zz"} {
		if _, err := practice.New(practice.Options{BaseURL: base}); err == nil {
			t.Errorf("New accepts %q", base)
		}
	}
}

func TestTransportStaysAtHome(t *testing.T) {
	hc := &http.Client{Transport: newPractice(t, nil).Transport()}
	res, err := hc.Get(baseURL + "/practice/idp/.well-known/openid-configuration")
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("discovery: %v, %v", res, err)
	}
	for _, url := range []string{"https://localhost:8080/practice/", "http://localhost:8081/practice/"} {
		if _, err := hc.Get(url); err == nil {
			t.Errorf("%s was answered", url)
		}
	}
}

func TestSignInOfNobody(t *testing.T) {
	if _, err := newPractice(t, nil).SignIn("nobody@northbridge.example", ""); err == nil {
		t.Error("nobody could sign in")
	}
}
