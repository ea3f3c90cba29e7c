// Package auth signs people in with an OpenID provider and keeps their delegated tokens fresh.
//
// It is written for Microsoft Entra ID and works with any provider that has discovery and the
// authorization code flow with PKCE. Access tokens are opaque here: they are never parsed.
package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// callTimeout is for one call to the provider, when Config.HTTP sets no other.
const callTimeout = 10 * time.Second

// Config is what a Provider is made of. Issuer, ClientID and RedirectURL are required.
type Config struct {
	// Issuer is the provider's own spelling of its URL. One that ends in /organizations/v2.0 is
	// Entra ID for every organisation; it needs AllowedTenants.
	Issuer string
	// ClientID and ClientSecret are ours at the provider.
	ClientID, ClientSecret string
	// Certificate, with its RSA key, proves who we are in place of ClientSecret, which is then
	// never sent; nil means the secret.
	Certificate *tls.Certificate
	// RedirectURL is where the browser comes back to, PostLogoutURL where it goes after a
	// sign-out; empty leaves that to the provider.
	RedirectURL, PostLogoutURL string
	// Scopes are asked for at every sign-in.
	Scopes []string
	// AllowedTenants are GUIDs in lower case. When there are any, nobody else gets in.
	AllowedTenants []string
	// HTTP makes the calls; nil means a client with a time limit of its own.
	HTTP *http.Client
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Rand makes state, nonce, verifier and the ids of assertions; nil means crypto/rand.
	Rand io.Reader
	// Observe is told how refreshes of tokens end; may be nil.
	Observe Observer
}

// Provider is an OpenID provider, which may be down at any time. It is safe for concurrent use.
type Provider struct {
	config Config

	mu   sync.Mutex
	last *discovery
}

// New returns a Provider and makes no call: the metadata is read at the first use.
func New(c Config) *Provider {
	c.HTTP = client(c.HTTP)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Certificate != nil {
		c.ClientSecret = ""
		c.HTTP.Transport = newAsserter(c)
	}
	return &Provider{config: c}
}

// client returns a copy that has a time limit and never sends a secret to another address.
func client(given *http.Client) *http.Client {
	c := &http.Client{}
	if given != nil {
		*c = *given
	}
	if c.Timeout == 0 {
		c.Timeout = callTimeout
	}
	c.CheckRedirect = stay
	c.Transport = bounded{cmp.Or(c.Transport, http.DefaultTransport)}
	return c
}

// stay follows redirects of the metadata only, and never to a scheme that is less safe. A
// redirected POST would carry the client secret.
func stay(to *http.Request, via []*http.Request) error {
	const most = 5
	if via[0].Method != http.MethodGet || len(via) > most || to.URL.Scheme != via[0].URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

// Ready returns nil when people can sign in. The error is ErrUnavailable when the provider does
// not answer; anything else is for an administrator. A failure is remembered for a few seconds.
func (p *Provider) Ready(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// Origins returns the origins (scheme and host) a form of ours may lead to by a redirect: those of
// the provider's sign-in and sign-out pages, or the issuer's while nothing more is known.
func (p *Provider) Origins() []string {
	pages := []string{p.config.Issuer}
	if m := p.discovered(); m != nil {
		pages = []string{m.Endpoint().AuthURL, m.signOut}
	}
	var origins []string
	for _, page := range pages {
		u, err := url.Parse(page)
		if err != nil || u.Host == "" {
			continue
		}
		if o := u.Scheme + "://" + u.Host; !slices.Contains(origins, o) {
			origins = append(origins, o)
		}
	}
	return origins
}

// everyOrganisation reports whether the issuer is Entra ID for every organisation.
func (p *Provider) everyOrganisation() bool {
	return strings.HasSuffix(p.config.Issuer, "/organizations/v2.0")
}

// template is the issuer that Entra ID prints for every organisation, with {tenantid} in the place
// of the tenant.
func (p *Provider) template() string {
	return strings.TrimSuffix(p.config.Issuer, "organizations/v2.0") + "{tenantid}/v2.0"
}

// Token is what a sign-in gives. It prints as "(hidden)".
type Token struct {
	// Access is the bearer token for the Partner API. Refresh gets the next one; it may be empty.
	Access, Refresh string
	// Expiry is the end of Access; zero means unknown.
	Expiry time.Time
	// IDToken is for SignOutURL.
	IDToken string
}

// Format hides the token from package fmt.
func (Token) Format(f fmt.State, _ rune) { io.WriteString(f, "(hidden)") }

// LogValue hides the token from log/slog.
func (Token) LogValue() slog.Value { return slog.StringValue("(hidden)") }
