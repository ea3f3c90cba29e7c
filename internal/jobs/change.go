package jobs

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// Change stores a change of a referral and its job in one transaction. If the same change of the
// same version exists already, that one is returned. Errors are the store's: ErrNotFound,
// ErrForbidden, ErrLocked while another change is under way, ErrConflict for a version that Tandem
// never saw.
func (j *Jobs) Change(
	ctx context.Context, c referral.Caller, ch referral.Change,
) (referral.Change, error) {
	out, _, err := j.store.QueueChange(ctx, c, ch, j.enqueueChange)
	return out, err
}

func (j *Jobs) enqueueChange(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := j.client.InsertTx(ctx, tx, changeArgs{ChangeID: id}, nil)
	return err
}

// RetryChange makes a change that MayRepeat due again, or has it looked up. A change in conflict is
// referral.ErrConflict: the rep has to choose first. One that runs or was accepted is left alone.
func (j *Jobs) RetryChange(ctx context.Context, c referral.Caller, id string) error {
	ch, err := j.store.Change(ctx, c, id)
	if err != nil || ch.State.Running() || ch.LookingUp() || ch.State == referral.Accepted {
		return err
	}
	return j.moveOn(ctx, c, ch, func(ch referral.Change) bool {
		return ch.MayRepeat() && !ch.Conflicts()
	})
}

// moveOn makes a change due, or its look-up if it may have been carried out.
func (j *Jobs) moveOn(
	ctx context.Context, c referral.Caller, ch referral.Change, may func(referral.Change) bool,
) error {
	to, m := referral.Queued, store.ChangeMove{May: may, Enqueue: j.enqueueChange}
	if ch.State == referral.Unknown {
		to, m.Outcome = referral.Unknown, referral.Outcome{Kind: referral.OutcomeUnknown}
	}
	_, err := j.store.RequeueChange(ctx, c, ch.ID, to, m)
	return err
}

// DropChange gives a change up that MayDrop; any other is referral.ErrConflict.
func (j *Jobs) DropChange(ctx context.Context, c referral.Caller, id string) error {
	_, err := j.store.RequeueChange(ctx, c, id, referral.Cancelled, store.ChangeMove{
		May: referral.Change.MayDrop, Event: referral.EventChangeDropped})
	return err
}

// changesGoOn resumes the changes that waited for this person's sign-in.
func (j *Jobs) changesGoOn(ctx context.Context, c referral.Caller) error {
	changes, err := j.store.ChangesNeedingSignIn(ctx, c.UserID)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		err := j.moveOn(ctx, c, ch, referral.Change.AwaitsSignIn)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			return err
		}
	}
	return nil
}

// changeArgs names the change that a job advances until it rests.
type changeArgs struct {
	ChangeID string `json:"change_id"`
}

// Kind is the job's name in the queue's tables.
func (changeArgs) Kind() string { return "change" }

// InsertOpts bounds how often a job that fails is run.
func (changeArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: maxRuns} }

func argsOfChanges(changes []referral.Change) []river.JobArgs {
	var all []river.JobArgs
	for _, ch := range changes {
		all = append(all, changeArgs{ChangeID: ch.ID})
	}
	return all
}

// recoverChanges makes look-ups due for the attempts that a dead process began. Should that process
// still be running, nothing is done twice: a change only applies to the version it was made on.
func (j *Jobs) recoverChanges(ctx context.Context) error {
	changes, err := j.store.UnfinishedChanges(ctx)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		if ch.State != referral.Sending {
			continue
		}
		err := changer{j.sender}.interrupted(ctx, ch.ID, j.enqueueChange)
		if err != nil && !errors.Is(err, referral.ErrConflict) {
			return err
		}
	}
	return nil
}

// overdueChanges are the changes to which nothing has happened since the given time although they
// do not wait.
func (j *Jobs) overdueChanges(
	ctx context.Context, before time.Time,
) ([]referral.Change, error) {
	changes, err := j.store.UnfinishedChanges(ctx)
	var due []referral.Change
	for _, ch := range changes {
		if ch.UpdatedAt.Before(before) && ch.WaitUntil.Before(before) {
			due = append(due, ch)
		}
	}
	return due, err
}

type changeWorker struct {
	river.WorkerDefaults[changeArgs]
	changer changer
	jobs    *Jobs
}

// NextRetry is when a job that failed runs again. It uses the queue's clock.
func (w *changeWorker) NextRetry(job *river.Job[changeArgs]) time.Time {
	return nextRetry(job.Attempt)
}

// Work advances the change until it rests, like worker.Work for a send.
func (w *changeWorker) Work(ctx context.Context, job *river.Job[changeArgs]) error {
	id := job.Args.ChangeID
	wait, err := advance(w.jobs.log, "change "+id, func() (time.Duration, bool, error) {
		ch, err := w.changer.store.ChangeJob(ctx, id)
		if errors.Is(err, referral.ErrNotFound) {
			return 0, true, nil
		}
		if err != nil {
			return 0, false, err
		}
		send := asSend(ch)
		return w.changer.traced(ctx, send, w.changer.work(send), func(
			ctx context.Context,
		) (time.Duration, bool, error) {
			return w.changer.step(ctx, ch)
		})
	})
	switch {
	case err == nil && wait > 0:
		return river.JobSnooze(min(wait, longestSnooze))
	case err != nil && job.Attempt >= job.MaxAttempts:
		return errors.Join(err, w.changer.giveUp(ctx, id))
	}
	return err
}
