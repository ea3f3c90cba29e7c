package program

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"tandem/handlers"
	"tandem/internal/config"
	"tandem/internal/metrics"
)

func serve(ctx context.Context, w world, practising bool) (err error) {
	c, err := load(w, practising)
	if err != nil {
		return err
	}
	s := &server{config: c, now: w.now, log: newLog(c, w.stderr), metrics: metrics.New()}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.build(ctx, w.settle); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("%s: %w", config.Addr, err)
	}
	s.url = "http://" + listener.Addr().String()
	if err := errors.Join(s.jobs.Start(ctx), s.serveMetrics()); err != nil {
		return errors.Join(err, listener.Close())
	}
	s.greet(w.stdout)
	if w.started != nil {
		go w.started(s)
	}
	return s.answer(ctx, listener, w.patience)
}

var errStopping = errors.New("told to stop")

// checks are the conditions under which /readyz says yes.
func (s *server) checks() []handlers.Check {
	return []handlers.Check{
		{Fault: "stopping", Works: func(context.Context) error {
			if s.stopping.Load() {
				return errStopping
			}
			return nil
		}},
		{Fault: "database does not answer", Works: s.store.Ping},
		{Fault: "queue does not run", Works: func(context.Context) error { return s.jobs.Alive() }},
	}
}

// answer serves until ctx ends. Then it goes on until whoever sends requests here has seen that it
// is stopping, and lets requests and sends finish.
func (s *server) answer(
	ctx context.Context, listener net.Listener, patience time.Duration,
) error {
	patience = cmp.Or(patience, 10*time.Second)
	web := &http.Server{Handler: s.handler, ReadHeaderTimeout: patience,
		ReadTimeout: 3 * patience, WriteTimeout: 6 * patience, IdleTimeout: 12 * patience,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	go s.tidy(ctx)
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		s.log.Info("stopping", "drain", s.config.Drain)
		s.stopping.Store(true)
		err = s.drain(ended)
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 40*time.Second)
	defer cancel()
	if down := web.Shutdown(drain); err == nil || errors.Is(err, http.ErrServerClosed) {
		err = down
	}
	return errors.Join(err, s.jobs.Stop(drain))
}

// drain goes on serving for the configured time, unless the server ends by itself.
func (s *server) drain(ended <-chan error) error {
	select {
	case err := <-ended:
		return err
	case <-time.After(s.config.Drain):
		return nil
	}
}

// serveMetrics serves the metrics on an address of their own, if one is configured.
func (s *server) serveMetrics() error {
	if s.config.MetricsAddr == "" {
		return nil
	}
	listener, err := net.Listen("tcp", s.config.MetricsAddr)
	if err != nil {
		return fmt.Errorf("%s: %w", config.MetricsAddr, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	profiles(mux)
	s.serveBeside(listener, mux, "metrics")
	return nil
}

// serveBeside serves a further handler on its own listener until the program ends.
func (s *server) serveBeside(listener net.Listener, h http.Handler, what string) {
	beside := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.closers = append(s.closers, beside.Close)
	go func() {
		if err := beside.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("listener ended", "what", what, "error", err.Error())
		}
	}()
}

// tidy deletes expired sessions and old autosaved input, once an hour.
func (s *server) tidy(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := s.store.DeleteExpired(ctx); err != nil {
				s.log.Warn("deleting expired sessions", "error", err.Error())
			}
			if err := s.store.DeleteOldTyped(ctx); err != nil {
				s.log.Warn("deleting what was typed long ago", "error", err.Error())
			}
		}
	}
}

func (s *server) close() error {
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	return errors.Join(errs...)
}
