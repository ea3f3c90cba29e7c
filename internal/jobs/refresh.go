package jobs

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// Refresh starts fetching both referrals of an engagement from Microsoft, unless that is under way.
// The id is that of the caller's own referral.
func (j *Jobs) Refresh(ctx context.Context, c referral.Caller, referralID string) error {
	return j.store.AskFetch(ctx, c, referralID, func(
		ctx context.Context, tx *sql.Tx, id string,
	) error {
		_, err := j.client.InsertTx(ctx, tx, refreshArgs{ReferralID: id}, nil)
		return err
	})
}

// refreshArgs names the referral to fetch.
type refreshArgs struct {
	ReferralID string `json:"referral_id"`
}

// Kind is the job's name in the queue's tables.
func (refreshArgs) Kind() string { return "refresh" }

// InsertOpts leaves a refresh that failed to the next one.
func (refreshArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

type refresher struct {
	river.WorkerDefaults[refreshArgs]
	sender *sender
}

// Work fetches the own referral, and the connected one when there is one. It only reads, so that it
// may run any number of times.
func (w *refresher) Work(ctx context.Context, job *river.Job[refreshArgs]) error {
	s := w.sender
	own, connected, err := s.store.Pair(ctx, referral.Caller{Admin: true}, job.Args.ReferralID)
	if err != nil {
		return err
	}
	for _, r := range []*referral.Referral{connected, &own} {
		if r == nil {
			continue
		}
		if err := s.refresh(ctx, own.OwnerID, *r); err != nil {
			return err
		}
	}
	return nil
}

// refresh fetches and stores a referral, or stores why it could not be fetched.
func (s *sender) refresh(ctx context.Context, ownerID string, r referral.Referral) error {
	token, err := s.tokens.AccessToken(ctx, ownerID)
	var now *referral.Referral
	if err == nil {
		now, err = s.get(ctx, ownerID, token, r.RemoteID, r.Raw)
	}
	var o referral.Outcome
	if err != nil {
		now = nil
		if o, _ = failure(err); o.Kind == "" {
			o.Kind = referral.OutcomeLookupError
		}
	}
	return s.store.SaveFetched(context.WithoutCancel(ctx), r.ID, now, o)
}

// get fetches one referral, with another token if the first one is refused. Fields that the answer
// leaves out keep their known values.
func (s *sender) get(
	ctx context.Context, ownerID, token, remoteID string, known []byte,
) (*referral.Referral, error) {
	answer, err := s.fetch(ctx, token, remoteID)
	if staleToken(err) {
		if token, err = s.tokens.Renew(ctx, ownerID, token); err != nil {
			return nil, err
		}
		answer, err = s.fetch(ctx, token, remoteID)
	}
	if err != nil {
		return nil, err
	}
	r := fromWire(answer.Referral, known)
	r.ETag = or(answer.Referral.ETag, answer.ETag)
	return &r, nil
}

func (s *sender) fetch(
	ctx context.Context, token, remoteID string,
) (*partnercenter.Answer, error) {
	return s.api.Referral(ctx, partnercenter.Call{Token: token, RequestID: uuid.NewString(),
		CorrelationID: uuid.NewString()}, remoteID)
}
