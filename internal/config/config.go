// Package config turns the environment into one checked struct, read once at start.
//
// Every variable begins with TANDEM_, except those of OpenTelemetry. An empty variable counts as
// one that is not set. A variable that carries a secret may instead be named NAME_FILE and hold the
// path of a file with the value, as container platforms mount them. All problems are reported
// together, one line each.
package config

import (
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"time"
)

// The variables Tandem reads. Those marked secret also exist as NAME_FILE.
const (
	Addr             = "TANDEM_ADDR"
	BaseURL          = "TANDEM_BASE_URL"
	DatabaseURL      = "TANDEM_DATABASE_URL" // secret, it may hold a password
	SecretKeys       = "TANDEM_SECRET_KEYS"  // secret
	OIDCIssuer       = "TANDEM_OIDC_ISSUER"
	OIDCClientID     = "TANDEM_OIDC_CLIENT_ID"
	OIDCClientSecret = "TANDEM_OIDC_CLIENT_SECRET" // secret
	// OIDCClientCertificate is secret: it holds the private key as well.
	OIDCClientCertificate = "TANDEM_OIDC_CLIENT_CERTIFICATE"
	OIDCScopes            = "TANDEM_OIDC_SCOPES"
	AllowedTenants        = "TANDEM_ALLOWED_TENANTS"
	APIBaseURL            = "TANDEM_API_BASE_URL"
	// SessionIdle and those after it are durations as Go writes them, such as 12h or 90m.
	SessionIdle     = "TANDEM_SESSION_IDLE"
	SessionAbsolute = "TANDEM_SESSION_ABSOLUTE"
	DraftRetention  = "TANDEM_DRAFT_RETENTION"
	AnswerRetention = "TANDEM_ANSWER_RETENTION"
	MetricsAddr     = "TANDEM_METRICS_ADDR"
	TrustedProxies  = "TANDEM_TRUSTED_PROXIES"
	Drain           = "TANDEM_DRAIN"
	LogFormat       = "TANDEM_LOG_FORMAT"
	LogLevel        = "TANDEM_LOG_LEVEL"
)

const (
	defaultAddr     = "127.0.0.1:8080"
	defaultDatabase = "sqlite:tandem.db"
	defaultAPI      = "https://api.partner.microsoft.com"
	defaultScopes   = "openid profile email offline_access " +
		"https://api.partner.microsoft.com/user_impersonation"
)

// Config is everything Tandem can be told. Load returns it complete and checked; nothing else
// reads the environment.
type Config struct {
	// Practice is true when the stand-ins for Microsoft are used. OIDC.Issuer, OIDC.ClientID,
	// OIDC.ClientSecret, OIDC.ClientCertificate and APIBaseURL are then empty: the stand-ins bring
	// their own.
	Practice bool
	// Addr is where to listen, host:port; an empty host means every interface.
	Addr string
	// BaseURL is how browsers reach Tandem: scheme and host, with no slash at the end.
	BaseURL string
	// Database says where data is stored.
	Database Database
	// Keys are 32 bytes each. The first encrypts, all decrypt.
	Keys Keys
	// OIDC is the identity provider.
	OIDC OIDC
	// APIBaseURL is the Partner API: scheme and host, with no path and no slash at the end.
	APIBaseURL string
	// SessionIdle ends the session of somebody who does nothing for so long: from 5 minutes to
	// SessionAbsolute.
	SessionIdle time.Duration
	// SessionAbsolute ends every session so long after its sign-in. It is 30 days at most.
	SessionAbsolute time.Duration
	// DraftRetention is how long a draft stays that nobody changes: a day or more, or zero to keep
	// drafts for good.
	DraftRetention time.Duration
	// AnswerRetention is how long Microsoft's raw answers stay, those of attempts and the newest of
	// each referral: a day or more, or zero to keep them for good.
	AnswerRetention time.Duration
	// MetricsAddr is where to serve metrics, host:port; empty means nowhere. Its port is not that
	// of Addr, unless the system chooses both.
	MetricsAddr string
	// TrustedProxies are the networks of the proxies whose X-Forwarded-For is believed: those of
	// this machine and those that were named.
	TrustedProxies []netip.Prefix
	// Drain is how long requests are served after the signal to stop, while readiness says no. It
	// is zero unless set in practice mode, where nothing stands in front.
	Drain time.Duration
	// Tracing is true when OpenTelemetry's variables say where spans go.
	Tracing bool
	// LogFormat is "text" or "json".
	LogFormat string
	// LogLevel is the lowest level that is logged.
	LogLevel slog.Level
	// Warnings are sentences for the log about settings that work but need somebody's attention.
	Warnings []string
}

