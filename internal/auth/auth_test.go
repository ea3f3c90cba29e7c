package auth_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
)

const single = "/" + tenant + "/v2.0"

// signIn goes the whole way. change may spoil the flow or the answer on the way.
func signIn(
	t *testing.T, p *auth.Provider, change func(*auth.Flow, url.Values),
) (auth.Identity, auth.Token, error) {
	t.Helper()
	to, flow, err := p.Begin(t.Context(), auth.Request{ReturnTo: "/referrals"})
	if err != nil {
		t.Fatal(err)
	}
	query := visit(t, to)
	if change != nil {
		change(&flow, query)
	}
	return p.Finish(t.Context(), flow, query)
}

func TestSignIn(t *testing.T) {
	idp := newIDP(t, single)
	who, token, err := signIn(t, idp.provider(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Identity{
		Key: tenant + ":priya-oid", TenantID: tenant, Name: "Priya Raman", GivenName: "Priya",
		FamilyName: "Raman", Email: "priya@contoso.example", LoginHint: "priya@contoso.example",
		Roles: []string{"Tandem.Admin"},
	}
	if diff := cmp.Diff(want, who); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	if token.Access != "access-2" || token.Refresh != "refresh-2" || token.IDToken == "" {
		t.Errorf("token %q, %q, %q", token.Access, token.Refresh, token.IDToken)
	}
	if left := time.Until(token.Expiry); left < 59*time.Minute || left > time.Hour {
		t.Errorf("the token lasts %s", left)
	}
}

func TestProviderDownThenUp(t *testing.T) {
	idp := newIDP(t, single)
	idp.down = true
	now := time.Now()
	config := idp.config()
	config.Now = func() time.Time { return now }
	p := auth.New(config)
	err := p.Ready(t.Context())
	if !errors.Is(err, auth.ErrUnavailable) || len(err.Error()) > 600 {
		t.Errorf("got %v", err)
	}
	if _, _, err := p.Begin(t.Context(), auth.Request{}); !errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if got := p.SignOutURL(t.Context(), "", ""); got != "" {
		t.Errorf("sign-out at %q", got)
	}
	if diff := cmp.Diff([]string{idp.server.URL}, p.Origins()); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	if n := idp.called("openid-configuration"); n != 1 {
		t.Errorf("a provider that is down was asked %d times", n)
	}
	idp.set(func(p *entra) { p.down = false })
	now = now.Add(6 * time.Second)
	if _, _, err := signIn(t, p, nil); err != nil {
		t.Error(err)
	}
	idp.set(func(p *entra) { p.down = true })
	now = now.Add(time.Hour)
	if err := p.Ready(t.Context()); err != nil {
		t.Errorf("what was discovered was forgotten: %v", err)
	}
}

func TestDiscoveryIsShared(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := p.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := idp.called("openid-configuration"); n != 1 {
		t.Errorf("20 callers made %d calls", n)
	}
}

func TestWrongIssuerInMetadata(t *testing.T) {
	for _, path := range []string{single, "/organizations/v2.0"} {
		idp := newIDP(t, path)
		idp.metaIssuer = "https://evil.example/{tenantid}/v2.0"
		err := idp.provider(tenant).Ready(t.Context())
		if err == nil || errors.Is(err, auth.ErrUnavailable) {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

func TestSecretIsNotSentOn(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s came", r.Method, r.URL)
	}))
	defer elsewhere.Close()
	to, flow, err := p.Begin(t.Context(), auth.Request{})
	if err != nil {
		t.Fatal(err)
	}
	query := visit(t, to)
	idp.server.Config.Handler = http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect)
	if _, _, err := p.Finish(t.Context(), flow, query); err == nil {
		t.Error("a redirect was a token")
	}
}

func TestSignOutURL(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	got := p.SignOutURL(t.Context(), "the.id.token", "priya@contoso.example")
	want := "https://out.example/logout?a=b&client_id=client&id_token_hint=the.id.token" +
		"&logout_hint=priya%40contoso.example" +
		"&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := p.SignOutURL(t.Context(), strings.Repeat("x", 5000), ""); len(got) > 500 {
		t.Errorf("a URL of %d bytes", len(got))
	}
	want2 := []string{idp.server.URL, "https://out.example"}
	if diff := cmp.Diff(want2, p.Origins()); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	idp.set(func(p *entra) { p.noSignOut = true })
	if got := idp.provider().SignOutURL(t.Context(), "", ""); got != "" {
		t.Errorf("got %q from a provider without the page", got)
	}
}

func TestTokenStaysHidden(t *testing.T) {
	token := auth.Token{Access: "acc-ess", Refresh: "re-fresh", IDToken: "id-token"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", token)
	printed := fmt.Sprintf("%v %+v %#v %s", token, token, &token, token) + log.String()
	for _, secret := range []string{token.Access, token.Refresh, token.IDToken} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q is in %s", secret, printed)
		}
	}
}
