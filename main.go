// Command tandem is a self-hosted web application with which sales reps at Microsoft partners enter
// co-sell referrals and send them to Microsoft's Partner Center as themselves.
//
//	tandem              serve
//	tandem practice     serve with stand-ins for Microsoft; nothing needs to be set
//	tandem migrate      bring the database up to date and stop
//	tandem healthcheck  ask the running server whether it is alive
//
// Settings come from the environment; see package config.
package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tandem/handlers"
	"tandem/internal/auth"
	"tandem/internal/config"
	"tandem/internal/jobs"
	"tandem/internal/metrics"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/internal/store"
	"tandem/static"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w := world{environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
	if err := run(ctx, os.Args[1:], w); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
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
}

const usage = `usage: tandem [practice | migrate | healthcheck]`

// run carries out one command. It returns when the command is done or ctx ends.
func run(ctx context.Context, args []string, w world) error {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case len(args) > 1:
		return errors.New(usage)
	case command == "serve", command == "practice":
		return serve(ctx, w, command == "practice")
	case command == "migrate":
		return migrate(ctx, w)
	case command == "healthcheck":
		return healthcheck(ctx, w)
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
	db, err := openStore(ctx, c, w.now)
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

// server is the program while it runs.
type server struct {
	config   config.Config
	log      *slog.Logger
	now      func() time.Time
	store    *store.Store
	jobs     *jobs.Jobs
	practice *practice.Practice // nil outside practice mode
	provider *auth.Provider
	metrics  *metrics.Metrics
	handler  http.Handler
	// url is where the program listens, closers what is closed at the end, last first.
	url     string
	closers []func() error
}

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
		return fmt.Errorf("listening: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	if err := errors.Join(s.jobs.Start(ctx), s.serveMetrics()); err != nil {
		return errors.Join(err, listener.Close())
	}
	s.greet(w.stdout)
	if w.started != nil {
		go w.started(s)
	}
	return s.answer(ctx, listener)
}

func newLog(c config.Config, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

// greet tells on the terminal where to go, and what does not work as it should.
func (s *server) greet(out io.Writer) {
	if s.practice != nil {
		fmt.Fprintf(out, "Tandem in practice mode: open %s\nNothing is sent to Microsoft. "+
			"Stop with Ctrl+C.\n", s.config.BaseURL)
	}
	for _, warning := range s.config.Warnings {
		s.log.Warn(warning)
	}
	for _, name := range static.Missing() {
		s.log.Warn("pages work without it but look plain; run make assets", "missing", name)
	}
	s.log.Info("serving", "address", s.url, "base_url", s.config.BaseURL)
}

// build wires everything up to the handler.
func (s *server) build(ctx context.Context, settle time.Duration) error {
	api, hc := s.config.APIBaseURL, &http.Client{Timeout: 15 * time.Second}
	if s.config.Practice {
		var err error
		if api, err = s.standIns(hc); err != nil {
			return err
		}
	}
	if err := s.openStore(ctx); err != nil {
		return err
	}
	s.newProvider(hc)
	calls := partnercenter.NewHTTPClient(partnercenter.DefaultTimeout)
	calls.Transport = s.metrics.Transport(calls.Transport)
	client, err := partnercenter.New(api, calls)
	if err != nil {
		return err
	}
	tokens := auth.NewSource(s.provider, tokenKeeper{s.store}, s.store)
	s.jobs, err = jobs.New(jobs.Config{Store: s.store, API: client, Now: s.now, Settle: settle,
		Tokens: tokenSource{tokens}, Log: quiet(s.log)})
	if err != nil {
		return err
	}
	return s.newHandler(tokens)
}

func (s *server) newHandler(tokens handlers.TokenKeeper) error {
	sessions, err := session.New(s.config.Keys, s.config.Secure())
	if err != nil {
		return err
	}
	sessions.Now = s.now
	d := handlers.Deps{Store: s.store, Sender: s.jobs, Provider: s.provider, Sessions: sessions,
		Tokens: tokens, Static: static.Handler(), Now: s.now, Log: s.log,
		Secure: s.config.Secure(), Observe: s.metrics, Limits: handlers.UsualLimits()}
	if s.practice != nil {
		d.Practice = s.practice.Handler()
	}
	s.handler = handlers.New(d)
	return nil
}

// standIns starts the identity provider and the Partner API of practice mode and returns the
// API's base URL: a listener of its own on loopback, so that calls to it are real ones.
func (s *server) standIns(hc *http.Client) (string, error) {
	p, err := practice.New(practice.Options{BaseURL: s.config.BaseURL, Now: s.now,
		Stylesheet: static.Asset("app.css")})
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listening for the practice API: %w", err)
	}
	s.serveBeside(listener, p.Simulator(), "practice API")
	s.practice = p
	s.config.OIDC.Issuer, s.config.OIDC.ClientID = p.Issuer(), p.ClientID()
	s.config.OIDC.ClientSecret = config.Secret(p.ClientSecret())
	hc.Transport = p.Transport()
	return "http://" + listener.Addr().String(), nil
}

