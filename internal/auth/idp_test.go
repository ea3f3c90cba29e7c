package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"tandem/internal/auth"
)

const (
	tenant    = "4d2a6a4f-3b6e-4c0a-9a53-0f1f3ad0c111"
	other     = "5e3b7b50-4c7f-4d1b-8b64-102a4be1d222"
	consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
	callback  = "http://localhost:8080/auth/callback"
)

// entra is an identity provider that can be told to misbehave. It speaks as Entra ID
// does.
type entra struct {
	server *httptest.Server
	key    *ecdsa.PrivateKey
	// path is that of the issuer, such as "/{tenant}/v2.0"; metadata prints metaIssuer.
	path, metaIssuer string

	mu sync.Mutex
	// claims are laid over those of the id token. nil values take a claim out.
	claims map[string]any
	// signer signs instead of key.
	signer *ecdsa.PrivateKey
	// down answers everything with 503.
	down bool
	// refusal is the token endpoint's answer, with status 400, when it is not nil.
	refusal map[string]any
	// onToken is called by the token endpoint before it answers.
	onToken   func()
	lifetime  int
	noSignOut bool
	codes     map[string]url.Values
	refresh   map[string]bool
	count     int
	// client, when it is not nil, says why the client of a token call is not ours.
	client func(url.Values) error
	// calls counts requests by the last element of their path; form is that of the last token call.
	calls map[string]int
	form  url.Values
}

func newIDP(t *testing.T, path string) *entra {
	t.Helper()
	p := &entra{
		path: path, key: newKey(t), lifetime: 3600, codes: map[string]url.Values{},
		refresh: map[string]bool{}, calls: map[string]int{},
	}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	p.metaIssuer = p.issuer()
	return p
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (p *entra) issuer() string { return p.server.URL + p.path }

// set changes the provider while it runs.
func (p *entra) set(change func(*entra)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *entra) called(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[what]
}

func (p *entra) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	p.calls[what]++
	if p.down {
		http.Error(w, "<h1>priya@contoso.example is not served</h1>", http.StatusServiceUnavailable)
		return
	}
	switch what {
	case "openid-configuration":
		p.discovery(w)
	case "keys":
		write(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: p.key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
	case "authorize":
		p.authorize(w, r)
	case "token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *entra) discovery(w http.ResponseWriter) {
	metadata := map[string]any{
		"issuer":                                p.metaIssuer,
		"authorization_endpoint":                p.server.URL + "/authorize",
		"token_endpoint":                        p.server.URL + "/token",
		"jwks_uri":                              p.server.URL + "/keys",
		"end_session_endpoint":                  "https://out.example/logout?a=b",
		"id_token_signing_alg_values_supported": []string{"ES256"},
	}
	if p.noSignOut {
		delete(metadata, "end_session_endpoint")
	}
	write(w, http.StatusOK, metadata)
}

// authorize signs somebody in without asking.
func (p *entra) authorize(w http.ResponseWriter, r *http.Request) {
	p.count++
	code := fmt.Sprintf("code-%d", p.count)
	p.codes[code] = r.URL.Query()
	back := url.Values{"code": {code}, "state": {r.URL.Query().Get("state")}}
	http.Redirect(w, r, r.URL.Query().Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (p *entra) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.form = r.PostForm
	if p.onToken != nil {
		p.onToken()
	}
	asked, ok := p.granted(r.PostForm)
	switch {
	case p.refusal != nil:
		write(w, http.StatusBadRequest, p.refusal)
	case p.stranger(r.PostForm):
		write(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	case !ok:
		write(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant",
			"error_description": "AADSTS54005: priya@contoso.example used it before."})
	default:
		p.grant(w, asked)
	}
}

// stranger reports whether a token call comes from somebody else than our client.
func (p *entra) stranger(form url.Values) bool {
	if p.client != nil {
		return p.client(form) != nil
	}
	return form.Get("client_id") != "client" || form.Get("client_secret") != "secret"
}

// granted takes a code or a refresh token in; each is good once.
func (p *entra) granted(form url.Values) (asked url.Values, ok bool) {
	if form.Get("grant_type") == "refresh_token" {
		ok = p.refresh[form.Get("refresh_token")]
		delete(p.refresh, form.Get("refresh_token"))
		return nil, ok
	}
	asked, ok = p.codes[form.Get("code")]
	delete(p.codes, form.Get("code"))
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	return asked, ok && asked.Get("code_challenge_method") == "S256" &&
		asked.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(sum[:]) &&
		asked.Get("redirect_uri") == form.Get("redirect_uri")
}

func (p *entra) grant(w http.ResponseWriter, asked url.Values) {
	p.count++
	next := fmt.Sprintf("refresh-%d", p.count)
	p.refresh[next] = true
	answer := map[string]any{
		"token_type": "Bearer", "access_token": fmt.Sprintf("access-%d", p.count),
		"refresh_token": next, "expires_in": p.lifetime,
	}
	if asked != nil {
		answer["id_token"] = p.idToken(asked.Get("nonce"))
	}
	write(w, http.StatusOK, answer)
}

func (p *entra) idToken(nonce string) string {
	claims := map[string]any{
		"iss": p.server.URL + "/" + tenant + "/v2.0", "aud": "client", "sub": "subject",
		"exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": nonce,
		"tid": tenant, "oid": "priya-oid", "name": "Priya Raman", "given_name": "Priya",
		"family_name": "Raman", "preferred_username": "priya@contoso.example",
		"roles": []string{"Tandem.Admin"},
	}
	maps.Copy(claims, p.claims)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	key := p.key
	if p.signer != nil {
		key = p.signer
	}
	payload, _ := json.Marshal(claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256,
		Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	if err != nil {
		return err.Error()
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return err.Error()
	}
	text, _ := signed.CompactSerialize()
	return text
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// provider returns ours for this one.
func (p *entra) provider(tenants ...string) *auth.Provider {
	return auth.New(p.config(tenants...))
}

func (p *entra) config(tenants ...string) auth.Config {
	return auth.Config{
		Issuer: p.issuer(), ClientID: "client", ClientSecret: "secret", RedirectURL: callback,
		PostLogoutURL: "http://localhost:8080/", Scopes: []string{"openid", "offline_access"},
		AllowedTenants: tenants,
	}
}

// visit follows the URL as a browser does, and returns the query it comes back with.
func visit(t *testing.T, authURL string) url.Values {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	res, err := c.Get(authURL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatalf("status %d: %v", res.StatusCode, err)
	}
	return back.Query()
}
