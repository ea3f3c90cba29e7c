package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestMain is the bare program when the bench starts it, as the test's own file is the bench then.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "limit" {
		if err := run(contextOfSignals(), os.Args[1:], os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		return
	}
	m.Run()
}

// TestRound builds Tandem and goes one short round on both databases, to see that every operation
// works.
func TestRound(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "tandem")
	build := exec.Command("go", "build", "-tags", "bench", "-o", program, "tandem")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		t.Run(database, func(t *testing.T) {
			table := filepath.Join(dir, database+".md")
			var out bytes.Buffer
			err := run(t.Context(), []string{"-program", program, "-out", table, "-round", "20ms",
				"-rows", "1100", "-sends", "60", "-postgres=" + fmt.Sprint(database == "PostgreSQL")}, &out)
			if err != nil {
				t.Fatal(err)
			}
			written, err := os.ReadFile(table)
			if err != nil || string(written) != out.String() {
				t.Errorf("the file differs from what was printed: %v", err)
			}
			complete(t, out.String(), database)
		})
	}
}

func complete(t *testing.T, tables, database string) {
	t.Helper()
	all := []string{database + ", replicas: 1.", "| step page of a draft | 16 | ",
		"| save a step | 16 | ", "| newest of 1000 referrals | 16 | ",
		"| newest of 1100 referrals | 16 | ", "| filter and search in 1100 | 1 | ",
		"| send, API takes 0s | 8 | ", "| send, API takes 50ms | 32 | ",
		"| step page, 200 others polling | 4 | ", "MB of memory idle", "| by rows | 1000 | 1100 |",
		"| by users | 1 | 4 | 16 | 32 |"}
	if database == "PostgreSQL" {
		all = append(all, database+", replicas: 2.", "| by replicas | 1 | 2 |")
	}
	for _, want := range all {
		if !strings.Contains(tables, want) {
			t.Errorf("%q is missing in\n%s", want, tables)
		}
	}
	counts := regexp.MustCompile(`Sends: (\d+); .* for them: (\d+)\.`)
	if n := counts.FindStringSubmatch(tables); n == nil || n[1] != n[2] {
		t.Errorf("sent and created: %v", n)
	}
}

func TestProfile(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.RequestURI())
	}))
	defer server.Close()
	b := &bench{metrics: []string{strings.TrimPrefix(server.URL, "http://")}, options: options{
		profile: filepath.Join(t.TempDir(), "cpu"), round: 3 * time.Second}}
	if err := b.record(t.Context(), 0)(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(b.profile + "-1.pprof")
	if err != nil || string(got) != "/debug/pprof/profile?seconds=3" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestArguments(t *testing.T) {
	for name, args := range map[string][]string{
		"few rows":       {"-rows", "999"},
		"no round":       {"-round", "0s"},
		"more than that": {"now"},
		"unknown":        {"-fast"},
	} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
