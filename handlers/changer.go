package handlers

import (
	"context"

	"tandem/internal/referral"
)

// Changer makes durable changes to referrals that were sent, and fetches what Microsoft has.
type Changer interface {
	// Change stores the change and its job in one transaction and returns the change that
	// counts: this one, or the same one that was there first. referral.ErrLocked says that
	// another is under way, referral.ErrConflict that its version is not known.
	Change(ctx context.Context, c referral.Caller, ch referral.Change) (referral.Change, error)
	// RetryChange tries one once more that Microsoft refused, or has it looked up.
	RetryChange(ctx context.Context, c referral.Caller, id string) error
	// DropChange gives one up that is not being made.
	DropChange(ctx context.Context, c referral.Caller, id string) error
	// Refresh has both referrals of an engagement fetched, unless that is under way.
	Refresh(ctx context.Context, c referral.Caller, referralID string) error
}
