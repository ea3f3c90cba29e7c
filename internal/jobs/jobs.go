// Package jobs carries referrals to Microsoft: it is the one path there, and a durable one. A send
// is stored together with its job; the job commits each attempt before the POST, interprets the
// answer, and looks a referral up instead of posting again whenever the last attempt may have been
// carried out. Jobs carry ids, not data, and do nothing twice when they run twice.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivermigrate"

	"tandem/internal/partnercenter"
	"tandem/internal/store"
)

// Tokens gives the rep's delegated token. AccessToken and Renew fail with a *SignInError when only
// a new sign-in helps; any other error is temporary.
type Tokens interface {
	// Ready returns a token if a valid one is stored, else "". It makes no call.
	Ready(ctx context.Context, userID string) string
	AccessToken(ctx context.Context, userID string) (string, error)
	// Renew returns a token that is not the one Microsoft rejected.
	Renew(ctx context.Context, userID, rejected string) (string, error)
}

// SignInError says that the person has to sign in again.
type SignInError struct {
	// Claims is the JSON of a claims challenge; may be empty.
	Claims string
	Err    error
}

// Error does not name the person.
func (e *SignInError) Error() string { return "a new sign-in is needed" }

// Unwrap returns the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// API is the part of the Referrals API that sends and changes need; *partnercenter.Client is one.
type API interface {
	Create(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error)
	List(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error)
	Referral(
		ctx context.Context, call partnercenter.Call, id string,
	) (*partnercenter.Answer, error)
	Patch(
		ctx context.Context, call partnercenter.Call, id, etag string, body []byte,
	) (*partnercenter.Answer, error)
}

// Config is what Jobs is made of. Fields are required unless they say what zero or nil means.
type Config struct {
	Store  *store.Store
	API    API
	Tokens Tokens
	Now    func() time.Time
	Log    *slog.Logger
	// Trace makes spans; may be nil.
	Trace Tracer
	// CallTimeout is how long a call of API takes at most; zero means partnercenter.DefaultTimeout.
	CallTimeout time.Duration
	// Settle is how long Microsoft may take to show a referral it has stored, counted from the
	// end of the attempt; only then does "not found" count. Zero means 20 seconds.
	Settle time.Duration
	// Workers is the number of sends that run at once, of those just taken from reps and of those
	// in the queue each; zero means 64. They mostly wait.
	Workers int
}

// Jobs is the queue and its workers.
type Jobs struct {
	store  *store.Store
	client *river.Client[*sql.Tx]
	sender *sender
	log    *slog.Logger
	pulse  *pulse
	hands  *hands
	lease  *lease
	// unwatch ends watching other replicas, unlease ends the heartbeat. Both are nil on SQLite,
	// which has no replicas.
	unwatch, unlease func()
}

// The limits of one run of a job. It may make a few calls to Microsoft, each of which takes at most
// partnercenter.DefaultTimeout, and is rescued by another worker when its own died.
const (
	jobTimeout  = 2 * time.Minute
	rescueAfter = jobTimeout + 10*time.Second
	softStop    = partnercenter.DefaultTimeout + 5*time.Second
)

// The queue is told of new jobs within 50 ms. It also looks for them by itself, for those that come
// due, every fetchEvery, and every fetchSlowly for those of listings.
const (
	fetchCooldown = 5 * time.Millisecond
	fetchEvery    = 100 * time.Millisecond
	fetchSlowly   = time.Second
)

// Migrate brings the queue's tables up to date.
func Migrate(ctx context.Context, s *store.Store) error {
	m, err := rivermigrate.New(driver(s), nil)
	if err != nil {
		return fmt.Errorf("preparing the queue's tables: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrating the queue's tables: %w", err)
	}
	return nil
}

// New returns the queue without starting its workers.
func New(c Config) (*Jobs, error) {
	if c.Settle == 0 {
		c.Settle = 20 * time.Second
	}
	if c.CallTimeout == 0 {
		c.CallTimeout = partnercenter.DefaultTimeout
	}
	if c.Workers == 0 {
		c.Workers = 64
	}
	held := &lease{store: c.Store, worker: uuid.NewString()}
	j := &Jobs{store: c.Store, log: c.Log, lease: held, sender: &sender{
		store: c.Store, api: c.API, tokens: c.Tokens, now: c.Now, log: c.Log, lease: held,
		trace: c.Trace, settle: c.Settle, callTimeout: c.CallTimeout,
	}, pulse: &pulse{now: time.Now, workers: c.Workers}}
	send := &worker{sender: j.sender, log: j.log}
	workers, err := j.workers(send)
	if err != nil {
		return nil, err
	}
	j.client, err = river.NewClient(driver(c.Store), &river.Config{
		ID:                   held.worker,
		FetchCooldown:        fetchCooldown,
		FetchPollInterval:    fetchEvery,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
		Logger:               quiet(c.Log),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: c.Workers},
			listingQueue: {MaxWorkers: listingWorkers, FetchPollInterval: fetchSlowly}},
		Workers:      workers,
		Plugins:      j.pulse.plugins(),
		PeriodicJobs: []*river.PeriodicJob{everyMinute(), everyHour()},
	})
	if err != nil {
		return nil, fmt.Errorf("making the queue: %w", err)
	}
	j.hands = &hands{client: j.client, worker: send, log: j.log, owner: held.worker,
		idle: make(chan inHand), free: c.Workers}
	return j, nil
}

func (j *Jobs) workers(send *worker) (*river.Workers, error) {
	workers := river.NewWorkers()
	err := errors.Join(
		river.AddWorkerSafely(workers, send),
		river.AddWorkerSafely(workers, &sweeper{jobs: j}),
		river.AddWorkerSafely(workers, &keeper{store: j.store, log: j.log}),
		river.AddWorkerSafely(workers, &changeWorker{changer: changer{j.sender}, jobs: j}),
		river.AddWorkerSafely(workers, &refresher{sender: j.sender}),
		river.AddWorkerSafely(workers, &listingWorker{sender: j.sender}),
	)
	if err != nil {
		return nil, fmt.Errorf("adding the workers: %w", err)
	}
	return workers, nil
}

// Start first takes over what a dead process left behind, and then starts the workers. They run
// until Stop, even after ctx has ended.
func (j *Jobs) Start(ctx context.Context) error {
	settle, replicas := j.recover, j.store.Pool() != nil
	if replicas {
		settle = j.adopt
	}
	if err := settle(ctx); err != nil {
		return err
	}
	if replicas {
		j.unlease = j.lease.start(ctx)
	}
	if err := j.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the workers: %w", err)
	}
	j.pulse.beat()
	j.hands.start(context.WithoutCancel(ctx))
	if replicas {
		j.unwatch = inBackground(ctx, j.watch)
	}
	return nil
}

// inBackground runs do in a goroutine until stop is called, even after ctx has ended.
func inBackground(ctx context.Context, do func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { defer close(ended); do(ctx) }()
	return func() { cancel(); <-ended }
}

// Stop lets running sends finish and stops the workers, at the latest when ctx ends.
func (j *Jobs) Stop(ctx context.Context) error {
	if j.unwatch != nil {
		j.unwatch()
	}
	idle := make(chan error, 1)
	go func() { idle <- j.hands.stop(ctx) }()
	err := j.client.Stop(ctx)
	if err != nil {
		err = fmt.Errorf("stopping the workers: %w", err)
	}
	if err = errors.Join(err, <-idle); err != nil {
		return err
	}
	if j.unlease != nil {
		j.unlease()
	}
	j.lease.leave(ctx)
	return nil
}
