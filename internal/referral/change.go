package referral

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Change is one durable change of a referral at Microsoft. Its states are those of a Send. Unknown
// means that a look-up has to find out whether it was carried out, and Rejected with
// OutcomeConflict that Microsoft's copy changed first, so that the rep has to choose. A referral
// has at most one change that Locks and is not Accepted.
type Change struct {
	ID string
	// ReferralID is Tandem's, RemoteID Microsoft's id of the referral.
	ReferralID, RemoteID string
	// OwnerName, Name and Customer are for display.
	OwnerID, OwnerName, Name, Customer string
	// Section is the page on which it was typed.
	Section Section
	// Deal is what the deal becomes once the change is accepted; empty when it stays.
	Deal Deal
	// BaseETag names the version on which the edits were made. It is sent as If-Match.
	BaseETag string
	Edits    []Edit
	// Body is the exact JSON that is sent.
	Body []byte
	// Replaces is the change whose conflict this one settles; empty for none.
	Replaces string
	State    State
	Outcome  Outcome
	// Origin is the page request that last asked for the change.
	Origin Origin
	// WaitUntil is when a waiting change goes on; zero otherwise.
	WaitUntil time.Time
	Attempts  []Attempt
	// TheirETag names the version that came first, of a change in conflict.
	TheirETag string
	// Base and Theirs are the JSON of these versions; lists leave them empty, but for Base of a
	// change of an amount.
	Base, Theirs         []byte
	CreatedAt, UpdatedAt time.Time
}

// Conflicts tells whether the rep has to choose between this change and Microsoft's.
func (c Change) Conflicts() bool {
	return c.State == Rejected && c.Outcome.Kind == OutcomeConflict && c.TheirETag != ""
}

// LookingUp tells whether a look-up at Microsoft runs or is due by itself.
func (c Change) LookingUp() bool { return c.State == Unknown && c.Outcome.Kind == OutcomeUnknown }

// MovesOn tells whether the change goes on without anybody: it is being made or looked up.
func (c Change) MovesOn() bool { return c.State.Running() && c.State != Waiting || c.LookingUp() }

// SetsAmount tells whether the change sets the deal value, which is shown with its currency.
func (c Change) SetsAmount() bool { return len(editsAt(c.Edits, "details.dealValue")) > 0 }

// Currencies are those of the deal value before and after the change, empty when Base is not known.
func (c Change) Currencies() (before, after string) {
	before = CurrencyOf(c.Base)
	after = before
	for _, e := range editsAt(c.Edits, "details.currency") {
		if old, ok := value(e.Old).(string); ok {
			before = old
		}
		after, _ = value(e.New).(string)
	}
	return before, after
}

// Open tells whether other changes of the referral have to wait for this one.
func (c Change) Open() bool {
	return c.State.Running() || c.State == NeedsSignIn || c.State == Unknown
}

// MayRepeat tells whether the rep may have the change tried again: Microsoft refused it, or it
// could not be looked up. It goes out for the version it was made on only, so that it is never
// carried out twice.
func (c Change) MayRepeat() bool {
	return c.State == Rejected ||
		c.State == Unknown && !c.LookingUp() && c.Outcome.Kind != OutcomeEnded
}

// MayDrop tells whether the rep may give the change up: it is not being made, and certainly not at
// Microsoft.
func (c Change) MayDrop() bool {
	switch c.State {
	case Queued, Waiting, NeedsSignIn:
		return !slices.ContainsFunc(c.Attempts, func(a Attempt) bool {
			return !a.EndedAt.IsZero() && !a.SentAt.IsZero() && a.Answer.Status == 0
		})
	case Rejected:
		return true
	}
	return false
}

// AwaitsSignIn tells whether the change, or its look-up, goes on once the person has signed in.
func (c Change) AwaitsSignIn() bool {
	return Send{State: c.State, Outcome: c.Outcome}.AwaitsSignIn()
}

// Digest identifies the content of the change, so that the same one is made once.
func (c Change) Digest() string {
	sum := sha256.Sum256(append([]byte(c.Deal+"\n"), c.Body...))
	return hex.EncodeToString(sum[:16])
}

// LastAttempt returns the newest attempt, or a zero one.
func (c Change) LastAttempt() Attempt { return Send{Attempts: c.Attempts}.LastAttempt() }

// Fetch says when a referral was last requested from Microsoft, and with what result.
type Fetch struct {
	// AskedAt is when somebody last wanted it refreshed, DoneAt when Microsoft last returned it.
	AskedAt, DoneAt time.Time
	// Outcome is empty when the last fetch succeeded.
	Outcome Outcome
}

// Running tells whether the fetch is under way. One that was asked for long ago counts as failed.
func (f Fetch) Running(now time.Time) bool {
	return f.AskedAt.After(f.DoneAt) && f.Outcome.Kind == "" && now.Sub(f.AskedAt) < time.Minute
}
