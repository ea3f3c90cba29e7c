package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// consumers is the tenant of all personal Microsoft accounts, which no partner's employee signs in
// with.
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Identity is who signed in, as the provider says.
type Identity struct {
	// Key never changes for a person: "tid:oid" with Entra ID, else "iss|sub". Names and e-mail
	// addresses do change, and never serve as a key.
	Key string
	// TenantID is the organisation's GUID, empty at other providers.
	TenantID string
	// Name is in full. Any of the names may be empty.
	Name, GivenName, FamilyName string
	// Email is for display and for filling in forms; it proves nothing.
	Email string
	// LoginHint names the person to the provider at the next sign-in.
	LoginHint string
	// Roles are the app roles.
	Roles []string
}

type claims struct {
	TenantID   string  `json:"tid"`
	ObjectID   string  `json:"oid"`
	Party      string  `json:"azp"`
	Name       string  `json:"name"`
	GivenName  string  `json:"given_name"`
	FamilyName string  `json:"family_name"`
	Email      string  `json:"email"`
	Username   string  `json:"preferred_username"`
	LoginHint  string  `json:"login_hint"`
	Roles      roleSet `json:"roles"`
}

// roleSet decodes one role or a list of them. Any other shape counts as no role: other providers
// use the claim for other things.
type roleSet []string

// UnmarshalJSON never fails.
func (r *roleSet) UnmarshalJSON(b []byte) error {
	var one string
	var many []string
	switch {
	case json.Unmarshal(b, &many) == nil:
		*r = many
	case json.Unmarshal(b, &one) == nil && one != "":
		*r = roleSet{one}
	}
	return nil
}

// identify checks the id token and returns who it speaks of.
func (p *Provider) identify(
	ctx context.Context, m *metadata, f Flow, raw string,
) (Identity, error) {
	token, err := m.Verifier(&oidc.Config{
		ClientID:        p.config.ClientID,
		Now:             p.config.Now,
		SkipIssuerCheck: p.everyOrganisation(), // admit checks it, with the tenant.
	}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %.300v", ErrIDToken, err)
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return Identity{}, fmt.Errorf("%w: %.300v", ErrIDToken, err)
	}
	if f.Nonce == "" || subtle.ConstantTimeCompare([]byte(f.Nonce), []byte(token.Nonce)) != 1 {
		return Identity{}, fmt.Errorf("%w: the nonce is another one", ErrIDToken)
	}
	if len(token.Audience) > 1 && c.Party != p.config.ClientID {
		return Identity{}, fmt.Errorf("%w: it was made for another program", ErrIDToken)
	}
	if err := p.admit(token.Issuer, c.TenantID); err != nil {
		return Identity{}, err
	}
	return identity(token, c), nil
}

// admit refuses people of other tenants. When the issuer is the one for every organisation, this is
// the only check of it: it must be that of the person's tenant, and the tenant on the list.
func (p *Provider) admit(issuer, tenant string) error {
	if p.everyOrganisation() {
		want := strings.Replace(p.template(), "{tenantid}", tenant, 1)
		if !isGUID(tenant) || issuer != want {
			return fmt.Errorf("%w: issuer and tenant do not match", ErrIDToken)
		}
	}
	if tenant == consumers {
		return ErrTenant
	}
	listed := p.everyOrganisation() || len(p.config.AllowedTenants) > 0
	if listed && !slices.Contains(p.config.AllowedTenants, tenant) {
		return fmt.Errorf("%w: %.36q", ErrTenant, tenant)
	}
	return nil
}

func identity(token *oidc.IDToken, c claims) Identity {
	who := Identity{
		Key:        token.Issuer + "|" + token.Subject,
		Name:       c.Name,
		GivenName:  c.GivenName,
		FamilyName: c.FamilyName,
		Email:      c.Email,
		LoginHint:  c.LoginHint,
		Roles:      c.Roles,
	}
	// Only Entra ID vouches for tid and oid; at other providers people may choose them.
	if isGUID(c.TenantID) && strings.HasSuffix(token.Issuer, "/"+c.TenantID+"/v2.0") {
		who.TenantID = c.TenantID
		if c.ObjectID != "" {
			who.Key = c.TenantID + ":" + c.ObjectID
		}
	}
	if who.Email == "" && strings.Contains(c.Username, "@") {
		who.Email = c.Username
	}
	if who.LoginHint == "" {
		who.LoginHint = c.Username
	}
	return who
}

// isGUID reports whether a text has the form 8-4-4-4-12 of hexadecimal digits in lower case.
func isGUID(s string) bool {
	groups := strings.Split(s, "-")
	return slices.EqualFunc(groups, []int{8, 4, 4, 4, 12}, func(g string, n int) bool {
		return len(g) == n && strings.Trim(g, "0123456789abcdef") == ""
	})
}
