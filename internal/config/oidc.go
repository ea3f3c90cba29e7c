package config

import (
	"net/url"
	"slices"
	"strings"
)

const (
	organizations = "organizations"
	// consumers is the tenant of all personal Microsoft accounts.
	consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
)

func (l *loader) oidc() OIDC {
	o := OIDC{Scopes: l.scopes()}
	if l.practice {
		return o
	}
	o.Issuer = l.issuer()
	o.ClientID = l.value(OIDCClientID, "")
	if o.ClientID == "" {
		l.problem(OIDCClientID, "is missing; it is the application (client) ID")
	}
	o.ClientSecret, o.ClientCertificate = l.credential()
	o.AllowedTenants = l.allowedTenants(o.Issuer)
	return o
}

// credential returns the secret or the certificate, whichever is set.
func (l *loader) credential() (Secret, *Certificate) {
	secret, certificate := l.setAs(OIDCClientSecret), l.setAs(OIDCClientCertificate)
	switch {
	case secret != "" && certificate != "":
		l.problem(secret, "and %s are both set; keep one", certificate)
	case secret != "":
		text, _ := l.secret(OIDCClientSecret)
		return Secret(text), nil
	case certificate != "":
		return "", l.certificate()
	default:
		l.problem(OIDCClientSecret, "is missing; set it, %s or %s", OIDCClientSecret+fileSuffix,
			OIDCClientCertificate)
	}
	return "", nil
}

func (l *loader) scopes() []string {
	scopes := strings.Fields(l.value(OIDCScopes, defaultScopes))
	if !slices.Contains(scopes, "openid") {
		l.problem(OIDCScopes, "must contain openid")
	}
	return scopes
}

func (l *loader) issuer() string {
	text := l.value(OIDCIssuer, "")
	if text == "" {
		l.problem(OIDCIssuer, "is missing; for Microsoft Entra ID it is "+
			"https://login.microsoftonline.com/{tenant GUID}/v2.0")
		return ""
	}
	u := l.webURL(OIDCIssuer, text)
	if u == nil {
		return ""
	}
	if !entra(u) {
		return text
	}
	return l.entraIssuer(u)
}

// entra reports whether a URL is on a sign-in host of Microsoft, of any of its clouds.
func entra(u *url.URL) bool {
	return slices.Contains([]string{
		"login.microsoftonline.com", "login.microsoftonline.us",
		"login.partner.microsoftonline.cn", "login.windows.net", "sts.windows.net",
	}, strings.ToLower(u.Hostname()))
}

// entraIssuer wants the issuer as Microsoft's own metadata spells it, because the two are compared
// byte for byte when somebody signs in.
func (l *loader) entraIssuer(u *url.URL) string {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	tenant = strings.ToLower(tenant)
	switch {
	case rest != "v2.0":
		l.problem(OIDCIssuer, "must end in /{tenant GUID}/v2.0, with no slash at the end")
	case tenant == consumers || tenant == "consumers" || tenant == "common":
		l.problem(OIDCIssuer, "lets personal accounts in; use the GUID of your tenant")
	case tenant != organizations && !isGUID(tenant):
		l.problem(OIDCIssuer, "must hold the tenant's GUID, not %q: "+
			"Microsoft issues its tokens under the GUID, so a domain name never matches", tenant)
	}
	return "https://" + strings.ToLower(u.Host) + "/" + tenant + "/v2.0"
}

func (l *loader) allowedTenants(issuer string) []string {
	text := l.value(AllowedTenants, "")
	every := strings.HasSuffix(issuer, "/"+organizations+"/v2.0")
	switch {
	case text == "" && every:
		l.problem(AllowedTenants, "is missing; the issuer is every organisation's: "+
			"list the GUIDs of those that may sign in")
	case text != "" && issuer != "" && !every:
		l.problem(AllowedTenants, "needs the issuer "+
			"https://login.microsoftonline.com/organizations/v2.0; this one has its own people")
	case text != "":
		return l.tenants(text)
	}
	return nil
}

func (l *loader) tenants(text string) []string {
	var tenants []string
	for part := range strings.SplitSeq(text, ",") {
		tenant := strings.ToLower(strings.TrimSpace(part))
		if !isGUID(tenant) {
			l.problem(AllowedTenants, "holds %q, which is not a tenant's GUID", tenant)
		}
		if tenant == consumers {
			l.problem(AllowedTenants, "holds the tenant of personal accounts; take it out")
		}
		tenants = append(tenants, tenant)
	}
	return tenants
}

// isGUID reports whether a text in lower case has the form 8-4-4-4-12 of hexadecimal digits.
func isGUID(s string) bool {
	groups := strings.Split(s, "-")
	sizes := []int{8, 4, 4, 4, 12}
	return slices.EqualFunc(groups, sizes, func(g string, n int) bool {
		return len(g) == n && strings.Trim(g, "0123456789abcdef") == ""
	})
}
