package program

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
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
	"tandem/internal/trace"
	"tandem/static"
)

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
	trace    *trace.Tracer // nil when nothing is traced
	handler  http.Handler
	// stopping is true once the program was told to stop.
	stopping atomic.Bool
	// url is where the program listens. closers are called at the end, the last one first.
	url     string
	closers []func() error
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
	if err := errors.Join(s.openTrace(ctx), s.openStore(ctx)); err != nil {
		return err
	}
	calls := partnercenter.NewHTTPClient(partnercenter.DefaultTimeout)
	calls.Transport = s.metrics.Transport(calls.Transport)
	if s.trace != nil {
		hc.Transport = s.trace.Transport(hc.Transport, "identity provider")
		calls.Transport = s.trace.Transport(calls.Transport, "Partner Center")
	}
	s.newProvider(hc)
	client, err := partnercenter.New(api, calls)
	if err != nil {
		return err
	}
	tokens := auth.NewSource(s.provider, tokenKeeper{s.store}, s.store)
	c := jobs.Config{Store: s.store, API: client, Now: s.now, Settle: settle,
		Tokens: tokenSource{tokens}, Log: s.log}
	if s.trace != nil {
		c.Trace = s.trace
	}
	if s.jobs, err = jobs.New(c); err != nil {
		return err
	}
	return s.newHandler(tokens)
}

// lastSpans is how long sending the last spans may take.
const lastSpans = 5 * time.Second

// openTrace turns tracing on if a collector is configured.
func (s *server) openTrace(ctx context.Context) (err error) {
	if !s.config.Tracing {
		return nil
	}
	s.trace, err = trace.New(ctx, func(err error) {
		s.log.Warn("sending spans", "error", err.Error())
	})
	if err != nil {
		return err
	}
	s.closers = append(s.closers, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
		defer cancel()
		if err := s.trace.Close(ctx); err != nil {
			s.log.Warn("sending spans", "error", err.Error())
		}
		return nil
	})
	return nil
}

func (s *server) newHandler(tokens handlers.TokenKeeper) error {
	sessions, err := session.New(s.config.Keys, s.config.Secure())
	if err != nil {
		return err
	}
	sessions.Now = s.now
	d := handlers.Deps{Store: s.store, Sender: s.jobs, Changes: s.jobs, Lister: s.jobs,
		Provider: s.provider, Sessions: sessions,
		Tokens: tokens, Static: static.Handler(), Now: s.now, Log: s.log,
		Secure: s.config.Secure(), Observe: s.metrics, Limits: limits(),
		Proxies: s.config.TrustedProxies, Checks: s.checks()}
	if s.trace != nil {
		d.Trace = s.trace
	}
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
	db, err := openStore(ctx, s.config, s.now, s.moved)
	if err != nil {
		return err
	}
	s.store = db
	s.closers = append(s.closers, db.Close)
	if err := s.refuseReal(ctx); err != nil {
		return err
	}
	return s.metrics.WatchQueue(db.QueueDepth)
}

// refuseReal keeps practice mode away from a database in which people work for real: it would carry
// out their sends, but at the simulator.
func (s *server) refuseReal(ctx context.Context) error {
	if s.practice == nil {
		return nil
	}
	n, err := s.store.Outsiders(ctx, practice.IssuerPath+"|")
	if err == nil && n > 0 {
		err = fmt.Errorf("%s is where people work for real; give practice a file of its own",
			config.DatabaseURL)
	}
	return err
}

// moved counts a send that came to a state.
func (s *server) moved(kind referral.Kind, state referral.State) {
	s.metrics.SendReached(string(kind), string(state))
}

func openStore(
	ctx context.Context, c config.Config, now func() time.Time,
	moved func(referral.Kind, referral.State),
) (*store.Store, error) {
	keys, err := store.NewKeys(c.Keys)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Path: c.Database.File,
		URL: string(c.Database.URL), Keys: keys, Now: now, Moved: moved,
		Idle: c.SessionIdle, Absolute: c.SessionAbsolute,
		KeepDrafts: c.DraftRetention, KeepAnswers: c.AnswerRetention,
		Migrate: []func(context.Context, *store.Store) error{jobs.Migrate}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.DatabaseURL, oneLine{err})
	}
	return db, nil
}

// oneLine is an error whose text has no line breaks. PostgreSQL's driver writes a line for each
// address that it tried.
type oneLine struct{ error }

func (e oneLine) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }

func (e oneLine) Unwrap() error { return e.error }
