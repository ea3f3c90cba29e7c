package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// TestStartReportsEveryProblem starts with nothing set: one line for each variable that is missing.
func TestStartReportsEveryProblem(t *testing.T) {
	err := run(t.Context(), nil, world{now: time.Now})
	if err == nil {
		t.Fatal("the program starts without any setting")
	}
	var names []string
	for line := range strings.Lines(err.Error()) {
		names = append(names, strings.Fields(line)[0])
	}
	want := []string{"TANDEM_SECRET_KEYS", "TANDEM_OIDC_ISSUER", "TANDEM_OIDC_CLIENT_ID",
		"TANDEM_OIDC_CLIENT_SECRET"}
	for _, name := range want {
		if !slices.ContainsFunc(names, func(s string) bool { return strings.HasPrefix(s, name) }) {
			t.Errorf("no line about %s in:\n%v", name, err)
		}
	}
}

func TestPracticeRefusesRealSettings(t *testing.T) {
	err := run(t.Context(), []string{"practice"}, world{now: time.Now,
		environ: []string{"TANDEM_OIDC_CLIENT_ID=real"}})
	if err == nil || !strings.Contains(err.Error(), "TANDEM_OIDC_CLIENT_ID") {
		t.Errorf("practice with a real client id: %v", err)
	}
}

// TestStartWithoutADatabase says in one line what does not answer, without the password.
func TestStartWithoutADatabase(t *testing.T) {
	err := run(t.Context(), []string{"migrate"}, world{now: time.Now, environ: []string{
		"TANDEM_DATABASE_URL=postgres://tandem:hush@" + freeAddr(t) + "/tandem",
		"TANDEM_SECRET_KEYS=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"TANDEM_OIDC_ISSUER=http://localhost:1", "TANDEM_OIDC_CLIENT_ID=id",
		"TANDEM_OIDC_CLIENT_SECRET=secret"}})
	if !errors.Is(err, referral.ErrUnavailable) || strings.ContainsAny(err.Error(), "\n\t") ||
		strings.Contains(err.Error(), "hush") ||
		!strings.HasPrefix(err.Error(), "TANDEM_DATABASE_URL: ") {
		t.Errorf("error %v", err)
	}
}

// TestPracticeRefusesARealDatabase lets practice go on with its own, also when its address is
// another and somebody was erased, and not with one that people work with.
func TestPracticeRefusesARealDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tandem.db")
	place := world{now: time.Now, environ: []string{"TANDEM_DATABASE_URL=sqlite:" + file}}
	s := practiceProgram(t, place)
	for _, key := range []string{"http://localhost:8080/practice/idp|practice-1", "erased:1"} {
		if _, err := s.store.SignIn(t.Context(), referral.User{Key: key, Name: "Priya"}); err != nil {
			t.Fatal(err)
		}
	}
	addr := freeAddr(t)
	place.environ = append(place.environ, "TANDEM_ADDR="+addr, "TANDEM_BASE_URL=http://"+addr)
	ctx, cancel := context.WithCancel(t.Context())
	place.stdout, place.stderr = io.Discard, io.Discard
	place.started = func(*server) { cancel() }
	if err := run(ctx, []string{"practice"}, place); err != nil {
		t.Errorf("a kept database of practice: %v", err)
	}
	if _, err := s.store.SignIn(t.Context(), referral.User{Key: "tid:oid", Name: "Ana"}); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"practice"}, place)
	if err == nil || !strings.Contains(err.Error(), "TANDEM_DATABASE_URL") {
		t.Errorf("a database with a real person: %v", err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"serv"}, {"--addr=:80"}, {"practice", "now"}, {"backup"},
		{"backup", "a", "b"}} {
		err := run(t.Context(), args, world{now: time.Now})
		if err == nil || !strings.Contains(err.Error(), args[0]) ||
			!strings.Contains(err.Error(), usage) {
			t.Errorf("%v: %v", args, err)
		}
	}
	for command, want := range map[string]string{"help": usage, "--help": usage, "-h": usage,
		"version": version, "--version": version} {
		var out bytes.Buffer
		err := run(t.Context(), []string{command}, world{now: time.Now, stdout: &out})
		if err != nil || out.String() != want+"\n" {
			t.Errorf("%s: %v, says %q", command, err, out.String())
		}
	}
}

