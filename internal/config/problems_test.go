package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tandem/internal/config"
)

// problemTest sets one thing on top of what works; exactly one problem must come of it, and its
// text must hold a part. An empty part means that there is no problem.
type problemTest struct {
	name, value, part string
}

func TestProblems(t *testing.T) {
	for _, tt := range slices.Concat(addressProblems(), secretProblems(), limitProblems()) {
		check(t, tt, working(), false)
	}
}

func limitProblems() []problemTest {
	return []problemTest{
		{config.SessionIdle, "12", "such as 12h"},
		{config.SessionIdle, "4m59s", "use 5m to 168h"},
		{config.SessionIdle, "5m", ""},
		{config.SessionIdle, "168h", ""},
		{config.SessionIdle, "168h1s", "use 5m to 168h, the value of TANDEM_SESSION_ABSOLUTE"},
		{config.SessionIdle, "-1h", "is -1h; use 5m"},
		{config.SessionAbsolute, "7d", "such as 12h"},
		{config.SessionAbsolute, "720h", ""},
		{config.SessionAbsolute, "721h", "use 5m to 720h"},
		{config.SessionAbsolute, "4m", "use 5m to 720h"},
		{config.DraftRetention, "23h", "use 24h or more, or 0"},
		{config.DraftRetention, "-48h", "use 24h or more, or 0"},
		{config.DraftRetention, "24h", ""},
		{config.DraftRetention, "90d", "such as 12h"},
		{config.AnswerRetention, "90m", "is 90m; use 24h or more, or 0"},
		{config.AnswerRetention, "0", ""},
		{config.MetricsAddr, "9090", "host:port"},
		{config.MetricsAddr, "127.0.0.1:8080", "another port"},
		{config.MetricsAddr, ":8080", "another port"},
		{config.MetricsAddr, "127.0.0.1:9090", ""},
		{config.TrustedProxies, "10.0.0.4, 10.1.0.0/16,2001:db8::/32", ""},
		{config.TrustedProxies, "proxy.contoso.com", "10.0.0.4 or 10.0.1.0/24"},
		{config.TrustedProxies, "10.0.0.0/33", "10.0.0.4 or 10.0.1.0/24"},
		{config.TrustedProxies, "10.0.0.4,,10.0.0.5", `holds ""`},
		{config.TrustedProxies, "0.0.0.0/0", "every address"},
		{config.TrustedProxies, "::/0", "every address"},
		{config.Drain, "1m", ""},
		{config.Drain, "61s", "from 0s to 1m0s"},
		{config.Drain, "-1s", "from 0s to 1m0s"},
		{config.Drain, "5", "such as 5s"},
	}
}

func addressProblems() []problemTest {
	return []problemTest{
		{config.Addr, "127.0.0.1", "host:port"},
		{config.Addr, "127.0.0.1:http", "host:port"},
		{config.Addr, "127.0.0.1:70000", "host:port"},
		{config.Addr, "[::1]:0", ""},
		{config.BaseURL, "http://tandem.contoso.com", "must use https"},
		{config.BaseURL, "http://127.8.8.8:81", ""},
		{config.BaseURL, "http://[::1]:81", ""},
		{config.BaseURL, "http://localhost.contoso.com", "must use https"},
		{config.BaseURL, "http://128.0.0.1", "must use https"},
		{config.BaseURL, "https://contoso.com/tandem", "path"},
		{config.BaseURL, "https://contoso.com?x=1", "query"},
		{config.BaseURL, "https://contoso.com/#x", "fragment"},
		{config.BaseURL, "ftp://contoso.com", "https://"},
		{config.BaseURL, "contoso.com", "not a URL"},
		{config.BaseURL, "https://", "not a URL"},
		{config.BaseURL, "https://user:hush@contoso.com", "password"},
		{config.APIBaseURL, "http://127.0.0.1:4000", ""},
		{config.APIBaseURL, "http://api.contoso.com", "must use https"},
		{config.APIBaseURL, "https://api.contoso.com/v1.0", "path"},
		{config.DatabaseURL, "mysql://hush@db/x", "sqlite:FILE"},
		{config.DatabaseURL, "tandem.db", "sqlite:FILE"},
		{config.DatabaseURL, "sqlite:", "name a file"},
		{config.DatabaseURL, "sqlite::memory:", "name a file"},
		{config.DatabaseURL, "sqlite:/var/lib/tandem/tandem.db", ""},
		{config.DatabaseURL, "postgres://u:hush@%zz/x", "form"},
		{config.DatabaseURL, "postgres://db", "form"},
		{config.DatabaseURL, "postgres://u:hush@hush@db/x", "%40 for @"},
		{config.DatabaseURL, "postgres://u:hu/sh@db/x", "%2F for /"},
		{config.DatabaseURL, "postgres://u:hush%40@db/x?application_name=a@b", ""},
		{config.DatabaseURL, "postgresql://u:hush@db/tandem", ""},
		{config.LogFormat, "xml", "text or json"},
		{config.LogLevel, "error", ""},
	}
}

