package program

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// hostile is the program in practice mode with a rep who is signed in, and whoever means harm.
type hostile struct {
	*visitor
	server *server
}

func newHostile(t *testing.T, patience time.Duration) *hostile {
	t.Helper()
	s := practiceProgram(t, world{now: time.Now, patience: patience})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	return &hostile{v, s}
}

// cookies are the rep's, as a header.
func (h *hostile) cookies() string {
	h.Helper()
	at, err := url.Parse(h.url)
	h.must(err)
	var out []string
	for _, c := range h.client.Jar.Cookies(at) {
		out = append(out, c.Name+"="+c.Value)
	}
	return strings.Join(out, "; ")
}

// raw sends bytes on a connection of their own.
func (h *hostile) raw(text string) net.Conn {
	h.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	h.must(err)
	h.Cleanup(func() { c.Close() })
	h.must(c.SetDeadline(time.Now().Add(20 * time.Second)))
	_, err = io.WriteString(c, text)
	h.must(err)
	return c
}

// ask sends a request of which the line is given and returns the answer, nil for none.
func (h *hostile) ask(line string, headers ...string) (res *http.Response, body string) {
	h.Helper()
	headers = append(headers, "Host: "+strings.TrimPrefix(h.url, "http://"), "Connection: close")
	c := h.raw(line + " HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n")
	method, _, _ := strings.Cut(line, " ")
	res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		return nil, ""
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	h.must(err)
	return res, string(all)
}

