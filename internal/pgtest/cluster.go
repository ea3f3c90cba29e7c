package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const superuser = "tandem"

// forTests are the settings of the server that tests share: nothing in it has to outlive a crash,
// and many tests run at once.
const forTests = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off " +
	"-c max_connections=600 -c shared_buffers=64MB -c autovacuum=off"

// supervise runs the server until standard input ends, which it does with the test process, and
// removes the directory. $1 is the folder of the programs, $2 the directory, $3 the port, $4 are
// the settings.
const supervise = `
trap '' INT TERM
"$1/postgres" -D "$2/data" -k "$2" -h 127.0.0.1 -p "$3" $4 >"$2/log" 2>&1 &
cat >/dev/null
kill -QUIT $! 2>/dev/null
wait
rm -rf "$2"
`

// Server is a running cluster. Its end of the pipe must stay referenced, because the cluster ends
// when the garbage collector, or the end of the process, closes it.
type Server struct {
	addr  string // loopback host and port
	alive io.Closer
	shell *exec.Cmd
}

const attempts = 3

// Start makes a cluster with options of postgres(1), separated by spaces, and waits until it
// answers. All other settings have PostgreSQL's defaults, so that a commit waits for the disk. The
// cluster ends with the process at the latest.
func Start(settings string) (*Server, error) {
	bin, err := folderOf("initdb")
	if err != nil {
		return nil, err
	}
	// The port was free a moment ago; should another have taken it, the next attempt takes a
	// different one.
	var s *Server
	for range attempts {
		if s, err = startOnce(bin, settings); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func startOnce(bin, settings string) (*Server, error) {
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		return nil, err
	}
	who, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"),
		"-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = dir, who
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	shell := exec.Command("/bin/sh", "-c", supervise, "sh", bin, dir, port, settings)
	shell.Dir, shell.SysProcAttr = dir, who
	stdin, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	s := &Server{addr: net.JoinHostPort("127.0.0.1", port), alive: stdin, shell: shell}
	return s, s.ready(dir)
}

// Close ends the cluster and removes it.
func (s *Server) Close() error { return errors.Join(s.alive.Close(), s.shell.Wait()) }

// ready waits until the server answers. Else it ends the server.
func (s *Server) ready(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		err := s.execute("SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(dir, "log")) // only to say more
			return errors.Join(fmt.Errorf("%w\n%s", err, log), s.Close())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// folderOf returns the folder of one of PostgreSQL's programs, that of the newest version on
// Debian.
func folderOf(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if err != nil || len(found) == 0 {
		return "", errors.Join(errors.New(program+" is not installed"), err)
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// version is the number in /usr/lib/postgresql/NUMBER/bin/PROGRAM, 0 when it is none.
func version(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

// unprivileged makes the directory usable for, and returns how to become, a user as whom PostgreSQL
// agrees to run: it refuses to be root. A group of processes of its own keeps Ctrl+C from it.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	addr := l.Addr().String()
	return addr[strings.LastIndex(addr, ":")+1:], l.Close()
}