// OIDC is the identity provider and what Tandem is to it.
type OIDC struct {
	// Issuer is compared with the provider's own spelling byte for byte.
	Issuer string
	// ClientID comes from the app registration.
	ClientID string
	// ClientSecret and ClientCertificate prove that Tandem is this client. Exactly one is set.
	ClientSecret      Secret
	ClientCertificate *Certificate
	// Scopes are asked for at every sign-in.
	Scopes []string
	// AllowedTenants are GUIDs in lower case. They are set exactly when the issuer is the one for
	// every organisation of Microsoft Entra ID.
	AllowedTenants []string
}

// Secure reports whether browsers reach Tandem over https, so that cookies may ask for it.
func (c Config) Secure() bool {
	u, err := url.Parse(c.BaseURL)
	return err == nil && u.Scheme == "https"
}

// Source is what Load reads from.
type Source struct {
	// Environ holds NAME=value strings, as os.Environ returns them.
	Environ []string
	// ReadFile reads the file a NAME_FILE variable points to.
	ReadFile func(path string) ([]byte, error)
	// Random makes the keys of practice mode.
	Random io.Reader
	// Now is the clock by which a certificate is valid; nil means time.Now.
	Now func() time.Time
}

// Load reads and checks the configuration. Practice mode needs nothing set, and refuses whatever
// would lead to the real services. The error is a Problems; it never contains a secret.
func Load(from Source, practice bool) (Config, error) {
	l := newLoader(from, practice)
	c := Config{Practice: practice}
	c.Addr = l.addr()
	c.BaseURL = l.baseURL(c.Addr)
	c.Database = l.database()
	c.Keys = l.keys()
	c.OIDC = l.oidc()
	c.APIBaseURL = l.apiBaseURL()
	c.SessionIdle, c.SessionAbsolute = l.session()
	c.DraftRetention = l.retention(DraftRetention, defaultDrafts)
	c.AnswerRetention = l.retention(AnswerRetention, 0)
	c.MetricsAddr = l.metricsAddr(c.Addr)
	c.TrustedProxies = l.proxies()
	c.Drain = l.drain()
	c.Tracing = l.tracing(from.Environ)
	c.LogFormat = l.logFormat()
	c.LogLevel = l.logLevel()
	l.refuseReal()
	l.refuseUnknown()
	if len(l.problems) > 0 {
		return Config{}, l.problems
	}
	c.Warnings = l.warnings
	return c, nil
}

// Listen reads and checks TANDEM_ADDR alone, for a health check of the running server. The error
// is a Problems.
func Listen(from Source) (addr string, err error) {
	l := newLoader(from, false)
	addr = l.addr()
	if len(l.problems) > 0 {
		return "", l.problems
	}
	return addr, nil
}

// Place reads and checks TANDEM_DATABASE_URL alone, for copying the database. The error is a
// Problems.
func Place(from Source) (Database, error) {
	l := newLoader(from, false)
	place := l.database()
	if len(l.problems) > 0 {
		return Database{}, l.problems
	}
	return place, nil
}

func (l *loader) logFormat() string {
	format := l.value(LogFormat, "text")
	if format != "text" && format != "json" {
		l.problem(LogFormat, "is %q; use text or json", format)
	}
	return format
}

func (l *loader) logLevel() slog.Level {
	var level slog.Level
	text := l.value(LogLevel, "info")
	if err := level.UnmarshalText([]byte(text)); err != nil {
		l.problem(LogLevel, "is %q; use debug, info, warn or error", text)
	}
	return level
}

// refuseReal keeps practice and real work apart: who set one of these variables expects to work for
// real, and would take referrals that only the simulator has for sent.
func (l *loader) refuseReal() {
	if !l.practice {
		return
	}
	settings := []string{OIDCIssuer, OIDCClientID, OIDCClientSecret, OIDCClientCertificate,
		AllowedTenants, APIBaseURL}
	for _, name := range settings {
		if set := l.setAs(name); set != "" {
			l.problem(set, "leads to the real services; unset it, or run without practice")
		}
	}
}
