package practice

import (
	"maps"
	"sync"
	"time"
)

const (
	codeLifetime    = time.Minute
	refreshLifetime = 90 * 24 * time.Hour
)

// grant is what a sign-in gave. A refresh passes it on unchanged.
type grant struct {
	person Person
	scope  string
	nonce  string
	claims string
	// fresh says that the person was made to sign in, though he may have been remembered.
	fresh bool
	// number counts sign-ins: a higher one is a later sign-in, whatever the clock.
	number  int
	at      time.Time
	expires time.Time
}

// code is a grant on its way through the browser.
type code struct {
	grant
	redirect, challenge string
}

type tokens struct {
	access, refresh string
	lifetime        time.Duration
}

// register knows all codes and tokens. The provider writes it, the simulator
// reads it.
type register struct {
	now      func() time.Time
	lifetime time.Duration
	random   func() string

	mu      sync.Mutex
	signIns int
	codes   map[string]code
	access  map[string]grant
	refresh map[string]grant
}

func newRegister(now func() time.Time, lifetime time.Duration) *register {
	return &register{
		now: now, lifetime: lifetime, random: randomText,
		codes: map[string]code{}, access: map[string]grant{}, refresh: map[string]grant{},
	}
}

// signIn returns g marked as a new sign-in.
func (r *register) signIn(g grant) grant {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signIns++
	g.number, g.at = r.signIns, r.now()
	return g
}

func (r *register) newCode(c code) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.expires = r.now().Add(codeLifetime)
	r.tidy()
	key := r.random()
	r.codes[key] = c
	return key
}

// redeem uses a code up, even if it turns out not to be valid.
func (r *register) redeem(key string) (code, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.codes[key]
	delete(r.codes, key)
	return c, ok && r.now().Before(c.expires)
}

func (r *register) issue(g grant) tokens {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tidy()
	t := tokens{access: r.random(), refresh: r.random(), lifetime: r.lifetime}
	g.expires = r.now().Add(r.lifetime)
	r.access[t.access] = g
	g.expires = r.now().Add(refreshLifetime)
	r.refresh[t.refresh] = g
	return t
}

// renew uses a refresh token up and returns its grant.
func (r *register) renew(token string) (grant, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g, ok := r.refresh[token]
	delete(r.refresh, token)
	g.nonce = ""
	return g, ok && r.now().Before(g.expires)
}

func (r *register) holder(token string) (grant, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g, ok := r.access[token]
	return g, ok && r.now().Before(g.expires)
}

func (r *register) forget(refreshToo bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.access)
	if refreshToo {
		clear(r.refresh)
	}
}

func (r *register) tidy() {
	now := r.now()
	past := func(_ string, g grant) bool { return !now.Before(g.expires) }
	maps.DeleteFunc(r.access, past)
	maps.DeleteFunc(r.refresh, past)
	maps.DeleteFunc(r.codes, func(key string, c code) bool { return past(key, c.grant) })
}
