package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// randomBytes gives 43 letters, which is what RFC 7636 §4.1 asks of a verifier.
const randomBytes = 32

// Flow is a sign-in under way: what the browser must bring back with the provider's answer.
type Flow struct {
	// State, Nonce and Verifier are the random values of the request.
	State, Nonce, Verifier string
	// ReturnTo is that of the Request.
	ReturnTo string
	// Started is when the flow began.
	Started time.Time
}

// Request is what a sign-in is asked for. All of it may be empty.
type Request struct {
	// ReturnTo is the local path to go to afterwards.
	ReturnTo string
	// Claims is the JSON of a claims challenge that the sign-in answers.
	Claims string
	// LoginHint names who should sign in.
	LoginHint string
	// Fresh makes the person authenticate again even when the provider has a session (prompt=login,
	// OpenID Connect Core §3.1.2.1).
	Fresh bool
}

// Begin returns the URL to send the browser to, and the flow to keep for Finish.
func (p *Provider) Begin(ctx context.Context, r Request) (authURL string, f Flow, err error) {
	m, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f = Flow{ReturnTo: r.ReturnTo, Started: p.config.Now()}
	for _, value := range []*string{&f.State, &f.Nonce, &f.Verifier} {
		if *value, err = p.random(); err != nil {
			return "", Flow{}, err
		}
	}
	return p.oauth(m).AuthCodeURL(f.State, options(r, f)...), f, nil
}

func options(r Request, f Flow) []oauth2.AuthCodeOption {
	all := []oauth2.AuthCodeOption{
		oidc.Nonce(f.Nonce),
		oauth2.S256ChallengeOption(f.Verifier),
		// A form_post would come without our SameSite=Lax cookie.
		oauth2.SetAuthURLParam("response_mode", "query"),
	}
	if r.Claims != "" {
		all = append(all, oauth2.SetAuthURLParam("claims", r.Claims))
	}
	if r.LoginHint != "" {
		all = append(all, oauth2.SetAuthURLParam("login_hint", r.LoginHint))
	}
	if r.Fresh {
		all = append(all, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return all
}

func (p *Provider) random() (string, error) {
	b := make([]byte, randomBytes)
	if _, err := io.ReadFull(p.config.Rand, b); err != nil {
		return "", fmt.Errorf("beginning a sign-in: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Finish takes the query the browser came back with. The errors are ErrState, ErrDenied, ErrTenant,
// ErrIDToken, ErrUnavailable, or another *ProviderError.
func (p *Provider) Finish(
	ctx context.Context, f Flow, query url.Values,
) (who Identity, token Token, err error) {
	code, err := answer(f, query)
	if err != nil {
		return Identity{}, Token{}, err
	}
	m, err := p.discover(ctx)
	if err != nil {
		return Identity{}, Token{}, err
	}
	token, err = p.exchange(ctx, m, f, code)
	if err != nil {
		return Identity{}, Token{}, err
	}
	who, err = p.identify(ctx, m, f, token.IDToken)
	if err != nil {
		return Identity{}, Token{}, err
	}
	return who, token, nil
}

// answer returns the code the provider sent, once the answer is known to be for this flow.
func answer(f Flow, query url.Values) (code string, err error) {
	state := query.Get("state")
	if f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1 {
		return "", ErrState
	}
	if query.Get("error") != "" {
		return "", &ProviderError{
			Code:   plain(query.Get("error")),
			Number: number(query.Get("error_description")),
		}
	}
	if query.Get("code") == "" {
		return "", fmt.Errorf("%w: it has no code", ErrState)
	}
	return query.Get("code"), nil
}

func (p *Provider) exchange(
	ctx context.Context, m *metadata, f Flow, code string,
) (Token, error) {
	ctx = oidc.ClientContext(ctx, p.config.HTTP)
	t, err := p.oauth(m).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return Token{}, fmt.Errorf("exchanging a code: %w", tokenError(err))
	}
	return p.token(t), nil
}

// refresh returns the next token. Parts that the provider does not renew stay as they were.
func (p *Provider) refresh(ctx context.Context, old Token) (Token, error) {
	m, err := p.discover(ctx)
	if err != nil {
		return Token{}, err
	}
	ctx = oidc.ClientContext(ctx, p.config.HTTP)
	t, err := p.oauth(m).TokenSource(ctx, &oauth2.Token{RefreshToken: old.Refresh}).Token()
	if err != nil {
		return Token{}, fmt.Errorf("refreshing a token: %w", tokenError(err))
	}
	fresh := p.token(t)
	if fresh.IDToken == "" {
		fresh.IDToken = old.IDToken
	}
	return fresh, nil
}

func (p *Provider) token(t *oauth2.Token) Token {
	token := Token{Access: t.AccessToken, Refresh: t.RefreshToken}
	if t.ExpiresIn > 0 {
		token.Expiry = p.config.Now().Add(time.Duration(t.ExpiresIn) * time.Second)
	}
	token.IDToken, _ = t.Extra("id_token").(string)
	return token
}
