// Package partnercenter calls Microsoft's Partner Center Referrals API: it
// knows HTTP and the wire types, and nothing of the program around it.
//
// A call either returns an *Answer (or a *Page), or an error that is always an
// *Error. Both carry an Exchange: what went over the wire, and when. The one
// question that matters after a failed create is Exchange.Sent: false means
// that Microsoft cannot have seen the request, true that it may have carried
// it out.
//
// Nothing is ever sent twice: there are no retries of creates and changes,
// neither here nor in net/http, and no redirect is followed.
package partnercenter

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultTimeout bounds one call, from dialling to the last byte of the answer.
const DefaultTimeout = 20 * time.Second

// Client calls the API at one base URL. It is safe for concurrent use. Make one
// with New.
type Client struct {
	all     *url.URL // of the collection of referrals
	http    *http.Client
	timeout time.Duration // of one call; none when zero
	now     func() time.Time
}

// New returns a client for the API at base, the part of the URL before
// /v1.0/engagements. Anything but https is refused, except on a loopback
// address. A nil hc means NewHTTPClient(DefaultTimeout); of any other its
// transport and time-out are used, its redirects and cookies are not.
func New(base string, hc *http.Client) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("partner center base url: %w", cause(err))
	}
	if err := checkBase(u); err != nil {
		return nil, fmt.Errorf("partner center base url: %w", err)
	}
	if hc == nil {
		hc = NewHTTPClient(DefaultTimeout)
	}
	plain := &http.Client{
		Transport:     hc.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Client{all: u.JoinPath("v1.0", "engagements", "referrals"), http: plain,
		timeout: hc.Timeout, now: time.Now}, nil
}

func checkBase(u *url.URL) error {
	switch {
	case u.Host == "" || u.Opaque != "":
		return errors.New("not an absolute url")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("must not carry a user, a query or a fragment")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return errors.New("must be https, or http on a loopback address")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// How long a connection is kept for the next request after it fell idle.
const (
	idleLookUps = time.Minute
	idleChanges = time.Second
)

// NewHTTPClient returns the HTTP client meant for New. The timeout bounds one
// call as a whole; zero or less means DefaultTimeout.
//
// A connection that the other side closes just as a create or change goes out
// leaves its outcome in doubt. So these never share one at the same time, and
// take one that was used before only within a second: servers keep idle
// connections for longer than that.
func NewHTTPClient(timeout time.Duration) *http.Client {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	lookUps, changes := newTransport(idleLookUps, 8), newTransport(idleChanges, 64)
	changes.Protocols = new(http.Protocols)
	changes.Protocols.SetHTTP1(true) // HTTP/2 would put all of them on one connection
	return &http.Client{Timeout: timeout, Transport: byMethod{lookUps, changes}}
}

func newTransport(idle time.Duration, conns int) *http.Transport {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    conns,
		IdleConnTimeout:        idle,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}

type byMethod struct{ lookUps, changes *http.Transport }

func (t byMethod) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return t.lookUps.RoundTrip(req)
	}
	return t.changes.RoundTrip(req)
}

// referrals is the URL of the collection, or of one referral when id is given.
func (c *Client) referrals(id string) *url.URL {
	if id != "" {
		return c.all.JoinPath(url.PathEscape(id))
	}
	u := *c.all
	return &u
}

// checkID refuses what would address something else than one referral.
func checkID(id string) error {
	if strings.Trim(id, ".") == "" {
		return errors.New("no referral id")
	}
	return nil
}
