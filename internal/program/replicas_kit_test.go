package program

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
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

// replicas are processes of the program on one database, what stands in for Microsoft, and a person
// who visits them.
type replicas struct {
	*visitor
	practice *practice.Practice
	database string
	mu       sync.Mutex
	all      []*replica
	turn     atomic.Int32
	// meddle may answer a POST in the simulator's place, and tells whether it did.
	meddle atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
	// Posts that come while they are held never reach the API, refreshes not the identity provider.
	holdPosts, holdTokens atomic.Bool
	heldPosts, heldTokens atomic.Int32
	// Refreshes take so long, and which tokens were refreshed.
	refreshTakes atomic.Int64
	refreshed    sync.Map
}

// replica is one process.
type replica struct {
	*exec.Cmd
	// addr is where it serves, api where it finds the API.
	addr, api string
	dead      atomic.Bool
	// up is what it said of itself when it was asked last.
	up atomic.Bool
	// posts counts the referrals that it has begun to create.
	posts atomic.Int32
}

// newReplicas starts two processes on one PostgreSQL.
func newReplicas(t *testing.T) *replicas {
	t.Helper()
	return newCluster(t, pgtest.URL(t), 2)
}

// newCluster starts so many processes on a database.
func newCluster(t *testing.T, database string, n int) *replicas {
	t.Helper()
	c := &replicas{visitor: newVisitor(t, "", "", nil), database: database}
	c.url = c.serve(&httputil.ReverseProxy{Rewrite: c.balance}).URL
	idp := httptest.NewUnstartedServer(nil)
	var err error
	c.practice, err = practice.New(practice.Options{BaseURL: "http://" + idp.Listener.Addr().String(),
		RedirectURL: c.url + "/auth/callback", Capacity: 50_000})
	c.must(err)
	c.issuer = c.practice.Issuer()
	idp.Config.Handler = http.HandlerFunc(c.identify)
	idp.Start()
	t.Cleanup(idp.Close)
	for range n {
		c.add()
	}
	go c.probe()
	for _, r := range c.all {
		c.ready(r)
	}
	c.open()
	return c
}

// add starts one more process.
func (c *replicas) add() {
	c.Helper()
	r := &replica{addr: freeAddr(c)}
	r.api = c.serve(c.gateway(r)).URL
	c.must(c.start(r))
	c.Cleanup(func() { c.kill(r) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, r)
}

// replicas returns all processes, also the dead.
func (c *replicas) replicas() []*replica {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

func (c *replicas) serve(h http.Handler) *httptest.Server {
	server := httptest.NewServer(h)
	c.Cleanup(server.Close)
	return server
}

// balance takes turns among those that live and are ready.
func (c *replicas) balance(r *httputil.ProxyRequest) {
	all := c.replicas()
	to := all[int(c.turn.Add(1))%len(all)]
	for _, other := range all {
		if to.dead.Load() || !to.up.Load() {
			to = other
		}
	}
	r.SetURL(&url.URL{Scheme: "http", Host: to.addr})
	r.Out.Host = r.In.Host
}

// gateway is the way of one replica to the API, to tell who calls it.
func (c *replicas) gateway(from *replica) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			from.posts.Add(1)
			if c.holdPosts.Load() {
				c.heldPosts.Add(1)
				hold(r)
				return
			}
			if meddle := c.meddle.Load(); meddle != nil && (*meddle)(w, r) {
				return
			}
		}
		c.practice.Simulator().ServeHTTP(w, r)
	})
}

// identify is the identity provider.
func (c *replicas) identify(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/token") && c.holdTokens.Load() {
		c.heldTokens.Add(1)
		hold(r)
		return
	}
	if token := r.PostFormValue("refresh_token"); token != "" {
		if _, twice := c.refreshed.LoadOrStore(token, true); twice {
			c.Error("a token is refreshed for the second time")
		}
		time.Sleep(time.Duration(c.refreshTakes.Load()))
	}
	c.practice.Handler().ServeHTTP(w, r)
}

// refreshes counts the tokens that were refreshed.
func (c *replicas) refreshes() (n int) {
	c.refreshed.Range(func(any, any) bool { n++; return true })
	return n
}

