package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
)

const (
	// assertionType is the client_assertion_type of RFC 7523 §2.2.
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// assertionLife is short, because an assertion is used at once, but allows for clocks that
	// differ.
	assertionLife = 10 * time.Minute
)

// asserter adds to every token request an assertion signed with the key of a certificate. It works
// on the transport because x/oauth2 takes extra parameters for a code, but none for a refresh.
type asserter struct {
	config Config
	next   http.RoundTripper
}

// newAsserter takes a Config that New has completed.
func newAsserter(c Config) *asserter {
	next := c.HTTP.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &asserter{config: c, next: next}
}

// RoundTrip implements http.RoundTripper. Every POST of our client is a token request; the metadata
// and the keys of the provider are read with GET.
func (a *asserter) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost {
		return a.next.RoundTrip(req)
	}
	form, err := readForm(req)
	if err != nil {
		return nil, fmt.Errorf("reading the token request: %w", err)
	}
	assertion, err := a.assertion(req.URL.String())
	if err != nil {
		return nil, fmt.Errorf("signing the client assertion: %w", err)
	}
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return a.next.RoundTrip(withForm(req, form))
}

// readForm empties and closes the body, which a RoundTripper must do even when it fails.
func readForm(req *http.Request) (url.Values, error) {
	body, err := io.ReadAll(req.Body)
	if err := errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	return url.ParseQuery(string(body))
}

// withForm returns a copy with another body; a RoundTripper leaves the request as it is.
func withForm(req *http.Request, form url.Values) *http.Request {
	text := form.Encode()
	out := req.Clone(req.Context())
	out.ContentLength = int64(len(text))
	out.GetBody = func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}
	out.Body = io.NopCloser(strings.NewReader(text))
	return out
}

// assertion returns a signed JWT that identifies this client to one token endpoint. See RFC 7523 §3
// and "Microsoft identity platform application authentication certificate credentials".
func (a *asserter) assertion(endpoint string) (string, error) {
	id, err := uuid.NewRandomFromReader(a.config.Rand)
	if err != nil {
		return "", err
	}
	now := a.config.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": a.config.ClientID,
		"sub": a.config.ClientID,
		"aud": endpoint,
		"jti": id.String(),
		"iat": now.Unix(),
		"nbf": now.Unix(),
		"exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	return a.sign(claims)
}

func (a *asserter) sign(claims []byte) (string, error) {
	thumbprint := sha256.Sum256(a.config.Certificate.Certificate[0])
	options := (&jose.SignerOptions{}).WithType("JWT").
		WithHeader("x5t#S256", base64.RawURLEncoding.EncodeToString(thumbprint[:]))
	key := jose.SigningKey{Algorithm: jose.PS256, Key: a.config.Certificate.PrivateKey}
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
