package program

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// gate is the way to a database, which can be shut.
type gate struct {
	net.Listener
	to string

	mu   sync.Mutex
	open bool
	all  []net.Conn
}

// newGate returns a gate that is open, and the database's URL through it.
func newGate(t *testing.T, database string) (g *gate, through string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g = &gate{Listener: l, to: u.Host, open: true}
	t.Cleanup(func() { g.set(false); l.Close() })
	go g.serve()
	u.Host = l.Addr().String()
	return g, u.String()
}

func (g *gate) serve() {
	for {
		in, err := g.Accept()
		if err != nil {
			return
		}
		g.pass(in)
	}
}

func (g *gate) pass(in net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	out, err := net.Dial("tcp", g.to)
	if err != nil || !g.open {
		in.Close()
		return
	}
	g.all = append(g.all, in, out)
	for _, ends := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			io.Copy(ends[0], ends[1])
			ends[0].Close()
		}()
	}
}

// set opens the gate, or shuts it and cuts all connections.
func (g *gate) set(open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = open
	if !open {
		for _, c := range g.all {
			c.Close()
		}
		g.all = nil
	}
}

// TestDatabaseAway cuts the program off from its database for a while, in the middle of sends.
// People are told what holds and what to do, and all goes on without a restart once the database is
// back.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	gate, through := newGate(t, database)
	c := newCluster(t, through, 1)
	c.database = database
	c.open()
	c.signIn()
	draft, middle := c.draft(), c.draft()
	c.must(c.practice.Simulator().Fail(practice.Fault{Kind: practice.Slow, Method: http.MethodPost,
		Delay: time.Second}))
	send := c.send(middle)
	c.sending()
	gate.set(false)
	c.away(c.client.Get(c.url + "/drafts"))("deals on their way to Microsoft go on by themselves")
	c.away(c.client.PostForm(c.url+"/drafts/"+draft+"/deal", url.Values{"go": {"later"}}))(
		"What you entered on the last page may not be saved")
	c.eventually("a replica that is not ready", 10*time.Second, func() bool { return !c.all[0].up.Load() })
	gate.set(true)
	c.ready(c.all[0])
	c.visit("/drafts")
	for _, id := range []string{send, c.send(draft)} {
		if s := c.settled(id); s.State != referral.Accepted || len(s.Attempts) != 1 {
			t.Errorf("a send is %s after %d attempts", s.State, len(s.Attempts))
		}
	}
	if n := c.practice.Simulator().Count(); n != 2 {
		t.Errorf("%d referrals, want 2", n)
	}
}

// away returns what fails unless the answer is the page that says so, with the text.
func (c *replicas) away(res *http.Response, err error) func(text string) {
	c.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	c.must(err)
	return func(text string) {
		c.Helper()
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" ||
			!strings.Contains(string(body), text) || strings.Contains(string(body), "ds-button") {
			c.Errorf("%s with %v: %s", res.Status, res.Header, body)
		}
	}
}
