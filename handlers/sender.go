package handlers

import (
	"context"

	"tandem/internal/referral"
)

// Sender is the durable send: the only way to Microsoft.
type Sender interface {
	// Submit stores the send and its job in one transaction and returns the send that locks
	// the draft now: this one, or the one that was there first.
	Submit(ctx context.Context, c referral.Caller, s referral.Send) (referral.Send, error)
	// LookUp asks Microsoft whether a send of unknown outcome arrived; referral.ErrConflict
	// when the send is in another state.
	LookUp(ctx context.Context, c referral.Caller, sendID string) error
	// Again sends once more what Microsoft refused for the moment or does not have.
	Again(ctx context.Context, c referral.Caller, sendID string) error
	// SignedIn lets the sends go on that waited for the person to sign in.
	SignedIn(ctx context.Context, c referral.Caller) error
	// SignInDemand says what the person's waiting sends need of the next sign-in: the claims
	// challenge that they met, or "", and whether he must prove anew who he is.
	SignInDemand(ctx context.Context, c referral.Caller) (claims string, fresh bool, err error)
}
