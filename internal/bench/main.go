// Command bench measures Tandem side by side with the least that could do the same work: a program
// of net/http and the same database without sign-in, checks and pages. Both run in turn against the
// same stand-in for Microsoft, so that their ratio holds on a machine whose speed changes.
//
//	bench -program FILE [-postgres] [-out FILE] [-round 3s] [-rows 100000] [-sends 10000]
//		[-profile FILE] [-only PART]
//
// With -postgres it starts a cluster of PostgreSQL and goes two rounds, with one replica and with
// two.
//
// The program is Tandem built with the tag bench, which lifts the limits of requests for each
// person. People sign in by OpenID Connect. A wrong answer fails the run; a slow one does not.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tandem/internal/pgtest"
)

// options are the flags of the command line.
type options struct {
	program, out, profile, only string
	round                       time.Duration
	rows, sends                 int
	postgres                    bool
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

// run measures, or serves as the bare program that Tandem is compared with.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 5 && args[0] == "limit" {
		return serveLimit(ctx, args[1], args[2], args[3], args[4])
	}
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return fmt.Errorf("making a place for the databases: %w", err)
	}
	all, err := o.measure(ctx, dir)
	if err == nil {
		err = o.write(out, all)
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// measure goes one round on SQLite, or two on PostgreSQL.
func (o options) measure(ctx context.Context, dir string) ([]report, error) {
	if !o.postgres {
		r, err := o.measureAt(ctx, inFiles(dir), 1)
		return []report{r}, err
	}
	server, err := pgtest.Start("-c max_connections=200")
	if err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	var all []report
	for _, replicas := range []int{1, 2} {
		p, err := onServer(server, replicas)
		if err != nil {
			return nil, errors.Join(err, server.Close())
		}
		r, err := o.measureAt(ctx, p, replicas)
		if err != nil {
			return nil, errors.Join(err, server.Close())
		}
		all = append(all, r)
	}
	return all, server.Close()
}

func (o options) measureAt(ctx context.Context, p place, replicas int) (report, error) {
	b := &bench{options: o, place: p, replicas: replicas}
	b.report = report{database: p.name(), replicas: replicas}
	err := b.measure(ctx)
	return b.report, errors.Join(err, b.close())
}

// write prints the tables and writes them to the file.
func (o options) write(out io.Writer, all []report) error {
	var text bytes.Buffer
	for _, r := range all {
		r.write(&text)
	}
	if len(all) > 1 {
		byReplicas(all).write(&text)
	}
	if o.out != "" {
		if err := os.WriteFile(o.out, text.Bytes(), 0o600); err != nil {
			return fmt.Errorf("writing the table: %w", err)
		}
	}
	_, err := out.Write(text.Bytes())
	return err
}

func parse(args []string, out io.Writer) (o options, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(out)
	f.StringVar(&o.program, "program", "bin/tandem-bench", "Tandem, built with the tag bench")
	f.StringVar(&o.out, "out", "", "write the table to this file, too")
	f.StringVar(&o.profile, "profile", "", "write CPU profiles to files that begin like this")
	f.StringVar(&o.only, "only", "",
		"measure only one of pages, lists, start, sends, users, many and polling")
	f.DurationVar(&o.round, "round", 3*time.Second, "how long each operation is measured")
	f.IntVar(&o.rows, "rows", 100_000, "length of the long list, at least 1000")
	f.IntVar(&o.sends, "sends", 10_000, "go on sending until there are so many")
	f.BoolVar(&o.postgres, "postgres", false, "measure on PostgreSQL, with one replica and with two")
	if err = f.Parse(args); err == nil && (o.rows < fewRows || o.round <= 0 || f.NArg() > 0) {
		err = errors.New("bench: give at least 1000 rows and a round longer than nothing")
	}
	return o, err
}
