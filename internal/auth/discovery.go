package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// failureAge is how long a failed discovery is remembered, so that not every page asks a provider
// that is down.
const failureAge = 5 * time.Second

// metadata is what the provider says of itself.
type metadata struct {
	*oidc.Provider
	signOut string
}

// discovery is one attempt to read the metadata. The fields are set when done is closed.
type discovery struct {
	done chan struct{}
	at   time.Time
	meta *metadata
	err  error
}

// finished returns whether the attempt is over.
func (d *discovery) finished() bool {
	select {
	case <-d.done:
		return true
	default:
		return false
	}
}

// discover returns the metadata, reading it when nobody has yet. Callers share one attempt, which
// goes on when one of them leaves.
func (p *Provider) discover(ctx context.Context) (*metadata, error) {
	d := p.attempt(ctx)
	select {
	case <-d.done:
		return d.meta, d.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

func (p *Provider) attempt(ctx context.Context) *discovery {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d := p.last; d != nil && !(d.finished() && d.err != nil && p.config.Now().After(d.at)) {
		return d
	}
	d := &discovery{done: make(chan struct{})}
	p.last = d
	go func() {
		defer close(d.done)
		d.meta, d.err = p.read(context.WithoutCancel(ctx))
		d.at = p.config.Now().Add(failureAge)
	}()
	return d
}

// discovered returns the metadata if it was read already, else nil.
func (p *Provider) discovered() *metadata {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil || !p.last.finished() {
		return nil
	}
	return p.last.meta
}

func (p *Provider) read(ctx context.Context) (*metadata, error) {
	ctx = oidc.ClientContext(ctx, p.config.HTTP)
	if p.everyOrganisation() {
		ctx = oidc.InsecureIssuerURLContext(ctx, p.template())
	}
	provider, err := oidc.NewProvider(ctx, p.config.Issuer)
	var mismatch *oidc.IssuerMismatchError
	if errors.As(err, &mismatch) {
		return nil, fmt.Errorf("discovering %s: %w", p.config.Issuer, mismatch)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: discovering %s: %.300v", ErrUnavailable, p.config.Issuer, err)
	}
	var more struct {
		Issuer  string `json:"issuer"`
		SignOut string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, fmt.Errorf("discovering %s: %w", p.config.Issuer, err)
	}
	if p.everyOrganisation() && more.Issuer != p.template() {
		return nil, fmt.Errorf("discovering %s: the issuer there is %q", p.config.Issuer, more.Issuer)
	}
	return &metadata{Provider: provider, signOut: more.SignOut}, nil
}

// oauth is the client for a provider with this metadata. The secret goes into the form: trying
// both ways, as the default does, would post a code twice.
func (p *Provider) oauth(m *metadata) *oauth2.Config {
	endpoint := m.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return &oauth2.Config{
		ClientID:     p.config.ClientID,
		ClientSecret: p.config.ClientSecret,
		Endpoint:     endpoint,
		RedirectURL:  p.config.RedirectURL,
		Scopes:       p.config.Scopes,
	}
}
