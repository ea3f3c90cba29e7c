package jobs

import (
	"context"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// Enqueue adds one more job for a send, as two processes may do.
func (j *Jobs) Enqueue(ctx context.Context, sendID string) error {
	_, err := j.client.Insert(ctx, sendArgs{SendID: sendID}, nil)
	return err
}

// Sweep does at once what is done every minute.
func (j *Jobs) Sweep(ctx context.Context) error { return j.resume(ctx, liveJobs()) }

// Interpret says what a failed attempt comes to.
func Interpret(
	e *partnercenter.Error, send referral.Send,
) (referral.Outcome, referral.State) {
	v := interpret(e, send)
	return v.outcome, v.state
}

// Doubtful tells whether an attempt may have created the referral.
func Doubtful(a referral.Attempt) bool { return doubtful(a) }
