package referral

import "time"

// ListingState is where the fetching of a person's referrals stands; empty before the first.
type ListingState string

// The states of a fetch. Only ListingRunning moves on by itself.
const (
	ListingRunning     ListingState = "running"
	ListingDone        ListingState = "done"
	ListingFailed      ListingState = "failed"
	ListingNeedsSignIn ListingState = "needs-sign-in"
)

// Listing is how far Tandem has come in fetching the referrals that Microsoft shows to a person. It
// reads in passes: some read everything, the others only what changed since the last one.
type Listing struct {
	UserID string
	// SignedInAt is when the person last signed in.
	SignedInAt time.Time
	// Pass numbers the passes from 1; Pages is how many pages this one has read.
	Pass, Pages int
	State       ListingState
	// Entire tells whether the pass reads everything, and could so far.
	Entire bool
	// Next is the query of the page that comes next; empty for the first one.
	Next string
	// Seen is how many referrals this pass has read. Newest is the latest time of update among
	// them, by Microsoft's clock.
	Seen   int
	Newest time.Time
	// Since is the Newest of the last pass that was completed.
	Since time.Time
	// Tries is how often reading the next page has failed; Outcome says why.
	Tries   int
	Outcome Outcome
	// WaitUntil is when it is tried again.
	WaitUntil time.Time
	// StartedAt is when the pass began, MovedAt when anything last happened to it.
	StartedAt, MovedAt time.Time
	// FreshAt is the age of the list: when the last completed pass began. EntireAt is when the last
	// completed pass that read everything began. Both are zero before the first.
	FreshAt, EntireAt time.Time
}

// How often to fetch while somebody looks at the list. Microsoft publishes no limit.
const (
	lookEvery   = 2 * time.Second  // of a page, while a pass is under way
	fetchEvery  = 5 * time.Minute  // after a pass
	fetchAgain  = time.Minute      // after one that failed
	entireEvery = time.Hour        // a pass that reads everything
	pressEvery  = 3 * time.Second  // when the person asks for it
	fetchDead   = 4 * time.Minute  // without progress: whoever ran it is gone
	resumable   = 20 * time.Minute // the age up to which a dead pass is taken up where it ended
)

// Due tells whether a new pass is to begin because the person looks at the list, or asks for it.
func (f Listing) Due(now time.Time, asked bool) bool {
	age := now.Sub(f.MovedAt)
	switch {
	case f.State == "":
		return true
	case f.State == ListingRunning:
		return f.Dead(now)
	case f.State == ListingNeedsSignIn:
		return f.SignedInAt.After(f.MovedAt)
	case asked:
		return age >= pressEvery
	case f.State == ListingFailed:
		return age >= fetchAgain
	}
	return age >= fetchEvery
}

// LookEvery is how often a page that shows the list asks for news, 0 when there will be none.
func (f Listing) LookEvery() time.Duration {
	switch f.State {
	case ListingRunning:
		return lookEvery
	case ListingDone:
		return fetchEvery
	case ListingFailed:
		return fetchAgain
	}
	return 0
}

// Dead tells whether whoever ran the pass must be gone although it has not ended.
func (f Listing) Dead(now time.Time) bool {
	return f.State == ListingRunning && now.Sub(f.MovedAt) >= fetchDead &&
		now.Sub(f.WaitUntil) >= fetchDead
}

// Begin returns the pass that follows. It goes on where a dead one ended, and reads everything when
// that was long ago or the person asks for it.
func (f Listing) Begin(now time.Time, asked bool) Listing {
	dead := f.Dead(now) && now.Sub(f.StartedAt) < resumable
	f.Pass++
	f.State, f.MovedAt, f.WaitUntil = ListingRunning, now, time.Time{}
	f.Tries, f.Outcome = 0, Outcome{}
	if dead {
		return f
	}
	f.Entire = asked || f.Since.IsZero() || now.Sub(f.EntireAt) >= entireEvery
	return f.Restart(now)
}

// Restart returns the pass as it was before its first page.
func (f Listing) Restart(now time.Time) Listing {
	f.Pages, f.Next, f.Seen, f.Newest, f.StartedAt = 0, "", 0, time.Time{}, now
	return f
}

// First tells whether the person's list was never complete.
func (f Listing) First() bool { return f.FreshAt.IsZero() }

// Stale tells whether the list is older than it should be, because the last page could not be read.
func (f Listing) Stale() bool { return f.Outcome.Kind != "" }

// ListingPage is a page of referrals as Microsoft showed them to a person.
type ListingPage struct {
	Referrals []Referral
	// Next is the query of the page that follows; empty after the last.
	Next string
	// Count is how many there are in all as Microsoft counts them; 0 when it does not.
	Count int
}

// Substatuses are those that a referral at Microsoft can have.
func Substatuses() []string {
	return []string{"Pending", "Received", "Accepted", "Won", "Lost", "Declined", "Expired", "Error"}
}