// TestServesWhileTheProviderIsDown starts for real with a provider that does not answer: the pages
// are there, the sign-in page says what is wrong, the health check passes.
func TestServesWhileTheProviderIsDown(t *testing.T) {
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	addr := freeAddr(t)
	environ := []string{"TANDEM_ADDR=" + addr, "TANDEM_BASE_URL=http://" + addr,
		"TANDEM_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tandem.db"),
		"TANDEM_SECRET_KEYS=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"TANDEM_OIDC_ISSUER=" + down.URL, "TANDEM_OIDC_CLIENT_ID=id",
		"TANDEM_OIDC_CLIENT_SECRET=secret"}
	startProgram(t, nil, world{environ: environ, now: time.Now})
	body := fetch(t, "http://"+addr+"/auth/sign-in")
	if !strings.Contains(body, "Sign-in is not available") {
		t.Errorf("the sign-in page does not say that the provider is down:\n%s", body)
	}
	if err := run(t.Context(), []string{"healthcheck"}, world{environ: environ}); err != nil {
		t.Errorf("healthcheck: %v", err)
	}
	if err := run(t.Context(), []string{"migrate"}, world{environ: environ, now: time.Now,
		stdout: io.Discard}); err != nil {
		t.Errorf("migrate beside a running server: %v", err)
	}
}

func TestHealthcheckFailsWhenNothingListens(t *testing.T) {
	environ := []string{"TANDEM_ADDR=" + freeAddr(t)}
	if err := run(t.Context(), []string{"healthcheck"}, world{environ: environ}); err == nil {
		t.Error("healthcheck passes though nothing listens")
	}
}

func TestPracticeGreets(t *testing.T) {
	var out bytes.Buffer
	s := practiceProgram(t, world{now: time.Now, stdout: &out})
	if diff := cmp.Diff(true, strings.Contains(out.String(), "open "+s.config.BaseURL)); diff != "" {
		t.Errorf("greeting %q", out.String())
	}
	if got := fetch(t, s.config.BaseURL+"/readyz"); got != "ready\n" {
		t.Errorf("readyz = %q", got)
	}
}

// practiceProgram starts the program in practice mode on a free port of loopback.
func practiceProgram(t testing.TB, w world) *server {
	t.Helper()
	addr := freeAddr(t)
	w.environ = append(w.environ, "TANDEM_ADDR="+addr, "TANDEM_BASE_URL=http://"+addr)
	if w.settle == 0 {
		w.settle = time.Second
	}
	return startProgram(t, []string{"practice"}, w)
}

// startProgram runs the program until the test ends and waits until it answers.
func startProgram(t testing.TB, args []string, w world) *server {
	t.Helper()
	if w.stdout == nil {
		w.stdout = new(bytes.Buffer)
	}
	var logged bytes.Buffer
	expected, _ := w.stderr.(meant)
	w.stderr = both(&logged, w.stderr)
	started := make(chan *server, 1)
	w.started = func(s *server) { started <- s }
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, w) }()
	var s *server
	select {
	case s = <-started:
	case err := <-ended:
		cancel()
		t.Fatalf("the program ended: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopping: %v", err)
		}
		if bad := expected.others(faults(logged.String())); bad != "" {
			t.Errorf("the program logged errors:\n%s", bad)
		}
	})
	return s
}

// meant are parts of errors which a test brings about. As a log it forgets everything.
type meant []string

func (meant) Write(p []byte) (int, error) { return len(p), nil }

// others returns the lines that are not meant, and what is meant and not there.
func (m meant) others(lines string) string {
	var out strings.Builder
	for _, part := range m {
		if !strings.Contains(lines, part) {
			fmt.Fprintf(&out, "nothing says %s\n", part)
		}
	}
	for line := range strings.Lines(lines) {
		if !slices.ContainsFunc(m, func(part string) bool { return strings.Contains(line, part) }) {
			fmt.Fprint(&out, line)
		}
	}
	return out.String()
}

// faults returns the lines of the log that are errors.
func faults(log string) string {
	var out strings.Builder
	for line := range strings.Lines(log) {
		if strings.Contains(line, "level=ERROR") {
			fmt.Fprint(&out, line)
		}
	}
	return out.String()
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func fetch(t testing.TB, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return body.String()
}

func TestMain(m *testing.M) {
	if os.Getenv(replicaOfTest) != "" {
		os.Exit(Main())
	}
	code := m.Run()
	if err := stopBrowser(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}