// hold keeps a request until its caller goes away. Once the body is read, the server notices that.
func hold(r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err == nil {
		<-r.Context().Done()
	}
}

// start starts a process.
func (c *replicas) start(r *replica) error {
	p := exec.Command(os.Args[0])
	p.Env = []string{replicaOfTest + "=1", "TANDEM_ADDR=" + r.addr, "TANDEM_BASE_URL=" + c.url,
		"TANDEM_DATABASE_URL=" + c.database, "TANDEM_SECRET_KEYS=" + replicaKey,
		"TANDEM_OIDC_ISSUER=" + c.practice.Issuer(), "TANDEM_API_BASE_URL=" + r.api,
		"TANDEM_OIDC_CLIENT_ID=" + c.practice.ClientID(),
		"TANDEM_OIDC_CLIENT_SECRET=" + c.practice.ClientSecret(), "TANDEM_DRAIN=" + drain}
	p.Stdout, p.Stderr = c.Output(), c.Output()
	r.Cmd = p
	r.up.Store(false)
	r.dead.Store(false)
	return p.Start()
}

// roll restarts each process as an operator does, one after the other.
func (c *replicas) roll() error {
	for i, r := range c.all {
		if err := r.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		if err := r.turns(); err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
		if err := r.Wait(); err != nil {
			return fmt.Errorf("replica %d ended: %w", i, err)
		}
		if err := c.start(r); err != nil {
			return err
		}
		for range 300 {
			if r.up.Load() {
				break
			}
			time.Sleep(probeEvery)
		}
		if !r.up.Load() {
			return fmt.Errorf("replica %d does not come back", i)
		}
	}
	return nil
}

// turns waits until the process says that it is stopping, while it still serves.
func (r *replica) turns() error {
	for began := time.Now(); r.up.Load(); time.Sleep(probeEvery / 10) {
		if time.Since(began) > 2*time.Second {
			return errors.New("goes on saying that it is ready")
		}
	}
	res, err := http.Get("http://" + r.addr + "/healthz")
	if err != nil {
		return fmt.Errorf("stopped before others know: %w", err)
	}
	return res.Body.Close()
}

// kill ends a process at once.
func (c *replicas) kill(r *replica) {
	if r.dead.Swap(true) {
		return
	}
	if err := r.Process.Kill(); err != nil {
		c.Error(err)
	}
	_ = r.Wait() // says that it was killed
}

// other is the one of two that is not r.
func (c *replicas) other(r *replica) *replica {
	if r == c.all[0] {
		return c.all[1]
	}
	return c.all[0]
}

func (c *replicas) ready(r *replica) {
	c.Helper()
	c.eventually("a replica that is ready", 30*time.Second, r.up.Load)
}

// probe asks each replica again and again whether it is ready, until the test ends.
func (c *replicas) probe() {
	probes := http.Client{Timeout: time.Second,
		Transport: &http.Transport{DisableKeepAlives: true}}
	ended, tick := make(chan struct{}), time.NewTicker(probeEvery)
	c.Cleanup(func() { tick.Stop(); close(ended) })
	for {
		for _, r := range c.replicas() {
			res, err := probes.Get("http://" + r.addr + "/readyz")
			r.up.Store(err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK)
		}
		select {
		case <-ended:
			return
		case <-tick.C:
		}
	}
}

// open opens the database beside the processes.
func (c *replicas) open() {
	c.Helper()
	secret, err := base64.StdEncoding.DecodeString(replicaKey)
	c.must(err)
	keys, err := store.NewKeys([][]byte{secret})
	c.must(err)
	o := store.Options{URL: c.database, Keys: keys}
	if path, ok := strings.CutPrefix(c.database, "sqlite:"); ok {
		o.URL, o.Path = "", path
	}
	c.store, err = store.Open(context.Background(), o)
	c.must(err)
	c.Cleanup(func() { c.store.Close() })
}

// sending returns which process has begun to create the referral, once one has.
func (c *replicas) sending() (sender *replica) {
	c.Helper()
	c.eventually("a referral on its way", 10*time.Second, func() bool {
		for _, r := range c.all {
			if r.posts.Load() > 0 {
				sender = r
			}
		}
		return sender != nil
	})
	return sender
}
