package config_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/config"
)

const (
	tenant  = "4d2a6a4f-3b6e-4c0a-9a53-0f1f3ad0c111"
	second  = "5e3b7b50-4c7f-4d1b-8b64-102a4be1d222"
	entra   = "https://login.microsoftonline.com/"
	clientS = "s3cret-of-the-client"
)

func key(b byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32))
}

// working is the least that works against the real services.
func working() map[string]string {
	return map[string]string{
		config.SecretKeys:       key(1),
		config.OIDCIssuer:       entra + tenant + "/v2.0",
		config.OIDCClientID:     "client",
		config.OIDCClientSecret: clientS,
	}
}

func with(env map[string]string, pairs ...string) map[string]string {
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return env
}

func load(env map[string]string, practice bool) (config.Config, error) {
	files := map[string]string{
		"/run/keys":   key(7) + "\n",
		"/run/empty":  "\n",
		"/run/secret": clientS + "\n",
	}
	from := config.Source{
		ReadFile: func(path string) ([]byte, error) {
			text, ok := files[path]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
			}
			return []byte(text), nil
		},
		Random: bytes.NewReader(bytes.Repeat([]byte{9}, 32)),
	}
	for name, value := range env {
		from.Environ = append(from.Environ, name+"="+value)
	}
	return config.Load(from, practice)
}

// loopback are the proxies that are always trusted.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

func samePrefix() cmp.Option {
	return cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
}

func TestLoadRealDefaults(t *testing.T) {
	got, err := load(working(), false)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Addr:     "127.0.0.1:8080",
		BaseURL:  "http://localhost:8080",
		Database: config.Database{Kind: config.SQLite, File: "tandem.db"},
		Keys:     config.Keys{bytes.Repeat([]byte{1}, 32)},
		OIDC: config.OIDC{
			Issuer:       entra + tenant + "/v2.0",
			ClientID:     "client",
			ClientSecret: clientS,
			Scopes: []string{"openid", "profile", "email", "offline_access",
				"https://api.partner.microsoft.com/user_impersonation"},
		},
		APIBaseURL:      "https://api.partner.microsoft.com",
		SessionIdle:     12 * time.Hour,
		SessionAbsolute: 7 * 24 * time.Hour,
		DraftRetention:  90 * 24 * time.Hour,
		TrustedProxies:  loopback(),
		Drain:           5 * time.Second,
		LogFormat:       "text",
	}
	if diff := cmp.Diff(want, got, samePrefix()); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if got.Secure() {
		t.Error("http is called secure")
	}
}

