// Command bench measures Tandem side by side with the least that could do the same work: a program
// of net/http and SQLite without sign-in, checks and pages. Both run in turn against the same
// stand-in for Microsoft, so that their ratio holds on a machine whose speed changes.
//
//	bench -program FILE [-out FILE] [-round 3s] [-rows 100000] [-profile FILE]
//
// The program is Tandem built with the tag bench, which lifts the limits of requests for each
// person. People sign in by OpenID Connect. It is not a test: slow is no failure, a wrong answer is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are what the command line says.
type options struct {
	program, out, profile string
	round                 time.Duration
	rows                  int
}

func main() {
	if err := run(contextOfSignals(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// contextOfSignals ends when the program is told to stop.
func contextOfSignals() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	return ctx
}

// run measures, or is the bare program.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 4 && args[0] == "limit" {
		return serveLimit(ctx, args[1], args[2], args[3])
	}
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return fmt.Errorf("making a place for the databases: %w", err)
	}
	b := &bench{options: o, dir: dir, log: out}
	err = b.measure(ctx)
	return errors.Join(err, b.close(), os.RemoveAll(dir))
}

func parse(args []string, out io.Writer) (o options, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(out)
	f.StringVar(&o.program, "program", "bin/tandem-bench", "Tandem, built with the tag bench")
	f.StringVar(&o.out, "out", "", "write the table to this file, too")
	f.StringVar(&o.profile, "profile", "", "write CPU profiles to files that begin like this")
	f.DurationVar(&o.round, "round", 3*time.Second, "how long each operation is measured")
	f.IntVar(&o.rows, "rows", 100_000, "length of the long list, at least 1000")
	if err = f.Parse(args); err == nil && (o.rows < fewRows || o.round <= 0 || f.NArg() > 0) {
		err = errors.New("bench: give at least 1000 rows and a round longer than nothing")
	}
	return o, err
}
