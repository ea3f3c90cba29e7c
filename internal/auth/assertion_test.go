package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"tandem/internal/auth"
)

// newCertificate returns a certificate of its own with its key.
func newCertificate(t *testing.T) *tls.Certificate {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(),
		NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// registration is what a provider knows of a client with a certificate. ids are those of the
// assertions it took, err is why it last refused.
type registration struct {
	certificate *tls.Certificate
	endpoint    string
	ids         map[string]bool
	err         error
}

// certified makes the provider take the certificate only, and returns ours with it.
func certified(t *testing.T, p *entra) (*registration, auth.Config) {
	t.Helper()
	r := &registration{certificate: newCertificate(t), endpoint: p.server.URL + "/token",
		ids: map[string]bool{}}
	p.client = func(form url.Values) error {
		r.err = r.check(form)
		return r.err
	}
	c := p.config()
	c.Certificate = r.certificate
	return r, c
}

func (r *registration) check(form url.Values) error {
	if form.Has("client_secret") || form.Get("client_id") != "client" {
		return fmt.Errorf("the form has a secret or another client: %v", form)
	}
	if got := form.Get("client_assertion_type"); got !=
		"urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return fmt.Errorf("assertion type %q", got)
	}
	signed, err := jose.ParseSignedCompact(form.Get("client_assertion"),
		[]jose.SignatureAlgorithm{jose.PS256})
	if err != nil {
		return err
	}
	payload, err := signed.Verify(r.certificate.PrivateKey.(*rsa.PrivateKey).Public())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(r.certificate.Certificate[0])
	thumbprint := signed.Signatures[0].Header.ExtraHeaders["x5t#S256"]
	if thumbprint != base64.RawURLEncoding.EncodeToString(sum[:]) {
		return fmt.Errorf("thumbprint %q", thumbprint)
	}
	return r.checkClaims(payload)
}

func (r *registration) checkClaims(payload []byte) error {
	var c struct {
		Iss, Sub, Aud, Jti string
		Iat, Nbf, Exp      int64
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return err
	}
	now := time.Now().Unix()
	life := c.Exp - c.Nbf
	switch {
	case c.Iss != "client" || c.Sub != "client" || c.Aud != r.endpoint:
		return fmt.Errorf("from or for somebody else: %s", payload)
	case c.Iat != c.Nbf || c.Nbf > now || c.Nbf < now-60 || life < 5*60 || life > 10*60:
		return fmt.Errorf("another time: %s", payload)
	case len(c.Jti) < 32 || r.ids[c.Jti]:
		return fmt.Errorf("an id used before: %s", payload)
	}
	r.ids[c.Jti] = true
	return nil
}

func TestCertificateProvesTheClient(t *testing.T) {
	idp := newIDP(t, single)
	registered, config := certified(t, idp)
	p := auth.New(config)
	_, token, err := signIn(t, p, nil)
	if err != nil {
		t.Fatalf("%v: %v", err, registered.err)
	}
	if idp.form.Get("grant_type") != "authorization_code" || !idp.form.Has("code_verifier") {
		t.Errorf("the request for a code lost something: %v", idp.form)
	}
	token.Expiry = time.Now()
	kept := &tokens{kept: map[string]auth.Token{"priya": token}}
	source := auth.NewSource(p, kept, nil)
	access, err := source.AccessToken(t.Context(), "priya")
	if err != nil || access == token.Access {
		t.Fatalf("%v: %v", err, registered.err)
	}
	if idp.form.Get("grant_type") != "refresh_token" || len(registered.ids) != 2 {
		t.Errorf("%d assertions, the last with %v", len(registered.ids), idp.form)
	}
}

func TestAssertionsOfManyAtOnce(t *testing.T) {
	idp := newIDP(t, single)
	registered, config := certified(t, idp)
	kept := &tokens{kept: map[string]auth.Token{}}
	source := auth.NewSource(auth.New(config), kept, nil)
	var people []string
	for i := range 10 {
		who := fmt.Sprintf("person-%d", i)
		people = append(people, who)
		kept.kept[who] = auth.Token{Refresh: who}
		idp.refresh[who] = true
	}
	var wg sync.WaitGroup
	for _, who := range people {
		wg.Go(func() {
			if _, err := source.AccessToken(t.Context(), who); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		})
	}
	wg.Wait()
	if len(registered.ids) != len(people) {
		t.Errorf("%d assertions for %d people: %v", len(registered.ids), len(people), registered.err)
	}
}

func TestAssertionErrorsHoldNoAssertion(t *testing.T) {
	idp := newIDP(t, single)
	_, config := certified(t, idp)
	p := auth.New(config)
	idp.onToken = func() {
		idp.refusal = map[string]any{"error": "invalid_client",
			"error_description": "AADSTS700027: wrong: " + idp.form.Get("client_assertion")}
	}
	_, _, refused := signIn(t, p, nil)
	var answer *auth.ProviderError
	if !errors.As(refused, &answer) || answer.Number != "AADSTS700027" {
		t.Errorf("got %v", refused)
	}
	_, _, gone := signIn(t, p, func(*auth.Flow, url.Values) { idp.server.Close() })
	if !errors.Is(gone, auth.ErrUnavailable) {
		t.Errorf("got %v", gone)
	}
	for _, err := range []error{refused, gone} {
		if text := fmt.Sprintf("%+v", err); strings.Contains(text, "eyJ") {
			t.Errorf("an assertion is in %q", text)
		}
	}
	if sent := idp.form.Get("client_assertion"); !strings.HasPrefix(sent, "eyJ") {
		t.Errorf("sent the assertion %q", sent)
	}
}

func TestAnotherCertificateIsRefused(t *testing.T) {
	idp := newIDP(t, single)
	registered, config := certified(t, idp)
	config.Certificate = newCertificate(t)
	_, _, err := signIn(t, auth.New(config), nil)
	var refused *auth.ProviderError
	if !errors.As(err, &refused) || refused.Code != "invalid_client" || registered.err == nil {
		t.Errorf("got %v, %v", err, registered.err)
	}
}

func TestNoAssertionWithoutRandomness(t *testing.T) {
	idp := newIDP(t, single)
	_, config := certified(t, idp)
	// Enough for state, nonce and verifier.
	config.Rand = strings.NewReader(strings.Repeat("a", 3*32))
	if _, _, err := signIn(t, auth.New(config), nil); err == nil {
		t.Error("an assertion has an id that is not random")
	}
	if n := idp.called("token"); n != 0 {
		t.Errorf("%d token requests", n)
	}
}
