package practice

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// token answers the program's own requests, with its secret in the form.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		tokenError(w, http.StatusBadRequest, "invalid_request")
		return
	}
	if !same(r.PostForm.Get("client_id"), p.clientID) ||
		!same(r.PostForm.Get("client_secret"), p.secret) {
		tokenError(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	g, problem := p.granted(r.PostForm)
	if problem != "" {
		tokenError(w, http.StatusBadRequest, problem)
		return
	}
	p.tokens(w, g)
}

// granted returns the grant that the request redeems or renews, or an OAuth error code.
func (p *provider) granted(form url.Values) (grant, string) {
	switch form.Get("grant_type") {
	case "authorization_code":
		c, ok := p.register.redeem(form.Get("code"))
		if !ok || c.redirect != form.Get("redirect_uri") ||
			!same(challengeOf(form.Get("code_verifier")), c.challenge) {
			return grant{}, "invalid_grant"
		}
		return c.grant, ""
	case "refresh_token":
		g, ok := p.register.renew(form.Get("refresh_token"))
		if !ok {
			return grant{}, "invalid_grant"
		}
		return g, ""
	}
	return grant{}, "unsupported_grant_type"
}

func (p *provider) tokens(w http.ResponseWriter, g grant) {
	id, err := p.idToken(g)
	if err != nil {
		tokenError(w, http.StatusInternalServerError, "server_error")
		return
	}
	t := p.register.issue(g)
	answer := map[string]any{
		"token_type": "Bearer", "access_token": t.access, "id_token": id,
		"expires_in": int(t.lifetime.Seconds()), "scope": g.scope,
	}
	if slices.Contains(strings.Fields(g.scope), "offline_access") {
		answer["refresh_token"] = t.refresh
	}
	writeJSON(w, http.StatusOK, answer)
}

func tokenError(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, map[string]string{
		"error": code, "error_description": "The practice sign-in refused this request.",
	})
}

// challengeOf is the S256 method of RFC 7636 §4.2.
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