func (s *server) newProvider(hc *http.Client) {
	c := s.config
	s.provider = auth.New(auth.Config{
		Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID,
		ClientSecret: string(c.OIDC.ClientSecret), Scopes: c.OIDC.Scopes,
		Certificate:    (*tls.Certificate)(c.OIDC.ClientCertificate),
		AllowedTenants: c.OIDC.AllowedTenants,
		RedirectURL:    c.BaseURL + "/auth/callback",
		PostLogoutURL:  c.BaseURL + "/auth/signed-out",
		HTTP:           hc, Now: s.now, Rand: rand.Reader, Observe: s.metrics,
	})
}

// openStore opens the database; without a named one practice mode uses a temporary file.
func (s *server) openStore(ctx context.Context) error {
	place := &s.config.Database
	if place.Kind == config.SQLite && place.File == "" {
		dir, err := os.MkdirTemp("", "tandem-practice-")
		if err != nil {
			return fmt.Errorf("making a place for the practice database: %w", err)
		}
		s.closers = append(s.closers, func() error { return os.RemoveAll(dir) })
		place.File = filepath.Join(dir, "tandem.db")
	}
	db, err := openStore(ctx, s.config, s.now)
	if err != nil {
		return err
	}
	s.store = db
	s.closers = append(s.closers, db.Close)
	return nil
}

func openStore(
	ctx context.Context, c config.Config, now func() time.Time,
) (*store.Store, error) {
	keys, err := store.NewKeys(c.Keys)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{Path: c.Database.File,
		URL: string(c.Database.URL), Keys: keys, Now: now,
		Idle: c.SessionIdle, Absolute: c.SessionAbsolute,
		Migrate: []func(context.Context, *store.Store) error{jobs.Migrate}})
}

// answer serves until ctx ends, then lets requests and sends finish.
func (s *server) answer(ctx context.Context, listener net.Listener) error {
	web := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	go s.tidy(ctx)
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		s.log.Info("stopping")
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 40*time.Second)
	defer cancel()
	if down := web.Shutdown(drain); err == nil || errors.Is(err, http.ErrServerClosed) {
		err = down
	}
	return errors.Join(err, s.jobs.Stop(drain))
}

// serveMetrics answers on the address set for it; without one nobody can read the metrics.
func (s *server) serveMetrics() error {
	if s.config.MetricsAddr == "" {
		return nil
	}
	listener, err := net.Listen("tcp", s.config.MetricsAddr)
	if err != nil {
		return fmt.Errorf("listening for metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	s.serveBeside(listener, mux, "metrics")
	return nil
}

// serveBeside serves something else than the pages until the program ends.
func (s *server) serveBeside(listener net.Listener, h http.Handler, what string) {
	beside := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.closers = append(s.closers, beside.Close)
	go func() {
		if err := beside.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("listener ended", "what", what, "error", err.Error())
		}
	}()
}

// tidy deletes sessions that are over, once an hour.
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

// quiet keeps the queue's own chatter out of the log unless something is wrong.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(atLeastWarn{log.Handler()}) }

type atLeastWarn struct{ slog.Handler }

func (h atLeastWarn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// tokenKeeper keeps tokens sealed in the store.
type tokenKeeper struct{ store *store.Store }

// Token returns the person's token; auth.ErrNoToken when there is none.
func (k tokenKeeper) Token(ctx context.Context, userID string) (auth.Token, error) {
	var t auth.Token
	doc, err := k.store.Token(ctx, userID)
	if errors.Is(err, referral.ErrNotFound) {
		return t, auth.ErrNoToken
	}
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(doc, &t)
}

// SaveToken replaces the person's token.
func (k tokenKeeper) SaveToken(ctx context.Context, userID string, t auth.Token) error {
	doc, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encoding a token: %w", err)
	}
	return k.store.SaveToken(ctx, userID, doc)
}

// DeleteToken forgets the person's token.
func (k tokenKeeper) DeleteToken(ctx context.Context, userID string) error {
	return k.store.DeleteToken(ctx, userID)
}

// tokenSource gives the jobs their tokens and tells them when only a new sign-in helps.
type tokenSource struct{ source *auth.Source }

// AccessToken returns a token that is good for some minutes more.
func (t tokenSource) AccessToken(ctx context.Context, userID string) (string, error) {
	token, err := t.source.AccessToken(ctx, userID)
	return token, signIn(err)
}

// Renew returns another token than the rejected one.
func (t tokenSource) Renew(ctx context.Context, userID, rejected string) (string, error) {
	token, err := t.source.Renew(ctx, userID, rejected)
	return token, signIn(err)
}

func signIn(err error) error {
	var needed *auth.SignInError
	if errors.As(err, &needed) {
		return &jobs.SignInError{Claims: needed.Claims, Err: err}
	}
	return err
}
