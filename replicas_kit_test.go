package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tandem/internal/pgtest"
	"tandem/internal/practice"
	"tandem/internal/store"
)

// replicaOfTest is set for a process that is the program, not the test of it.
const replicaOfTest = "REPLICA_OF_TEST"

// probeEvery is how often the balancer asks, and drain how long a replica goes on that was told to
// stop: long enough for a slow machine to ask twice.
const (
	probeEvery = 100 * time.Millisecond
	drain      = "3s"
)

const replicaKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// replicas are two processes of the program on one database, what stands in for Microsoft, and a
// person who visits them.
type replicas struct {
	*visitor
	practice *practice.Practice
	process  [2]*exec.Cmd
	database string
	// addr is where each serves, api where it finds the API.
	addr, api [2]string
	dead      [2]atomic.Bool
	// up is what each said of itself when it was asked last.
	up   [2]atomic.Bool
	turn atomic.Int32
	// posts counts the referrals that each process has begun to create.
	posts [2]atomic.Int32
}

func newReplicas(t *testing.T) *replicas {
	t.Helper()
	c := &replicas{visitor: newVisitor(t, "", "", nil)}
	c.url = c.serve(&httputil.ReverseProxy{Rewrite: c.balance}).URL
	idp := httptest.NewUnstartedServer(nil)
	var err error
	c.practice, err = practice.New(practice.Options{BaseURL: "http://" + idp.Listener.Addr().String(),
		RedirectURL: c.url + "/auth/callback"})
	c.must(err)
	idp.Config.Handler = c.practice.Handler()
	idp.Start()
	t.Cleanup(idp.Close)
	c.database = pgtest.URL(t)
	for i := range c.process {
		c.addr[i], c.api[i] = freeAddr(t), c.serve(c.gateway(i)).URL
		c.must(c.start(i))
		t.Cleanup(func() { c.kill(i) })
	}
	go c.probe()
	for i := range c.process {
		c.ready(i)
	}
	c.open(c.database)
	c.issuer = c.practice.Issuer()
	return c
}

func (c *replicas) serve(h http.Handler) *httptest.Server {
	server := httptest.NewServer(h)
	c.Cleanup(server.Close)
	return server
}

// balance takes turns among those that live and are ready.
func (c *replicas) balance(r *httputil.ProxyRequest) {
	i := int(c.turn.Add(1)) % len(c.addr)
	if c.dead[i].Load() || !c.up[i].Load() {
		i = 1 - i
	}
	r.SetURL(&url.URL{Scheme: "http", Host: c.addr[i]})
	r.Out.Host = r.In.Host
}

// gateway is the way of one replica to the API, to tell who calls it.
func (c *replicas) gateway(i int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			c.posts[i].Add(1)
		}
		c.practice.Simulator().ServeHTTP(w, r)
	})
}

// start starts a process.
func (c *replicas) start(i int) error {
	p := exec.Command(os.Args[0])
	p.Env = []string{replicaOfTest + "=1", "TANDEM_ADDR=" + c.addr[i], "TANDEM_BASE_URL=" + c.url,
		"TANDEM_DATABASE_URL=" + c.database, "TANDEM_SECRET_KEYS=" + replicaKey,
		"TANDEM_OIDC_ISSUER=" + c.practice.Issuer(), "TANDEM_API_BASE_URL=" + c.api[i],
		"TANDEM_OIDC_CLIENT_ID=" + c.practice.ClientID(),
		"TANDEM_OIDC_CLIENT_SECRET=" + c.practice.ClientSecret(), "TANDEM_DRAIN=" + drain}
	p.Stdout, p.Stderr = c.Output(), c.Output()
	c.process[i] = p
	c.dead[i].Store(false)
	return p.Start()
}

// roll restarts each process as an operator does, one after the other.
func (c *replicas) roll() error {
	for i, p := range c.process {
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		if err := p.Wait(); err != nil {
			return fmt.Errorf("replica %d ended: %w", i, err)
		}
		c.up[i].Store(false)
		if err := c.start(i); err != nil {
			return err
		}
		for range 300 {
			if c.up[i].Load() {
				break
			}
			time.Sleep(probeEvery)
		}
		if !c.up[i].Load() {
			return fmt.Errorf("replica %d does not come back", i)
		}
	}
	return nil
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
	c.eventually("a replica that is ready", 30*time.Second, c.up[i].Load)
}

// probe asks each replica again and again whether it is ready, until the test ends.
func (c *replicas) probe() {
	probes := http.Client{Timeout: time.Second,
		Transport: &http.Transport{DisableKeepAlives: true}}
	ended, tick := make(chan struct{}), time.NewTicker(probeEvery)
	c.Cleanup(func() { tick.Stop(); close(ended) })
	for {
		for i := range c.addr {
			res, err := probes.Get("http://" + c.addr[i] + "/readyz")
			c.up[i].Store(err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK)
		}
		select {
		case <-ended:
			return
		case <-tick.C:
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
