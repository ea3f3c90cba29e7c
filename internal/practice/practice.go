// Package practice stands in for Microsoft: an identity provider with invented
// people, and a simulator of the Partner Center Referrals API that can be told
// to fail. It serves practice mode, in which reps learn the program without
// sending anything, and the tests.
//
// Everything lives in memory and is gone at the end of the run.
package practice

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Options say where the program is that uses the stand-ins. Only BaseURL is required.
type Options struct {
	// BaseURL is the origin people's browsers see, such as
	// http://localhost:8080, without a path.
	BaseURL string
	// RedirectURL is the one address codes are sent to; empty means
	// /auth/callback below BaseURL.
	RedirectURL string
	// Stylesheet is the address of the style sheet for the pages served here;
	// empty leaves them without.
	Stylesheet string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// TokenLifetime is how long an access token is valid; zero means 60 minutes.
	TokenLifetime time.Duration
	// Capacity is how many referrals the simulator keeps before it is full, at
	// most 50000; zero means 5000.
	Capacity int
}

// The bounds on the memory that a run can take: a referral takes about 15 KB.
const (
	usualCapacity = 5000
	mostCapacity  = 50_000
)

// Practice is one run of the stand-ins. It is safe for concurrent use.
type Practice struct {
	base     string
	provider *provider
	register *register
	panel    *panel
	sim      *Simulator
}

// New prepares the stand-ins. They start empty: nobody is signed in, nothing is
// stored, no fault is queued.
func New(o Options) (*Practice, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	pages, err := newPages(o.Stylesheet)
	if err != nil {
		return nil, err
	}
	reg := newRegister(o.Now, o.TokenLifetime)
	sim := newSimulator(o, reg)
	return &Practice{
		base: o.BaseURL, provider: newProvider(o, reg, pages), register: reg, sim: sim,
		panel: &panel{sim: sim, register: reg, pages: pages},
	}, nil
}

// complete fills in what may be left out, and checks the rest.
func (o Options) complete() (Options, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil {
		return o, fmt.Errorf("practice base url: %w", err)
	}
	if u.Host == "" || u.Path != "" && u.Path != "/" {
		return o, errors.New("practice base url: must be an origin, without a path")
	}
	o.BaseURL = u.Scheme + "://" + u.Host
	o.RedirectURL = cmp.Or(o.RedirectURL, o.BaseURL+"/auth/callback")
	o.TokenLifetime = cmp.Or(max(o.TokenLifetime, 0), time.Hour)
	o.Capacity = cmp.Or(o.Capacity, usualCapacity)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Capacity < 0 || o.Capacity > mostCapacity {
		return o, fmt.Errorf("practice capacity: must be from 1 to %d", mostCapacity)
	}
	return o, nil
}

// Issuer is the URL of the identity provider, for OpenID discovery.
func (p *Practice) Issuer() string { return p.provider.issuer }

// ClientID is the id of the program at the identity provider.
func (p *Practice) ClientID() string { return p.provider.clientID }

// ClientSecret goes with ClientID; it is new in every run.
func (p *Practice) ClientSecret() string { return p.provider.secret }

// Simulator is the Partner API, to be served at the root of a listener of its
// own, over HTTP/1.
func (p *Practice) Simulator() *Simulator { return p.sim }

// Handler serves the identity provider below /practice/idp/ and the page
// "Practice controls" at /practice/. Requests arrive with their whole path.
func (p *Practice) Handler() http.Handler {
	mux := http.NewServeMux()
	p.provider.routes(mux)
	p.panel.routes(mux)
	return mux
}

// SignIn signs a person in without a browser and returns an access token. The
// claims are the JSON that an authorize request would carry, or empty.
func (p *Practice) SignIn(email, claims string) (token string, err error) {
	person, ok := personByEmail(email)
	if !ok {
		return "", fmt.Errorf("practice sign-in: nobody has the e-mail address %q", email)
	}
	g := p.register.signIn(grant{person: person, scope: "openid", claims: claims,
		fresh: true})
	return p.register.issue(g).access, nil
}

// ExpireAccessTokens makes every access token invalid, as if an hour had gone by;
// refresh tokens stay valid.
func (p *Practice) ExpireAccessTokens() { p.register.forget(false) }

// SignEveryoneOut makes every access and every refresh token invalid.
func (p *Practice) SignEveryoneOut() { p.register.forget(true) }

func randomText() string { return rand.Text() }