func secretProblems() []problemTest {
	return []problemTest{
		{config.SecretKeys, "aHVzaA==", "key 1"},
		{config.SecretKeys, key(1) + ",hush", "key 2"},
		{config.SecretKeys, key(1) + "," + key(1), "twice"},
		{config.SecretKeys, key(1) + ", " + key(2), ""},
		{config.SecretKeys, key(1) + ",", "key 2"},
		{config.SecretKeys + "_FILE", "/run/keys", "both set"},
		{config.OIDCClientSecret + "_FILE", "/run/secret", "both set"},
		{config.DatabaseURL + "_FILE", "/run/none", "cannot be read"},
		{config.DatabaseURL + "_FILE", "/run/empty", "empty file"},
		{config.OIDCIssuer, "https://id.contoso.com/realms/x", ""},
		{config.OIDCIssuer, "http://id.contoso.com", "must use https"},
		{config.OIDCIssuer, "http://localhost:4000/x", ""},
		{config.OIDCIssuer, entra + "contoso.com/v2.0", "never matches"},
		{config.OIDCIssuer, entra + strings.ToUpper(tenant) + "/v2.0", ""},
		{config.OIDCIssuer, entra + tenant, "v2.0"},
		{config.OIDCIssuer, entra + tenant + "/v2.0/", "v2.0"},
		{config.OIDCIssuer, entra + tenant[1:] + "/v2.0", "GUID"},
		{config.OIDCIssuer, entra + "common/v2.0", "personal"},
		{config.OIDCIssuer, entra + "9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "personal"},
		{config.OIDCIssuer, "https://login.microsoftonline.us/contoso.com/v2.0", "never matches"},
		{config.AllowedTenants, tenant, "organizations"},
		{config.OIDCScopes, "profile", "openid"},
		{"TANDEM_OIDC_CLIENT_SECRETS", "hush", "did you mean TANDEM_OIDC_CLIENT_SECRET?"},
		{"TANDEM_PORT", "8080", "not a variable"},
	}
}

func TestOrganizations(t *testing.T) {
	for _, tt := range []problemTest{
		{config.AllowedTenants, "", "is missing"},
		{config.AllowedTenants, tenant, ""},
		{config.AllowedTenants, tenant + ",contoso.com", `"contoso.com"`},
		{config.AllowedTenants, tenant + ",9188040d-6c67-4c5b-b112-36a304b66dad", "personal"},
	} {
		env := with(working(), config.OIDCIssuer, entra+"organizations/v2.0")
		check(t, tt, env, false)
	}
}

func TestPracticeRefusesTheReal(t *testing.T) {
	for _, tt := range []problemTest{
		{config.OIDCIssuer, entra + tenant + "/v2.0", "real services"},
		{config.OIDCClientID, "client", "real services"},
		{config.OIDCClientSecret, "hush", "real services"},
		{config.OIDCClientSecret + "_FILE", "/run/secret", "real services"},
		{config.OIDCClientCertificate, "hush", "real services"},
		{config.AllowedTenants, tenant, "real services"},
		{config.APIBaseURL, "https://api.partner.microsoft.com", "real services"},
		{config.DatabaseURL, "postgres://u:hush@db/tandem", "sqlite:FILE"},
		{config.DatabaseURL, "sqlite:practice.db", ""},
		{config.SecretKeys, key(3), ""},
		{config.SecretKeys, "hush", "key 1"},
		{config.Addr, "127.0.0.1:0", ""},
	} {
		check(t, tt, map[string]string{}, true)
	}
}

func check(t *testing.T, tt problemTest, env map[string]string, practice bool) {
	t.Helper()
	t.Run(tt.name+"="+tt.value, func(t *testing.T) {
		_, err := load(with(env, tt.name, tt.value), practice)
		if tt.part == "" {
			if err != nil {
				t.Error(err)
			}
			return
		}
		var problems config.Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Fatalf("got %v, want one problem", err)
		}
		p := problems[0]
		if !strings.Contains(tt.name, p.Variable) || !strings.Contains(p.Text, tt.part) {
			t.Errorf("got %q, want %s … %s", p, tt.name, tt.part)
		}
		if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), key(1)) {
			t.Errorf("the secret is in %q", err)
		}
	})
}
