package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program under measurement.
type process struct {
	cmd *exec.Cmd
	url string
	// ready is how long it took until the first request was answered with 200.
	ready time.Duration
}

// fleet is a program that runs as one or several processes sharing its work.
type fleet []*process

// url is that of a random process, so that no user sticks to one.
func (f fleet) url() string { return f[rand.IntN(len(f))].url }

// usage sums up the processor time of all, and has the memory of the largest.
func (f fleet) usage() (all usage, err error) {
	for _, p := range f {
		u, err := p.usage()
		if err != nil {
			return all, err
		}
		all.cpu += u.cpu
		all.memory = max(all.memory, u.memory)
	}
	return all, nil
}

// stop ends them.
func (f fleet) stop() (err error) {
	for _, p := range f {
		err = errors.Join(err, p.stop())
	}
	return err
}

// usage is what a process has used.
type usage struct {
	cpu time.Duration
	// memory is the resident set in bytes.
	memory int64
}

// The units of /proc/PID/stat.
const clockTick = 10 * time.Millisecond

const startLimit = 30 * time.Second

// freeAddr returns an address on loopback where nobody listens.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for an address: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// start starts a program and waits until it answers at the path.
func start(ctx context.Context, cmd *exec.Cmd, addr, path string) (*process, error) {
	began := time.Now()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	p := &process{cmd: cmd, url: "http://" + addr}
	if err := p.await(ctx, path); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	p.ready = time.Since(began)
	return p, nil
}

func (p *process) await(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(r)
		if err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", p.cmd.Path, ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// stop ends the process and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping %s: %w", p.cmd.Path, err)
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s ended: %w", p.cmd.Path, err)
	}
	return nil
}

func (p *process) usage() (usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return usage{}, fmt.Errorf("reading what a process uses: %w", err)
	}
	return parseUsage(string(stat), os.Getpagesize())
}

// parseUsage reads a line of proc(5): the name in parentheses may hold spaces.
func parseUsage(stat string, page int) (usage, error) {
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) < 22 {
		return usage{}, errors.New("reading what a process uses: short line")
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	pages, err3 := strconv.ParseInt(f[21], 10, 64)
	return usage{cpu: time.Duration(user+system) * clockTick, memory: pages * int64(page)},
		errors.Join(err1, err2, err3)
}
