package partnercenter_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

// recorder is an API that writes down what it is asked.
type recorder struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []asked
	answer http.HandlerFunc
}

type asked struct {
	Method, URI, Body string
	Header            http.Header
}

func newRecorder(t *testing.T, answer http.HandlerFunc) *recorder {
	t.Helper()
	rec := &recorder{answer: answer}
	rec.Server = httptest.NewServer(rec)
	t.Cleanup(rec.Close)
	return rec
}

func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	rec.mu.Lock()
	rec.asked = append(rec.asked, asked{r.Method, r.RequestURI, string(body), r.Header})
	rec.mu.Unlock()
	rec.answer(w, r)
}

func (rec *recorder) last(t *testing.T) asked {
	t.Helper()
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if len(rec.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return rec.asked[len(rec.asked)-1]
}

func (rec *recorder) count() int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return len(rec.asked)
}

func (rec *recorder) client(t *testing.T) *partnercenter.Client {
	t.Helper()
	return newClient(t, rec.URL, nil)
}

func newClient(t *testing.T, base string, hc *http.Client) *partnercenter.Client {
	t.Helper()
	c, err := partnercenter.New(base, hc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func failure(t *testing.T, err error) *partnercenter.Error {
	t.Helper()
	var e *partnercenter.Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %T (%v), want a *partnercenter.Error", err, err)
	}
	return e
}

var testCall = partnercenter.Call{Token: "secret-token", RequestID: "req-1", CorrelationID: "cor-1"}

func TestNewRefusesUnsafeBaseURLs(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://api.partner.microsoft.com":   true,
		"https://gateway.example/partner":     true,
		"http://127.0.0.1:8090":               true,
		"http://[::1]:8090":                   true,
		"http://localhost:8090":               true,
		"http://api.partner.microsoft.com":    false,
		"http://localhost.example":            false,
		"http://127.0.0.1.example":            false,
		"https://user:pw@api.example":         false,
		"https://api.example?x=1":             false,
		"api.partner.microsoft.com":           false,
		"":                                    false,
		"ftp://127.0.0.1":                     false,
		"https://%zz":                         false,
		"https:api.partner.microsoft.com/abc": false,
	} {
		_, err := partnercenter.New(base, nil)
		if (err == nil) != ok {
			t.Errorf("New(%q) error %v, want accepted %v", base, err, ok)
		}
		if err != nil && strings.Contains(err.Error(), "pw") {
			t.Errorf("New(%q) prints the password: %v", base, err)
		}
	}
}

func TestCreateSendsHeadersAndBodyVerbatim(t *testing.T) {
	rec := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Request-ID", "server-1")
		h.Set("client-request-id", r.Header.Get("client-request-id"))
		h.Set("x-ms-ags-diagnostic", "slice 7")
		h.Set("timestamp", "2026-01-02T03:04:05Z")
		h.Set("ETag", `"e1"`)
		reply(201, `{"id":"r-1","new":{"thing":1}}`)(w, r)
	})
	body := `{ "name": "A",  "unknown": 1.50 }`
	got, err := rec.client(t).Create(t.Context(), testCall, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	sent := rec.last(t)
	if sent.Method != "POST" || sent.URI != "/v1.0/engagements/referrals" || sent.Body != body {
		t.Errorf("asked %s %s with %s", sent.Method, sent.URI, sent.Body)
	}
	want := map[string]string{
		"Authorization": "Bearer secret-token", "Accept": "application/json",
		"Content-Type": "application/json", "Ms-Requestid": "req-1",
		"Ms-Correlationid": "cor-1", "Client-Request-Id": "cor-1", "Cookie": "",
	}
	for name, value := range want {
		if got := sent.Header.Get(name); got != value {
			t.Errorf("header %s is %q, want %q", name, got, value)
		}
	}
	kept := []string{got.RequestID, got.ClientRequestID, got.Diagnostic, got.Timestamp, got.ETag}
	wantKept := []string{"server-1", "cor-1", "slice 7", "2026-01-02T03:04:05Z", `"e1"`}
	if diff := cmp.Diff(wantKept, kept); diff != "" {
		t.Errorf("headers kept (-want +got):\n%s", diff)
	}
	if got.Status != 201 || !got.Sent || got.Referral.ID != "r-1" || got.Date == "" {
		t.Errorf("answer is %+v", got)
	}
	if string(got.Raw) != `{"id":"r-1","new":{"thing":1}}` {
		t.Errorf("raw is %s", got.Raw)
	}
	if got.Wrote.Before(got.Started) || got.Answered.Before(got.Wrote) {
		t.Errorf("times out of order: %v %v %v", got.Started, got.Wrote, got.Answered)
	}
}

