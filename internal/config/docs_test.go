package config_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/config"
)

// row is a line of the README's table of variables: its name and default.
var row = regexp.MustCompile("(?m)^\\| `(TANDEM_[A-Z_]+)`( \\*)? \\| (.*?) \\|")

// TestREADMENamesEveryVariable compares the README's table with what is read: the names, which may
// come from a file, and the defaults.
func TestREADMENamesEveryVariable(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	documented, defaults := map[string]bool{}, map[string]string{}
	for _, cells := range row.FindAllStringSubmatch(string(text), -1) {
		documented[cells[1]], defaults[cells[1]] = true, strings.Trim(cells[3], "`")
		if cells[2] != "" {
			documented[cells[1]+"_FILE"] = true
		}
	}
	for _, name := range config.Known() {
		if !documented[name] {
			t.Errorf("the README does not name %s", name)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("the README names %s, which nobody reads", name)
	}
	for name, want := range usual(t) {
		if got := defaults[name]; got != want && !sameTime(got, want) {
			t.Errorf("the README says that %s is %q unless set, not %q", name, got, want)
		}
	}
}

// usual are the values of what need not be set; – stands for nothing.
func usual(t *testing.T) map[string]string {
	t.Helper()
	c, err := load(working(), false)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		config.Addr: c.Addr, config.BaseURL: c.BaseURL,
		config.DatabaseURL: "sqlite:" + c.Database.File, config.SecretKeys: "–",
		config.OIDCIssuer: "–", config.OIDCClientID: "–", config.OIDCClientSecret: "–",
		config.OIDCClientCertificate: "–", config.OIDCScopes: strings.Join(c.OIDC.Scopes, " "),
		config.AllowedTenants: "–", config.APIBaseURL: c.APIBaseURL,
		config.SessionIdle: c.SessionIdle.String(), config.SessionAbsolute: c.SessionAbsolute.String(),
		config.DraftRetention:  c.DraftRetention.String(),
		config.AnswerRetention: c.AnswerRetention.String(), config.MetricsAddr: "–",
		config.TrustedProxies: "–", config.Drain: c.Drain.String(), config.LogFormat: c.LogFormat,
		config.LogLevel: strings.ToLower(c.LogLevel.String()),
	}
}

func sameTime(a, b string) bool {
	x, err := time.ParseDuration(a)
	y, other := time.ParseDuration(b)
	return err == nil && other == nil && x == y
}
