// Package pgtest is a test kit: it gives each test a PostgreSQL database of its own. The first use
// in a test process starts a throw-away cluster, which ends and is removed with the process,
// however that ends. The programs initdb and postgres must be installed, in PATH or where Debian
// keeps them.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster returns the process's cluster and starts it at the first call.
var cluster = sync.OnceValues(func() (*Server, error) { return Start(forTests) })

// URL returns the connection URL of a new, empty database, which is dropped when the test ends. The
// test fails when PostgreSQL cannot be started.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

// Template returns a function like URL, whose databases hold what prepare puts into an empty one.
// Prepare is called once, at the first use, and closes its connections.
func Template(prepare func(url string) error) func(testing.TB) string {
	name := "template_" + strings.ToLower(rand.Text())
	prepared := sync.OnceValue(func() error {
		server, err := cluster()
		if err != nil {
			return fmt.Errorf("starting PostgreSQL: %w", err)
		}
		if err := server.execute("CREATE DATABASE " + name); err != nil {
			return err
		}
		return prepare(server.url(name))
	})
	return func(t testing.TB) string {
		t.Helper()
		if err := prepared(); err != nil {
			t.Fatal(err)
		}
		return create(t, " TEMPLATE "+name)
	}
}

func create(t testing.TB, options string) string {
	t.Helper()
	server, err := cluster()
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := server.execute("CREATE DATABASE " + name + options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.url(name)
}

// Create makes an empty database and returns its connection URL. The name is lower case.
func (s *Server) Create(name string) (url string, err error) {
	return s.url(name), s.execute("CREATE DATABASE " + name)
}

func (s *Server) url(database string) string {
	return "postgres://" + superuser + "@" + s.addr + "/" + database + "?sslmode=disable"
}

// Copy brings a database, which may be at work, back into an empty one by PostgreSQL's own
// programs, as operators do.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tandem.dump")
	run(t, "pg_dump", "--format=custom", "--file="+file, from)
	run(t, "pg_restore", "--dbname="+to, "--no-owner", "--exit-on-error", file)
}

func run(t testing.TB, program string, args ...string) {
	t.Helper()
	bin, err := folderOf(program)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, program), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// execute runs one statement in the cluster's own database.
func (s *Server) execute(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
