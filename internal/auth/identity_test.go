package auth_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
)

func TestIDTokens(t *testing.T) {
	for name, tt := range map[string]struct {
		claims map[string]any
		want   error
	}{
		"as it should be":  {nil, nil},
		"another audience": {map[string]any{"aud": "other"}, auth.ErrIDToken},
		"another party": {map[string]any{"aud": []string{"client", "x"}, "azp": "x"},
			auth.ErrIDToken},
		"our party":      {map[string]any{"aud": []string{"client", "x"}, "azp": "client"}, nil},
		"another issuer": {map[string]any{"iss": "https://evil.example"}, auth.ErrIDToken},
		"expired": {map[string]any{"exp": time.Now().Add(-time.Minute).Unix()},
			auth.ErrIDToken},
		"not yet":           {map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}, auth.ErrIDToken},
		"without nonce":     {map[string]any{"nonce": nil}, auth.ErrIDToken},
		"a tenant's number": {map[string]any{"tid": 7}, auth.ErrIDToken},
		"personal account":  {map[string]any{"tid": consumers}, auth.ErrTenant},
	} {
		idp := newIDP(t, single)
		idp.claims = tt.claims
		if _, _, err := signIn(t, idp.provider(), nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

func TestIDTokenOfAnotherKey(t *testing.T) {
	idp := newIDP(t, single)
	idp.signer = newKey(t)
	if _, _, err := signIn(t, idp.provider(), nil); !errors.Is(err, auth.ErrIDToken) {
		t.Errorf("got %v", err)
	}
}

func TestNoNonceOnEitherSide(t *testing.T) {
	idp := newIDP(t, single)
	idp.claims = map[string]any{"nonce": nil}
	_, _, err := signIn(t, idp.provider(), func(f *auth.Flow, _ url.Values) { f.Nonce = "" })
	if !errors.Is(err, auth.ErrIDToken) {
		t.Errorf("got %v", err)
	}
}

func TestOrganizations(t *testing.T) {
	for name, tt := range map[string]struct {
		allowed []string
		claims  func(base string) map[string]any
		want    error
	}{
		"allowed": {[]string{other, tenant}, func(string) map[string]any { return nil }, nil},
		"not on the list": {[]string{other}, func(string) map[string]any { return nil },
			auth.ErrTenant},
		"an empty list": {nil, func(string) map[string]any { return nil }, auth.ErrTenant},
		"a tenant that did not issue it": {[]string{other, tenant},
			func(string) map[string]any { return map[string]any{"tid": other} }, auth.ErrIDToken},
		"an issuer elsewhere": {[]string{tenant}, func(string) map[string]any {
			return map[string]any{"iss": "https://evil.example/" + tenant + "/v2.0"}
		}, auth.ErrIDToken},
		"no tenant": {[]string{tenant}, func(string) map[string]any {
			return map[string]any{"tid": nil}
		}, auth.ErrIDToken},
		"a tenant that is no GUID": {[]string{"contoso"}, func(base string) map[string]any {
			return map[string]any{"tid": "contoso", "iss": base + "/contoso/v2.0"}
		}, auth.ErrIDToken},
		"personal accounts, even listed": {[]string{consumers}, func(base string) map[string]any {
			return map[string]any{"tid": consumers, "iss": base + "/" + consumers + "/v2.0"}
		}, auth.ErrTenant},
	} {
		idp := newIDP(t, "/organizations/v2.0")
		idp.metaIssuer = idp.server.URL + "/{tenantid}/v2.0"
		idp.claims = tt.claims(idp.server.URL)
		who, _, err := signIn(t, idp.provider(tt.allowed...), nil)
		if !errors.Is(err, tt.want) || (err == nil) != (who.Key == tenant+":priya-oid") {
			t.Errorf("%s: got %+v, %v; want %v", name, who, err, tt.want)
		}
		if errors.Is(err, auth.ErrTenant) && !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%s: %v is not a denial", name, err)
		}
		if name == "not on the list" && !strings.Contains(err.Error(), tenant) {
			t.Errorf("%v does not name the tenant, which somebody may want to allow", err)
		}
	}
}

func TestIdentityOfAnotherProvider(t *testing.T) {
	idp := newIDP(t, "/realms/contoso")
	issuer := idp.issuer()
	idp.claims = map[string]any{"iss": issuer, "email": "p@contoso.example", "roles": "rep",
		"login_hint": "O.Ci"}
	who, _, err := signIn(t, idp.provider(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Identity{Key: issuer + "|subject", Name: "Priya Raman", GivenName: "Priya",
		FamilyName: "Raman", Email: "p@contoso.example", LoginHint: "O.Ci", Roles: []string{"rep"}}
	if diff := cmp.Diff(want, who); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	idp.set(func(p *entra) { p.claims["roles"] = map[string]any{"realm": "x"} })
	if who, _, err = signIn(t, idp.provider(), nil); err != nil || who.Roles != nil {
		t.Errorf("roles of another shape: %v, %v", who.Roles, err)
	}
}
