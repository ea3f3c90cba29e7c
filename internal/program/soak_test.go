package program

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

var soakSends = flag.Int("soak.sends", 45, "sends of TestSoak")

// One POST of so many meets a fault, and everything has so long to end.
const (
	soakFaults = 20
	soakLimit  = 40 * time.Minute
)

// TestSoak has three reps send many deals by HTTP, while one in twenty POSTs fails in one of all
// the ways that the simulator knows. The reps check, send again and sign in as their pages ask them
// to. In the end each deal is accepted, and Microsoft has each once.
func TestSoak(t *testing.T) {
	s := newSoak(t)
	began := time.Now()
	var sending sync.WaitGroup
	for i, v := range s.reps {
		sending.Go(func() { s.send(v, (*soakSends+i)/len(s.reps)) })
	}
	for s.accepted() < *soakSends {
		if time.Since(began) > soakLimit {
			t.Fatalf("%d of %d accepted after %v", s.accepted(), *soakSends, soakLimit)
		}
		for _, v := range s.reps {
			s.attend(v)
		}
		s.sample()
		time.Sleep(time.Second)
	}
	sending.Wait()
	s.next = 0
	s.sample()
	s.check()
	s.tell(time.Since(began))
}

// soak is one process of the program on SQLite, the reps, and what was measured.
type soak struct {
	*replicas
	reps []*visitor

	mu     sync.Mutex
	rand   *rand.Rand
	faults map[practice.Kind]int
	memory []string
	next   int
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{rand: rand.New(rand.NewPCG(1, 1)), faults: map[practice.Kind]int{}}
	s.replicas = newCluster(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), 1)
	for _, p := range practice.People() {
		if p.Access == practice.NoAccess {
			continue
		}
		v := newVisitor(t, s.url, s.issuer, s.store)
		v.person = p.Email
		v.signIn()
		s.reps = append(s.reps, v)
	}
	fail := s.fail
	s.meddle.Store(&fail)
	return s
}

// fail lets one POST of so many go wrong, in the simulator.
func (s *soak) fail(http.ResponseWriter, *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rand.IntN(soakFaults) != 0 {
		return false
	}
	all := practice.Faults()
	kind := all[s.rand.IntN(len(all))].Kind
	s.faults[kind]++
	s.must(s.practice.Simulator().Fail(practice.Fault{Kind: kind, Method: http.MethodPost}))
	return false
}

// send sends so many drafts. It waits when the site asks for that, and presses the button again
// when he is signing in anew at that moment.
func (s *soak) send(v *visitor, n int) {
	for range n {
		path := "/drafts/" + v.draft() + "/send"
		for !strings.HasPrefix(v.submitted(path, nil).Header.Get("Location"), "/sends/") {
			time.Sleep(time.Second)
		}
	}
}

// urge presses a button and returns the status of the answer.
func (s *soak) urge(v *visitor, path string) int {
	status := v.try(path, nil)
	if status != http.StatusSeeOther && status != http.StatusTooManyRequests {
		s.Errorf("POST %s: %d", path, status)
	}
	return status
}

// attend does what the pages of a rep's sends that need attention offer.
func (s *soak) attend(v *visitor) {
	s.Helper()
	all, err := s.store.Attention(s.Context(), s.caller(v))
	s.must(err)
	for _, one := range all {
		path := "/sends/" + one.ID
		switch {
		case one.AwaitsSignIn():
			v.signedInAt()
			return
		case one.MayRepeat():
			path += "/again"
		case one.LookingUp():
			continue
		default:
			path += "/check"
		}
		if s.urge(v, path) == http.StatusTooManyRequests {
			return
		}
	}
}

func (s *soak) caller(v *visitor) (c referral.Caller) {
	s.Helper()
	s.must(s.store.Writer().QueryRow(`SELECT id FROM users WHERE email = $1`, v.person).
		Scan(&c.UserID))
	return c
}

func (s *soak) accepted() (n int) {
	s.Helper()
	s.must(s.store.Writer().QueryRow(
		`SELECT COUNT(*) FROM sends WHERE state = 'accepted'`).Scan(&n))
	return n
}

// sample notes the memory of the process, ten times on the way: all of it, and what it asked for
// itself. The rest are pages of the program's file and of the database.
func (s *soak) sample() {
	s.Helper()
	n := s.accepted()
	if n < s.next {
		return
	}
	s.next = n + *soakSends/10
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.all[0].Process.Pid))
	if err != nil {
		return // not Linux
	}
	of := map[string]int{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		if fields := strings.Fields(value); len(fields) > 0 {
			of[name], _ = strconv.Atoi(fields[0])
		}
	}
	s.memory = append(s.memory, fmt.Sprintf("%d: %d MB, own %d MB", n, of["VmRSS"]/1024,
		of["RssAnon"]/1024))
}

// check wants each deal once.
func (s *soak) check() {
	s.Helper()
	deals := map[string]int{}
	for _, r := range s.practice.Simulator().Referrals() {
		deals[r.ExternalReferenceID]++
	}
	for id, n := range deals {
		if n != 1 {
			s.Errorf("%d referrals of %s", n, id)
		}
	}
	if n := s.practice.Simulator().Count(); n != *soakSends || len(deals) != *soakSends {
		s.Errorf("%d referrals of %d deals, want %d", n, len(deals), *soakSends)
	}
}

// tell logs the figures.
func (s *soak) tell(took time.Duration) {
	s.Helper()
	rows, err := s.store.Writer().QueryContext(s.Context(),
		`SELECT updated_at - created_at FROM sends WHERE state = 'accepted'`)
	s.must(err)
	defer rows.Close()
	var waits []time.Duration
	for rows.Next() {
		var micros int64
		s.must(rows.Scan(&micros))
		waits = append(waits, time.Duration(micros)*time.Microsecond)
	}
	slices.Sort(waits)
	at := func(percent int) time.Duration { return waits[(len(waits)-1)*percent/100] }
	s.Logf("%d accepted in %v, %.1f a second; from the commit to accepted: p50 %v, p90 %v, p99 %v",
		len(waits), took.Round(time.Second), float64(len(waits))/took.Seconds(), at(50), at(90), at(99))
	s.Logf("memory after so many: %v", s.memory)
	s.Logf("faults: %v", s.faults)
}
