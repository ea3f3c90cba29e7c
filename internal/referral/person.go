package referral

import (
	"fmt"
	"time"
)

// Person is somebody who has signed in, as admins see him.
type Person struct {
	ID, Name, Email string
	Admin           bool
	// SignedInAt is UTC.
	SignedInAt time.Time
	// Drafts are his open ones, Referrals what he sent, Unfinished the sends and changes of his
	// that are not done.
	Drafts, Referrals, Unfinished int
	// ErasedAt is when his data was erased; zero before.
	ErasedAt time.Time
}

// Traces counts where a person's e-mail address occurs.
type Traces struct {
	// Drafts counts drafts and answers of the connect wizard, Sends what was sent, Changes later
	// changes, Answers what Microsoft answered, Typed what was typed and not saved.
	Drafts, Sends, Changes, Answers, Typed int
	// Busy counts those of them that belong to sends and changes that are not done. They cannot be
	// erased yet.
	Busy int
}

// Total is the number of all of them.
func (t Traces) Total() int { return t.Drafts + t.Sends + t.Changes + t.Answers + t.Typed }

// BusyError says that a person's data cannot be erased yet, because so many sends and changes with
// it are not done. It matches ErrLocked.
type BusyError struct{ Unfinished int }

// Error implements error.
func (e *BusyError) Error() string { return fmt.Sprintf("%d sends are not done", e.Unfinished) }

// Is matches ErrLocked.
func (e *BusyError) Is(target error) bool { return target == ErrLocked }