func TestPatch(t *testing.T) {
	rec := newRecorder(t, reply(200, `{"id":"a/b","status":"Closed","eTag":"\"e2\""}`))
	ops, err := partnercenter.Ops(
		partnercenter.Replace("/status", "Closed"),
		partnercenter.Replace("/statusReason", nil),
		partnercenter.Add("/team/-", map[string]string{"email": "a@northbridge.example"}),
	)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rec.client(t).Patch(t.Context(), testCall, "a/b", `"e1"`, ops)
	if err != nil {
		t.Fatal(err)
	}
	sent := rec.last(t)
	want := `[{"op":"replace","path":"/status","value":"Closed"},` +
		`{"op":"replace","path":"/statusReason","value":null},` +
		`{"op":"add","path":"/team/-","value":{"email":"a@northbridge.example"}}]`
	if sent.Method != "PATCH" || sent.URI != "/v1.0/engagements/referrals/a%2Fb" {
		t.Errorf("asked %s %s", sent.Method, sent.URI)
	}
	if diff := cmp.Diff(want, sent.Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if sent.Header.Get("If-Match") != `"e1"` || sent.Header.Get("Prefer") != "return=representation" {
		t.Errorf("headers are %v", sent.Header)
	}
	if got.Referral.Status != "Closed" || got.Referral.ETag != `"e2"` {
		t.Errorf("referral is %+v", got.Referral)
	}
}

// TestEndlessETag leaves out an eTag that cannot be one, wherever it stands.
func TestEndlessETag(t *testing.T) {
	long := strings.Repeat("x", 257)
	c := answering(t, 200, http.Header{"Etag": {long}}, `{"id":"r-1","eTag":"`+long+`"}`)
	got, err := c.Referral(t.Context(), testCall, "r-1")
	if err != nil || got.Referral.ETag != "" || got.ETag != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPatchWithoutRepresentationOrETag(t *testing.T) {
	rec := newRecorder(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	got, err := rec.client(t).Patch(t.Context(), testCall, "r-1", "", nil)
	if err != nil || got.Referral != nil {
		t.Errorf("got %+v, %v, want an answer without a referral", got, err)
	}
	if _, ok := rec.last(t).Header["If-Match"]; ok {
		t.Error("If-Match was sent without an etag")
	}
}

func TestIDsThatAddressNoReferralAreRefused(t *testing.T) {
	rec := newRecorder(t, reply(200, `{"id":"r-1"}`))
	for _, id := range []string{"", ".", ".."} {
		_, err := rec.client(t).Referral(t.Context(), testCall, id)
		if e := failure(t, err); e.Sent {
			t.Errorf("look-up of %q counts as sent", id)
		}
		if _, err = rec.client(t).Patch(t.Context(), testCall, id, "", nil); err == nil {
			t.Errorf("change of %q was accepted", id)
		}
	}
	if rec.count() != 0 {
		t.Errorf("%d requests went out", rec.count())
	}
}

func TestRedirectIsAnErrorAndNotFollowed(t *testing.T) {
	other := newRecorder(t, reply(200, `{"id":"stolen"}`))
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		rec := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/elsewhere", status)
		})
		c := rec.client(t)
		_, looked := c.Referral(t.Context(), testCall, "r-1")
		_, created := c.Create(t.Context(), testCall, []byte(`{}`))
		for _, err := range []error{looked, created} {
			if e := failure(t, err); e.Status != status {
				t.Errorf("status is %d, want %d", e.Status, status)
			}
		}
	}
	if other.count() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestNothingWasSent(t *testing.T) {
	tls := httptest.NewUnstartedServer(reply(201, `{"id":"r-1"}`))
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	rec := newRecorder(t, reply(201, `{"id":"r-1"}`))
	for name, tc := range map[string]struct {
		ctx  context.Context
		base string
		call partnercenter.Call
	}{
		"nobody listens":        {t.Context(), "http://" + ln.Addr().String(), testCall},
		"unknown authority":     {t.Context(), tls.URL, testCall},
		"cancelled before":      {gone, rec.URL, testCall},
		"unusable token":        {t.Context(), rec.URL, partnercenter.Call{Token: "secret\ntoken"}},
		"tls to a plain server": {t.Context(), strings.Replace(rec.URL, "http:", "https:", 1), testCall},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newClient(t, tc.base, nil).Create(tc.ctx, tc.call, []byte(`{}`))
			e := failure(t, err)
			if e.Sent || e.Status != 0 || e.Err == nil || !e.Wrote.IsZero() {
				t.Errorf("sent %v, status %d, cause %v", e.Sent, e.Status, e.Err)
			}
			if s := e.Error(); !strings.Contains(s, "nothing was sent") || strings.Contains(s, "secret") {
				t.Errorf("error reads %q", s)
			}
		})
	}
}