func TestLoadPracticeNeedsNothing(t *testing.T) {
	got, err := load(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Practice: true,
		Addr:     "127.0.0.1:8080",
		BaseURL:  "http://localhost:8080",
		Database: config.Database{Kind: config.SQLite},
		Keys:     config.Keys{bytes.Repeat([]byte{9}, 32)},
		OIDC: config.OIDC{Scopes: []string{"openid", "profile", "email", "offline_access",
			"https://api.partner.microsoft.com/user_impersonation"}},
		SessionIdle:     12 * time.Hour,
		SessionAbsolute: 7 * 24 * time.Hour,
		DraftRetention:  90 * 24 * time.Hour,
		TrustedProxies:  loopback(),
		LogFormat:       "text",
	}
	if diff := cmp.Diff(want, got, samePrefix()); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestLoadEverything(t *testing.T) {
	got, err := load(map[string]string{
		config.Addr:                         ":9000",
		config.BaseURL:                      "https://tandem.contoso.com/",
		config.DatabaseURL:                  "postgres://tandem:pw@db/tandem",
		config.SecretKeys + "_FILE":         "/run/keys",
		config.OIDCIssuer:                   entra + "organizations/v2.0",
		config.OIDCClientID:                 "client",
		config.OIDCClientSecret + "_FILE":   "/run/secret",
		config.OIDCScopes:                   "openid  offline_access",
		config.AllowedTenants:               strings.ToUpper(tenant) + ", " + second,
		config.APIBaseURL:                   "https://api.partner.microsoft-ppe.com",
		config.SessionIdle:                  "90m",
		config.SessionAbsolute:              "24h",
		config.DraftRetention:               "0",
		config.AnswerRetention:              "720h",
		config.MetricsAddr:                  "[::1]:9001",
		config.TrustedProxies:               "10.0.0.4, 10.1.2.3/16,2001:db8::/32",
		config.Drain:                        "0",
		config.LogFormat:                    "json",
		config.LogLevel:                     "Debug",
		"TANDEM_SERVICE_HOST":               "10.0.0.7",
		"TANDEM_SERVICE_PORT_HTTP":          "80",
		"TANDEM_PORT":                       "tcp://10.0.0.7:80",
		"TANDEM_PORT_80_TCP_PROTO":          "tcp",
		"TANDEM_POSTGRES_PORT_5432_TCP":     "tcp://10.0.0.8:5432",
		"PATH":                              "/bin",
		"OTHER_TANDEM_THING":                "is not ours",
		"TANDEM_EMPTY_VARIABLES_DO_NOT_SET": "",
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Addr:     ":9000",
		BaseURL:  "https://tandem.contoso.com",
		Database: config.Database{Kind: config.Postgres, URL: "postgres://tandem:pw@db/tandem"},
		Keys:     config.Keys{bytes.Repeat([]byte{7}, 32)},
		OIDC: config.OIDC{
			Issuer:         entra + "organizations/v2.0",
			ClientID:       "client",
			ClientSecret:   clientS,
			Scopes:         []string{"openid", "offline_access"},
			AllowedTenants: []string{tenant, second},
		},
		APIBaseURL:      "https://api.partner.microsoft-ppe.com",
		SessionIdle:     90 * time.Minute,
		SessionAbsolute: 24 * time.Hour,
		AnswerRetention: 720 * time.Hour,
		MetricsAddr:     "[::1]:9001",
		TrustedProxies: append(loopback(), netip.MustParsePrefix("10.0.0.4/32"),
			netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("2001:db8::/32")),
		LogFormat: "json",
		LogLevel:  slog.LevelDebug,
	}
	if diff := cmp.Diff(want, got, samePrefix()); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if !got.Secure() {
		t.Error("https is not called secure")
	}
}

func TestBaseURLFollowsThePort(t *testing.T) {
	got, err := load(with(working(), config.Addr, "127.0.0.1:9090"), false)
	if err != nil {
		t.Fatal(err)
	}
	if got.BaseURL != "http://localhost:9090" {
		t.Errorf("base URL is %q", got.BaseURL)
	}
}

func TestProblemsComeTogether(t *testing.T) {
	_, err := load(map[string]string{
		config.Addr:     "8080",
		config.LogLevel: "loud",
		"TANDEM_ADR":    "127.0.0.1:80",
	}, false)
	want := strings.Join([]string{
		`TANDEM_ADDR is "8080"; use host:port, such as 127.0.0.1:8080`,
		`TANDEM_SECRET_KEYS is missing; make a key with: openssl rand -base64 32`,
		`TANDEM_OIDC_ISSUER is missing; for Microsoft Entra ID it is ` +
			`https://login.microsoftonline.com/{tenant GUID}/v2.0`,
		`TANDEM_OIDC_CLIENT_ID is missing; it is the application (client) ID`,
		`TANDEM_OIDC_CLIENT_SECRET is missing; set it, ` +
			`TANDEM_OIDC_CLIENT_SECRET_FILE or TANDEM_OIDC_CLIENT_CERTIFICATE`,
		`TANDEM_LOG_LEVEL is "loud"; use debug, info, warn or error`,
		`TANDEM_ADR is not a variable of Tandem; did you mean TANDEM_ADDR?`,
	}, "\n")
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestSecretsStayHidden(t *testing.T) {
	c, err := load(with(working(), config.DatabaseURL, "postgres://u:pass-word@db/x"), false)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c)
	printed := fmt.Sprintf("%v %+v %#v %s %x", c, c, c, c.OIDC, c.Keys) + log.String()
	for _, secret := range []string{clientS, "pass-word", key(1), "1 1 1 1", "0101", "0x1, 0x1"} {
		if strings.Contains(printed, secret) {
			t.Errorf("printed %q:\n%s", secret, printed)
		}
	}
}

func TestRandomnessFails(t *testing.T) {
	_, err := config.Load(config.Source{Random: bytes.NewReader(nil)}, true)
	var problems config.Problems
	if !errors.As(err, &problems) || problems[0].Variable != config.SecretKeys {
		t.Errorf("got %v", err)
	}
}