// TestSlowClients holds back headers and bodies on many connections, some of them in the rep's
// name: the rep works on, and none of the connections stays.
func TestSlowClients(t *testing.T) {
	h := newHostile(t, 300*time.Millisecond)
	draft := h.draft()
	var slow []net.Conn
	for i := range 60 {
		head := "POST /drafts/" + draft + "/deal HTTP/1.1\r\nHost: tandem\r\n"
		switch i % 3 {
		case 1:
			head += "Content-Length: 1000\r\n\r\ndetails.notes=x"
		case 2:
			head += "Cookie: " + h.cookies() + "\r\nContent-Length: 1000\r\n" +
				"Content-Type: application/x-www-form-urlencoded\r\n\r\ndetails.notes=x"
		}
		slow = append(slow, h.raw(head))
	}
	h.visit("/drafts")
	h.save("/drafts/"+draft+"/deal", "details.notes", "Kept.")
	h.settled(h.send(draft))
	for i, c := range slow {
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}

// TestRequestsThatUnfold sends packed bodies, which nobody unpacks, and requests that are too
// large.
func TestRequestsThatUnfold(t *testing.T) {
	h := newHostile(t, 0)
	draft := h.draft()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := io.WriteString(zip, "go=continue&details.notes="+strings.Repeat("x", 50<<20))
	h.must(err)
	h.must(zip.Close())
	for name, c := range map[string]struct {
		path, encoding string
		body           io.Reader
		least, most    int
	}{
		"packed": {"/drafts/" + draft + "/deal", "gzip", &packed, 400, 499},
		"too large": {"/preferences", "",
			strings.NewReader("zone=" + strings.Repeat("x", 2<<20)), 413, 413},
	} {
		req, err := http.NewRequest(http.MethodPost, h.url+c.path, c.body)
		h.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Content-Encoding", c.encoding)
		res, err := h.client.Do(req)
		h.must(err)
		h.must(res.Body.Close())
		if res.StatusCode < c.least || res.StatusCode > c.most {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
	res, _ := h.ask("GET /drafts", "X-Large: "+strings.Repeat("x", 100<<10))
	if res != nil && res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("large headers: %s", res.Status)
	}
	h.visit("/drafts")
}

// TestPathsThatEscape asks for files outside of what is served, in all spellings.
func TestPathsThatEscape(t *testing.T) {
	h := newHostile(t, 0)
	cookies := "Cookie: " + h.cookies()
	for _, path := range []string{
		"/static/../go.mod", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod",
		"/static/%2e%2e%2f%2e%2e%2fetc/passwd", "/static/..%5c..%5cgo.mod", "/static/....//go.mod",
		"/static//etc/passwd", "/static/%00", "/static/app.css%00.html", "/static/..%c0%afgo.mod",
		"/static/%c0%ae%c0%ae/go.mod", "/static/%252e%252e/go.mod", "/static/", "/static/.",
		"/drafts/..%2f..%2fetc%2fpasswd", "/drafts/%00", "/drafts/%2e%2e/customer", "/sends/%ff%fe",
		"/referrals/%2e%2e%2fx/response.json", "/practice/%2e%2e/%2e%2e/etc/passwd",
		"/drafts/" + strings.Repeat("x", 50<<10), "/" + strings.Repeat("../", 1000) + "etc/passwd",
		"//etc/passwd", "/%2fetc%2fpasswd", "/referrals?q=%00%ff", "/drafts/x/%0d%0aX-Planted:%20yes",
	} {
		res, body := h.ask("GET "+path, cookies)
		short := path[:min(len(path), 80)]
		switch {
		case res == nil:
			t.Errorf("%s: no answer", short)
		case res.StatusCode >= 500:
			t.Errorf("%s: %s", short, res.Status)
		case strings.Contains(body, "module tandem") || strings.Contains(body, "root:"):
			t.Errorf("%s: a file that is not served", short)
		case strings.HasPrefix(path, "/static") && res.StatusCode == http.StatusOK:
			t.Errorf("%s: %s", short, res.Status)
		}
	}
}

// TestPlantedHeaders puts line ends into everything that reaches a header of the answer.
func TestPlantedHeaders(t *testing.T) {
	h := newHostile(t, 0)
	const planted = "x%0d%0aX-Planted:%20yes%0d%0a%0d%0a<script>"
	cookies := "Cookie: " + h.cookies()
	for _, line := range []string{
		"GET /auth/sign-in?return_to=/" + planted, "GET /auth/sign-in?reason=" + planted,
		"GET /auth/callback?state=" + planted + "&code=" + planted, "GET /" + planted,
		"GET /drafts?lang=en&q=" + planted, "GET /drafts?lang=" + planted,
		"GET /referrals.csv?q=" + planted, "GET /referrals?tab=" + planted,
		"GET /drafts/" + planted + "/customer", "POST /sends/" + planted + "/check",
		"POST /drafts/" + planted + "/send", "GET /referrals/" + planted + "/response.json",
		"GET /drafts/new?customerProfile.name=" + planted, "GET /static/" + planted,
	} {
		for _, who := range []string{cookies, "Cookie: lang=" + planted} {
			res, _ := h.ask(line, who, "Accept-Language: "+planted)
			if res == nil || res.Header.Get("X-Planted") != "" || res.StatusCode >= 500 {
				t.Errorf("%s: %v", line, res)
			}
		}
	}
}

// TestSignInLeadsNowhereElse signs in by links that would lead the person away.
func TestSignInLeadsNowhereElse(t *testing.T) {
	s := practiceProgram(t, world{now: time.Now})
	for _, away := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`,
		`\\evil.example`, "/\t/evil.example", "/%09/evil.example", "https:evil.example",
		"javascript:alert(1)", "/\n//evil.example", "///evil.example", "/.//evil.example",
		"http://localhost@evil.example/", "%2f%2fevil.example"} {
		v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
		v.returnTo = away
		to := v.signedInAt()
		if "http://"+to.Host != v.url {
			t.Errorf("return_to %q leads to %s", away, to)
		}
	}
}

// TestSessionsAreNotPlanted signs in with a session that somebody else knows: it ends, and another
// begins. At sign-out a copy of the cookie is worth nothing any more.
func TestSessionsAreNotPlanted(t *testing.T) {
	h := newHostile(t, 0)
	known := h.cookies()
	signedIn := func(cookies string) bool {
		res, _ := h.ask("GET /drafts", "Cookie: "+cookies)
		return res != nil && res.StatusCode == http.StatusOK
	}
	if !signedIn(known) {
		t.Fatal("the rep is not signed in")
	}
	h.signIn()
	stolen := h.cookies()
	if signedIn(known) || !signedIn(stolen) {
		t.Error("the planted session goes on")
	}
	h.try("/auth/sign-out", nil)
	if signedIn(stolen) {
		t.Error("a stolen cookie outlives the sign-out")
	}
	if strings.Contains(h.cookies(), "tandem=") {
		t.Error("the browser keeps the cookie of a session that is over")
	}
}

// TestTricksWithMethods asks for changes by other methods than POST, and names POST elsewhere.
func TestTricksWithMethods(t *testing.T) {
	h := newHostile(t, 0)
	draft, cookies := h.draft(), "Cookie: "+h.cookies()
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
		"CONNECT", "post", "BREW"} {
		for _, path := range []string{"/delete", "/send", "/type?dealType=private"} {
			line := fmt.Sprintf("%s /drafts/%s%s", method, draft, path)
			res, body := h.ask(line, cookies, "X-HTTP-Method-Override: POST",
				"X-HTTP-Method: POST", "X-Method-Override: POST")
			if res != nil && res.StatusCode >= 500 || strings.Contains(body, "Method-Override") {
				t.Errorf("%s: %v", line, res)
			}
		}
		h.ask(method+" /drafts/"+draft+"/delete?_method=POST", cookies)
	}
	if h.server.practice.Simulator().Count() != 0 {
		t.Error("the draft was sent")
	}
	h.settled(h.send(draft)) // it is there, and not sent
}

// TestPeopleApart opens what is one rep's with the session of another.
func TestPeopleApart(t *testing.T) {
	h := newHostile(t, 0)
	draft := h.draft()
	send := h.send(draft)
	sent := h.settled(send)
	other := newVisitor(t, h.url, h.issuer, h.store)
	other.person = "daniel.okafor@northbridge.example"
	other.signIn()
	for _, path := range []string{"/drafts/" + draft + "/customer", "/sends/" + send,
		"/referrals/" + sent.ReferralID, "/referrals/" + sent.ReferralID + "/response.json"} {
		if page := other.fetch(path); strings.Contains(page, "Contoso") {
			t.Errorf("%s is shown to another person", path)
		}
		if page := h.fetch(path); !strings.Contains(page, "Contoso") {
			t.Errorf("%s is not shown to its owner", path)
		}
	}
	jar, err := cookiejar.New(nil)
	h.must(err)
	other.client.Jar = jar
	if page := other.fetch("/referrals.csv"); strings.Contains(page, "Contoso") {
		t.Error("the list is shown to nobody in particular")
	}
}
