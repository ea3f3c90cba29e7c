package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/config"
)

func TestIdleFollowsAShortAbsolute(t *testing.T) {
	got, err := load(with(working(), config.SessionAbsolute, "8h"), false)
	if err != nil {
		t.Fatal(err)
	}
	if got.SessionIdle != 8*time.Hour || got.SessionAbsolute != 8*time.Hour {
		t.Errorf("idle %s, absolute %s", got.SessionIdle, got.SessionAbsolute)
	}
}

func TestMetricsWarning(t *testing.T) {
	for addr, want := range map[string][]string{
		"127.0.0.1:9090": nil,
		"localhost:9090": nil,
		"[::1]:9090":     nil,
		":9090": {`TANDEM_METRICS_ADDR is ":9090", which other machines may reach: ` +
			`it asks nobody who they are`},
		"10.0.0.7:9090": {`TANDEM_METRICS_ADDR is "10.0.0.7:9090", which other machines may ` +
			`reach: it asks nobody who they are`},
	} {
		got, err := load(with(working(), config.MetricsAddr, addr), false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Warnings); diff != "" || got.MetricsAddr != addr {
			t.Errorf("%q, warnings (-want +got):\n%s", got.MetricsAddr, diff)
		}
	}
}

func TestTwoPortsOfTheSystemsChoice(t *testing.T) {
	env := with(working(), config.Addr, "127.0.0.1:0", config.MetricsAddr, "127.0.0.1:0")
	if _, err := load(env, false); err != nil {
		t.Error(err)
	}
}

func TestListenNeedsNothingElse(t *testing.T) {
	for entry, want := range map[string]string{
		"TANDEM_LOG_LEVEL=loud": "127.0.0.1:8080",
		"TANDEM_ADDR=:9000":     ":9000",
		"TANDEM_ADDR=9000":      "",
	} {
		got, err := config.Listen(config.Source{Environ: []string{entry}})
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: got %q, %v", entry, got, err)
		}
	}
}
