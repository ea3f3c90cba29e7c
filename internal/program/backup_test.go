package program

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBackupCommand copies the database of a running program and starts another on the copy.
func TestBackupCommand(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "tandem.db"), filepath.Join(dir, "copy.db")
	practiceProgram(t, world{now: time.Now, environ: []string{"TANDEM_DATABASE_URL=sqlite:" + from}})
	var out bytes.Buffer
	w := world{environ: []string{"TANDEM_DATABASE_URL=sqlite:" + from}, stdout: &out, now: time.Now}
	if err := run(t.Context(), []string{"backup", to}, w); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), to) {
		t.Errorf("it says %q", out.String())
	}
	if err := run(t.Context(), []string{"backup", to}, w); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second backup to the same file: %v", err)
	}
	s := practiceProgram(t, world{now: time.Now,
		environ: []string{"TANDEM_DATABASE_URL=sqlite:" + to}})
	if got := fetch(t, s.config.BaseURL+"/readyz"); got != "ready\n" {
		t.Errorf("readyz on the copy = %q", got)
	}
}

func TestBackupRefuses(t *testing.T) {
	for name, test := range map[string]struct{ url, want string }{
		"PostgreSQL":  {"postgres://tandem@localhost/tandem", "pg_dump"},
		"no file":     {"sqlite:" + filepath.Join(t.TempDir(), "missing.db"), "no such file"},
		"no database": {"mysql:x", "TANDEM_DATABASE_URL"},
	} {
		err := run(t.Context(), []string{"backup", filepath.Join(t.TempDir(), "copy.db")},
			world{environ: []string{"TANDEM_DATABASE_URL=" + test.url}, now: time.Now})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q in it", name, err, test.want)
		}
	}
}

// TestRestoredCommand marks a database, which the program then serves.
func TestRestoredCommand(t *testing.T) {
	addr := freeAddr(t)
	var out bytes.Buffer
	w := world{now: time.Now, stdout: &out, environ: []string{"TANDEM_ADDR=" + addr,
		"TANDEM_BASE_URL=http://" + addr, "TANDEM_OIDC_ISSUER=http://" + freeAddr(t),
		"TANDEM_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tandem.db"),
		"TANDEM_SECRET_KEYS=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"TANDEM_OIDC_CLIENT_ID=id", "TANDEM_OIDC_CLIENT_SECRET=secret"}}
	if err := run(t.Context(), []string{"restored"}, w); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "marked") {
		t.Errorf("it says %q", out.String())
	}
	s := startProgram(t, nil, w)
	var marks int
	err := s.store.Writer().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM restored`).Scan(&marks)
	if err != nil || marks != 1 {
		t.Errorf("%d marks, %v", marks, err)
	}
}
