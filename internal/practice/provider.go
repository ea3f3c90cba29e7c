package practice

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const keyBits = 2048

// IssuerPath is where the issuer ends, whatever the address of the program.
const IssuerPath = "/practice/idp"

// provider is an OpenID provider with one client, the authorization code flow
// with PKCE, and no memory of who signed in last.
type provider struct {
	base, issuer     string
	clientID, secret string
	redirect         string
	now              func() time.Time
	register         *register
	pages            *pages
	// signing makes the key at its first use, which takes a while.
	signing func() (signing, error)
}

// signing is the private key as a signer, and the public one.
type signing struct {
	signer jose.Signer
	public jose.JSONWebKeySet
}

func newProvider(o Options, reg *register, pages *pages) *provider {
	return &provider{
		base: o.BaseURL, issuer: o.BaseURL + IssuerPath,
		clientID: "tandem-practice", secret: randomText(), redirect: o.RedirectURL,
		now: o.Now, register: reg, pages: pages, signing: sync.OnceValues(newSigning),
	}
}

func newSigning() (signing, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return signing{}, fmt.Errorf("making the signing key: %w", err)
	}
	private := jose.JSONWebKey{Key: key, KeyID: randomText(), Algorithm: "RS256", Use: "sig"}
	options := (&jose.SignerOptions{}).WithType("JWT")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: private}, options)
	if err != nil {
		return signing{}, fmt.Errorf("preparing the signing key: %w", err)
	}
	return signing{signer, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}}}, nil
}

func (p *provider) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /practice/idp/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /practice/idp/keys", p.jwks)
	mux.HandleFunc("GET /practice/idp/authorize", p.authorize)
	mux.HandleFunc("POST /practice/idp/authorize", p.choose)
	mux.HandleFunc("POST /practice/idp/token", p.token)
	mux.HandleFunc("/practice/idp/end-session", p.endSession)
}

func (p *provider) discovery(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                p.issuer,
		"authorization_endpoint":                p.issuer + "/authorize",
		"token_endpoint":                        p.issuer + "/token",
		"jwks_uri":                              p.issuer + "/keys",
		"end_session_endpoint":                  p.issuer + "/end-session",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
		"code_challenge_methods_supported":      []string{"S256"},
		"claims_parameter_supported":            true,
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
	})
}

func (p *provider) jwks(w http.ResponseWriter, _ *http.Request) {
	s, err := p.signing()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, s.public)
}

// endSession sends the browser back to the program, and nowhere else. There is
// no session to end.
func (p *provider) endSession(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.FormValue("post_logout_redirect_uri"))
	if err != nil || back.Scheme+"://"+back.Host != p.base || back.User != nil {
		p.pages.message(w, http.StatusOK, message{
			Title: "You are signed out", Text: "You can close this page.",
			Link: p.base + "/", LinkText: "Back to the start",
		})
		return
	}
	if state := r.FormValue("state"); state != "" {
		q := back.Query()
		q.Set("state", state)
		back.RawQuery = q.Encode()
	}
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// idToken returns the signed claims about the grant's person.
func (p *provider) idToken(g grant) (string, error) {
	s, err := p.signing()
	if err != nil {
		return "", err
	}
	now := p.now()
	standard := jwt.Claims{
		Issuer: p.issuer, Subject: "practice-" + g.person.ObjectID,
		Audience: jwt.Audience{p.clientID}, IssuedAt: jwt.NewNumericDate(now),
		NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Hour)),
	}
	about := map[string]any{
		"tid": tenantID, "oid": g.person.ObjectID, "ver": "2.0", "auth_time": g.at.Unix(),
		"name": g.person.Name(), "given_name": g.person.GivenName,
		"family_name": g.person.FamilyName, "email": g.person.Email,
		"preferred_username": g.person.Email,
	}
	if g.nonce != "" {
		about["nonce"] = g.nonce
	}
	if len(g.person.Roles) > 0 {
		about["roles"] = g.person.Roles
	}
	return jwt.Signed(s.signer).Claims(standard).Claims(about).Serialize()
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
