package auth

import (
	"context"
	"net/url"
	"time"
)

const (
	// signOutWait is how long somebody who signs out waits for a provider that does not answer.
	signOutWait = 3 * time.Second
	// longestHint keeps the URL below what servers take.
	longestHint = 4 << 10
)

// SignOutURL returns where to send the browser to end the session at the provider as well, or ""
// when the provider has no such page or does not answer. Both hints may be empty. OpenID Connect
// RP-Initiated Logout §2.
func (p *Provider) SignOutURL(ctx context.Context, idToken, loginHint string) string {
	ctx, cancel := context.WithTimeout(ctx, signOutWait)
	defer cancel()
	m, err := p.discover(ctx)
	if err != nil || m.signOut == "" {
		return ""
	}
	u, err := url.Parse(m.signOut)
	if err != nil {
		return ""
	}
	if len(idToken) > longestHint {
		idToken = ""
	}
	q := u.Query()
	for name, value := range map[string]string{
		"client_id":                p.config.ClientID,
		"post_logout_redirect_uri": p.config.PostLogoutURL,
		"id_token_hint":            idToken,
		"logout_hint":              loginHint,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
