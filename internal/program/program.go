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

// Main carries out the command that the process was started with, with the process's environment and
// streams, until it is done or a signal ends it. It returns the status to exit with.
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

// collectLess lets the heap grow to four times what is in use before garbage is collected, unless
// GOGC says otherwise. What is in use is some 10 MB, whatever is stored; a page throws away 100 to
// 300 kB, so that twice as much would be full after each 50 pages.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// world is what the program takes from its surroundings; tests give it another.
type world struct {
	environ        []string
	stdout, stderr io.Writer
	now            func() time.Time
	// started is told the address once requests are answered; may be nil.
	started func(*server)
	// settle is how long a look-up waits before "not found" counts; zero means the default.
	settle time.Duration
	// patience is how long a client may take to send the headers of a request, and a third of what
	// the whole request may take; zero means 10 seconds.
	patience time.Duration
}

const usage = `usage: tandem [practice | migrate | healthcheck | backup FILE | restored]`

// run carries out one command. It returns when the command is done or ctx ends.
func run(ctx context.Context, args []string, w world) error {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case command == "backup" && len(args) == 2:
		return backup(ctx, args[1], w)
	case len(args) > 1:
		return errors.New(usage)
	case command == "serve", command == "practice":
		return serve(ctx, w, command == "practice")
	case command == "migrate":
		return migrate(ctx, w)
	case command == "healthcheck":
		return healthcheck(ctx, w)
	case command == "restored":
		return restored(ctx, w)
	}
	return errors.New(usage)
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
	return db.Close()
}

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
