// Package referral is the domain of Tandem: drafts of referrals, the deal types and what each of
// them asks, the rules an answer must meet, the exact body that goes to Microsoft, and the states
// of a send. It knows neither HTTP nor a database.
//
// Field names follow Microsoft's Partner Center Referrals API. A path is the API's JSON path, such
// as customerProfile.team[0].email; it names an input, an error and a value alike.
package referral

import (
	"errors"
	"fmt"
	"time"
)

// The sentinel errors of the domain. Stores and jobs wrap them; handlers map them to a status.
var (
	// ErrNotFound says that nothing with this id exists for this caller. It is also the answer
	// for another rep's draft, send or referral, so that an id tells nothing.
	ErrNotFound = errors.New("not found")
	// ErrGone says that the draft was deleted.
	ErrGone = errors.New("deleted")
	// ErrConflict says that the thing was changed since the caller read it.
	ErrConflict = errors.New("changed meanwhile")
	// ErrLocked says that the draft is being sent or was sent, so it cannot be changed.
	ErrLocked = errors.New("locked by a send")
	// ErrForbidden says that the caller may see the thing but not do this to it.
	ErrForbidden = errors.New("forbidden")
	// ErrNotAdmin says that only an administrator may do this. It matches ErrForbidden.
	ErrNotAdmin = fmt.Errorf("not an administrator: %w", ErrForbidden)
	// ErrInvalid says that the answers do not pass the rules.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable says that the database cannot be reached or written at the moment.
	ErrUnavailable = errors.New("unavailable")
)

// Caller is the person on whose behalf something is read or written. Stores check it where the
// data is read. The zero Caller may see nothing.
type Caller struct {
	// UserID is Tandem's own id of the person.
	UserID string
	// Admin is true for the app role Tandem.Admin: sees all, changes only what is his own.
	Admin bool
}

// User is a person who signed in.
type User struct {
	// ID is Tandem's own opaque id.
	ID string
	// Key identifies the person at the provider: "tid:oid" at Entra ID, "iss|sub" elsewhere.
	Key string
	// Name is the display name; GivenName and FamilyName may be empty.
	Name, GivenName, FamilyName string
	// Email may be empty. It is never used as an identity.
	Email string
	// LoginHint is handed to the provider at sign-out; may be empty.
	LoginHint string
	// Admin is true when the last sign-in carried the app role Tandem.Admin.
	Admin bool
}

// Caller returns the user as the caller of a store method.
func (u User) Caller() Caller { return Caller{UserID: u.ID, Admin: u.Admin} }

// Event is one line of the append-only history: who did what, when.
type Event struct {
	At time.Time // UTC
	// UserID is who did it; empty when Tandem or Microsoft did. UserName is for display.
	UserID, UserName string
	// Kind is one of the Event constants.
	Kind string
	// DraftID, SendID and ReferralID say what it happened to; any may be empty.
	DraftID, SendID, ReferralID string
	// Detail is one short sentence without customer data; may be empty.
	Detail string
}

// The kinds of events.
const (
	EventDraftCreated  = "draft-created"
	EventDraftDeleted  = "draft-deleted"
	EventSendQueued    = "send-queued"
	EventSendStarted   = "send-started"
	EventSendAccepted  = "send-accepted"
	EventSendRejected  = "send-rejected"
	EventSendUnknown   = "send-unknown"
	EventSendWaiting   = "send-waiting"
	EventSendSignIn    = "send-needs-sign-in"
	EventSendCancelled = "send-cancelled"
	EventSendLookedUp  = "send-looked-up"
	EventSendEnded     = "send-ended" // by an admin, in its owner's place
	// EventContactErased and EventPersonErased say that somebody's data was erased.
	EventContactErased = "contact-erased"
	EventPersonErased  = "person-erased"

	// The events of a change have its id as Detail.
	EventChangeQueued   = "change-queued"
	EventChangeAccepted = "change-accepted"
	EventChangeRejected = "change-rejected"
	EventChangeConflict = "change-conflict"
	EventChangeDropped  = "change-dropped"
	EventChangeEnded    = "change-ended"
	EventDealUpgraded   = "deal-upgraded"
)

// SignedIn is the person behind a request.
type SignedIn struct {
	User
	// Drafts is the number of his open drafts, for the navigation.
	Drafts int
	// Zone is the time zone that he prefers, empty for none.
	Zone string
	// Left is how long the session lasts without another request. Idle is the longest that it lasts
	// after a request.
	Left, Idle time.Duration
}