func TestLostAnswerMayHaveBeenProcessedAndIsNotRepeated(t *testing.T) {
	rec := newRecorder(t, reply(200, `{"id":"r-1"}`))
	c := rec.client(t)
	if _, err := c.Referral(t.Context(), testCall, "r-1"); err != nil {
		t.Fatal(err)
	}
	rec.answer = func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	}
	_, err := c.Create(t.Context(), testCall, []byte(`{}`))
	if e := failure(t, err); !e.Sent || e.Status != 0 || e.Wrote.IsZero() {
		t.Errorf("sent %v, status %d, wrote %v", e.Sent, e.Status, e.Wrote)
	}
	if rec.count() != 2 {
		t.Errorf("the server saw %d requests, want one look-up and one create", rec.count())
	}
}

func TestTimeoutMayHaveBeenProcessed(t *testing.T) {
	release := make(chan struct{})
	rec := newRecorder(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	c := newClient(t, rec.URL, partnercenter.NewHTTPClient(50*time.Millisecond))
	_, err := c.Create(t.Context(), testCall, []byte(`{}`))
	if e := failure(t, err); !e.Sent || !errors.Is(e, context.DeadlineExceeded) {
		t.Errorf("sent %v, cause %v", e.Sent, e.Err)
	}
}

// TestConnections sees which requests share a connection, with a server that offers HTTP/2: creates
// that follow at once upon each other, but never two at the same time, nor one after a pause.
func TestConnections(t *testing.T) {
	t.Parallel()
	both := make(chan struct{}, 2)
	var mu sync.Mutex
	conns := map[string]string{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		conns[r.RemoteAddr] += fmt.Sprintf("%s/%d ", r.Method, r.ProtoMajor)
		mu.Unlock()
		if r.Header.Get("MS-RequestId") == "together" {
			both <- struct{}{}
			for len(both) < 2 {
				time.Sleep(time.Millisecond)
			}
		}
		reply(200, `{"id":"r-1"}`)(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	hc, roots := partnercenter.NewHTTPClient(0), x509.NewCertPool()
	roots.AddCert(server.Certificate())
	partnercenter.Trust(hc, roots)
	c := newClient(t, server.URL, hc)
	create := func(id string) {
		_, err := c.Create(t.Context(), partnercenter.Call{Token: "t", RequestID: id}, []byte(`{}`))
		if err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if _, err := c.Referral(t.Context(), testCall, "r-1"); err != nil {
			t.Fatal(err)
		}
		create("one")
	}
	time.Sleep(1100 * time.Millisecond)
	create("after a pause")
	time.Sleep(1100 * time.Millisecond)
	var pair sync.WaitGroup
	pair.Go(func() { create("together") })
	pair.Go(func() { create("together") })
	pair.Wait()
	got := slices.Sorted(maps.Values(conns))
	want := []string{"GET/2 GET/2 ", "POST/1 ", "POST/1 ", "POST/1 ", "POST/1 POST/1 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests per connection (-want +got):\n%s", diff)
	}
}

// canned is a transport other than net/http's, which sets off no traces.
type canned func(*http.Request) (*http.Response, error)

func (f canned) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSentIsKnownForAnyTransport(t *testing.T) {
	for name, tc := range map[string]struct {
		read bool
	}{"body read": {true}, "body untouched": {false}} {
		t.Run(name, func(t *testing.T) {
			hc := &http.Client{Transport: canned(func(r *http.Request) (*http.Response, error) {
				if tc.read {
					io.Copy(io.Discard, r.Body)
				}
				return nil, errors.New("broken")
			})}
			_, err := newClient(t, "https://api.example", hc).Create(t.Context(), testCall, []byte(`{}`))
			if e := failure(t, err); e.Sent != tc.read {
				t.Errorf("sent is %v, want %v", e.Sent, tc.read)
			}
		})
	}
}

// net/http repeats a request by itself only when it can have the body a second time.
func TestCreateCannotBeRepeated(t *testing.T) {
	var again bool
	hc := &http.Client{Transport: canned(func(r *http.Request) (*http.Response, error) {
		again = r.GetBody != nil
		return nil, errors.New("broken")
	})}
	c := newClient(t, "https://api.example", hc)
	if _, err := c.Create(t.Context(), testCall, []byte(`{}`)); err == nil || again {
		t.Errorf("error %v, could be repeated %v", err, again)
	}
}
