// Package program is Tandem as a value: it reads the configuration, wires everything up, serves and
// stops. Package main does nothing but start it.
package program

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // the container has no time zones of its own

	"tandem/internal/config"
)

// Main carries out the command that the process was started with, with the process's environment
// and streams, until it is done or a signal ends it. It returns the status to exit with.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	collectLess()
	w := world{environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
	if err := run(ctx, os.Args[1:], w); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// collectLess lets the heap grow to four times the memory in use before garbage is collected,
// unless GOGC says otherwise. Some 10 MB are in use, however much is stored, and a page allocates
// 50 to 200 kB: with the default, twice the memory in use, every 100 pages would start a
// collection.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// world is what the program takes from its process. Tests replace it.
type world struct {
	environ        []string
	stdout, stderr io.Writer
	now            func() time.Time
	// started is called once requests are answered; may be nil.
	started func(*server)
	// settle is how long after an attempt "not found" counts; zero means the default.
	settle time.Duration
	// patience is how long a client may take to send the headers of a request, and a third of what
	// the whole request may take; zero means 10 seconds.
	patience time.Duration
}

const usage = `usage: tandem [COMMAND]

  tandem              serve
  tandem practice     serve with stand-ins for Microsoft; nothing needs to be set
  tandem migrate      bring the database up to date and stop
  tandem healthcheck  ask the running server whether it is alive
  tandem backup FILE  copy the SQLite database to a new file, also while it is used
  tandem restored     say that the database was brought back from a copy of another origin
  tandem version      tell which version this is
  tandem help         tell this

Settings come from the environment; the README lists them`

// version is put here by the linker: -X tandem/internal/program.version=VERSION.
var version = "unknown"

// run carries out one command. It returns when the command is done or ctx ends.
func run(ctx context.Context, args []string, w world) error {
	command := "serve"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	if command == "backup" && len(args) == 1 {
		return backup(ctx, args[0], w)
	}
	do, ok := commands()[command]
	switch {
	case command == "backup":
		return errors.New("backup needs the name of one new file\n" + usage)
	case !ok:
		return fmt.Errorf("there is no command %q\n%s", command, usage)
	case len(args) > 0:
		return fmt.Errorf("%s stands alone, without %q\n%s", command, args[0], usage)
	}
	return do(ctx, w)
}

// commands are the commands without arguments.
func commands() map[string]func(context.Context, world) error {
	tell := func(text string) func(context.Context, world) error {
		return func(_ context.Context, w world) error {
			_, err := fmt.Fprintln(w.stdout, text)
			return err
		}
	}
	return map[string]func(context.Context, world) error{
		"serve":       func(ctx context.Context, w world) error { return serve(ctx, w, false) },
		"practice":    func(ctx context.Context, w world) error { return serve(ctx, w, true) },
		"migrate":     migrate,
		"healthcheck": healthcheck,
		"restored":    restored,
		"version":     tell(version), "--version": tell(version),
		"help": tell(usage), "--help": tell(usage), "-h": tell(usage),
	}
}

func load(w world, practising bool) (config.Config, error) {
	return config.Load(config.Source{Environ: w.environ, ReadFile: os.ReadFile,
		Random: rand.Reader, Now: w.now}, practising)
}

func migrate(ctx context.Context, w world) error {
	c, err := load(w, false)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, c, w.now, nil)
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.stdout, "the database is up to date")
	return err
}

// healthcheck asks the running server for /healthz. It prints nothing when all is well.
func healthcheck(ctx context.Context, w world) error {
	addr, err := config.Listen(config.Source{Environ: w.environ})
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("reading the address: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, port) + "/healthz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", res.Status)
	}
	return nil
}
