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

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// Tokens gives the rep's delegated token. Both methods fail with a *SignInError when only a new
// sign-in helps; any other error is for the moment.
type Tokens interface {
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

func (e *SignInError) Error() string { return "a new sign-in is needed" }

// Unwrap returns the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// API is the part of the Referrals API that a send needs; *partnercenter.Client is one.
type API interface {
	Create(
		ctx context.Context, call partnercenter.Call, body []byte,
	) (*partnercenter.Answer, error)
	List(
		ctx context.Context, call partnercenter.Call, q partnercenter.Query,
	) (*partnercenter.Page, error)
}

// Config is what Jobs is made of. All fields are required but the times.
type Config struct {
	Store  *store.Store
	API    API
	Tokens Tokens
	Now    func() time.Time
	Log    *slog.Logger
	// Settle is how long Microsoft may take to show a referral it has stored, counted from the
	// start of the attempt; only then does "not found" count. Zero means 20 seconds.
	Settle time.Duration
	// Workers is the number of sends that run at once; zero means 64. They mostly wait.
	Workers int
}

// Jobs is the queue and its workers.
type Jobs struct {
	store  *store.Store
	client *river.Client[*sql.Tx]
	sender *sender
	log    *slog.Logger
}

// The limits of one run. A call to Microsoft takes at most partnercenter.DefaultTimeout; a job may
// make a few, and is rescued by another worker when its own died.
const (
	jobTimeout  = 2 * time.Minute
	rescueAfter = jobTimeout + 10*time.Second
	softStop    = partnercenter.DefaultTimeout + 5*time.Second
)

// Migrate brings the queue's tables up to date.
func Migrate(ctx context.Context, db *sql.DB) error {
	m, err := rivermigrate.New(riversqlite.New(db), nil)
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
	if c.Workers == 0 {
		c.Workers = 64
	}
	s := &sender{store: c.Store, api: c.API, tokens: c.Tokens, now: c.Now, settle: c.Settle}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{sender: s}); err != nil {
		return nil, fmt.Errorf("adding the worker: %w", err)
	}
	client, err := river.NewClient(riversqlite.New(c.Store.Writer()), &river.Config{
		FetchCooldown:        5 * time.Millisecond,
		FetchPollInterval:    25 * time.Millisecond,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
		Logger:               c.Log,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: c.Workers}},
		Workers:              workers,
	})
	if err != nil {
		return nil, fmt.Errorf("making the queue: %w", err)
	}
	return &Jobs{store: c.Store, client: client, sender: s, log: c.Log}, nil
}

// Start first settles what a dead process left behind and then starts the workers. They run until
// Stop, whatever becomes of ctx.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.recover(ctx); err != nil {
		return err
	}
	if err := j.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the workers: %w", err)
	}
	return nil
}

// recover sets every send that a dead process left in the middle of an attempt to Unknown and has
// it looked up. On one machine nobody else can be sending before Start.
func (j *Jobs) recover(ctx context.Context) error {
	ids, err := j.store.Stale(ctx, j.sender.now().Add(time.Minute))
	if err != nil {
		return fmt.Errorf("finding interrupted sends: %w", err)
	}
	for _, id := range ids {
		if err := j.sender.interrupted(ctx, id); err != nil {
			return fmt.Errorf("settling interrupted send %s: %w", id, err)
		}
		if _, err := j.client.Insert(ctx, sendArgs{SendID: id}, nil); err != nil {
			return fmt.Errorf("queueing the look-up of send %s: %w", id, err)
		}
	}
	return nil
}

// Stop lets running sends finish and stops the workers, at the latest when ctx ends.
func (j *Jobs) Stop(ctx context.Context) error {
	if err := j.client.Stop(ctx); err != nil {
		return fmt.Errorf("stopping the workers: %w", err)
	}
	return nil
}

// Submit stores the send and its job in one transaction. When a send has the draft already, that
// one is returned and nothing is stored: double clicks and second tabs meet the same send. Errors
// are the store's: ErrNotFound, ErrForbidden, ErrConflict for a stale revision.
func (j *Jobs) Submit(
	ctx context.Context, c referral.Caller, s referral.Send,
) (referral.Send, error) {
	sent, _, err := j.store.Queue(ctx, c, s, j.enqueue)
	return sent, err
}

func (j *Jobs) enqueue(ctx context.Context, tx *sql.Tx, sendID string) error {
	_, err := j.client.InsertTx(ctx, tx, sendArgs{SendID: sendID}, nil)
	return err
}

// Again sends once more what Microsoft refused, or does not have. It never does so while the
// outcome is unknown: that is ErrConflict. A send that runs already is left alone.
func (j *Jobs) Again(ctx context.Context, c referral.Caller, sendID string) error {
	s, err := j.store.Send(ctx, c, sendID)
	if err != nil || s.State.Running() || s.State == referral.Accepted {
		return err
	}
	if !s.MayRepeat() {
		return fmt.Errorf("sending %s again: %w", sendID, referral.ErrConflict)
	}
	_, err = j.store.Requeue(ctx, c, sendID, []referral.State{s.State}, j.enqueue)
	return err
}

// LookUp asks Microsoft whether a send of unknown outcome arrived. The answer comes with the send's
// state. It is ErrConflict when the outcome is not unknown, and nothing when a look-up runs.
func (j *Jobs) LookUp(ctx context.Context, c referral.Caller, sendID string) error {
	s, err := j.store.Send(ctx, c, sendID)
	switch {
	case err != nil:
		return err
	case s.OwnerID != c.UserID:
		return fmt.Errorf("looking %s up: %w", sendID, referral.ErrForbidden)
	case s.State == referral.Accepted || s.State.Running():
		return nil
	case s.State != referral.Unknown:
		return fmt.Errorf("looking %s up: %w", sendID, referral.ErrConflict)
	}
	return j.lookUp(ctx, sendID)
}

func (j *Jobs) lookUp(ctx context.Context, sendID string) error {
	err := j.store.Record(ctx, sendID, store.Result{
		From: []referral.State{referral.Unknown}, State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeUnknown},
	})
	if err != nil {
		return err
	}
	_, err = j.client.Insert(ctx, sendArgs{SendID: sendID}, nil)
	return err
}

// SignedIn lets the sends go on that waited for this person's sign-in.
func (j *Jobs) SignedIn(ctx context.Context, c referral.Caller) error {
	ids, err := j.store.NeedingSignIn(ctx, c.UserID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := j.store.Requeue(ctx, c, id, []referral.State{referral.NeedsSignIn}, j.enqueue)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			return err
		}
	}
	return nil
}

// Claims returns the newest claims challenge that this person's waiting sends met, or "".
func (j *Jobs) Claims(ctx context.Context, c referral.Caller) (string, error) {
	ids, err := j.store.NeedingSignIn(ctx, c.UserID)
	if err != nil {
		return "", err
	}
	claims := ""
	for _, id := range ids {
		s, err := j.store.Send(ctx, c, id)
		if err != nil {
			return "", err
		}
		if s.Outcome.Claims != "" {
			claims = s.Outcome.Claims
		}
	}
	return claims, nil
}
