package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// The bounds of a pass over a person's referrals: how many passes run at once, so that sends never
// wait for them; how many pages one run and one pass read; how often a page that cannot be read is
// tried, and after how long at most.
const (
	listingQueue   = "listing"
	listingWorkers = 4
	pagesPerRun    = 20
	pagesPerPass   = 1000
	listingTries   = 3
	longestListing = 2 * time.Minute
)

// overlap makes up for clocks and transactions at Microsoft that end in another order than they
// began.
const overlap = 5 * time.Minute

// Look takes how far somebody's list of referrals was fetched when he looked at it just now, and
// returns how far it is. If it is due, fetching starts in the background: Tandem fetches a list only
// while somebody looks at it.
func (j *Jobs) Look(ctx context.Context, l referral.Listing) (referral.Listing, error) {
	return j.store.AskListing(ctx, l, false, j.enqueueListing)
}

// Relist starts fetching the caller's whole list of referrals, unless that is under way.
func (j *Jobs) Relist(ctx context.Context, c referral.Caller) error {
	l, err := j.store.Listing(ctx, c.UserID)
	if err == nil {
		_, err = j.store.AskListing(ctx, l, true, j.enqueueListing)
	}
	return err
}

func (j *Jobs) enqueueListing(ctx context.Context, tx *sql.Tx, l referral.Listing) error {
	_, err := j.client.InsertTx(ctx, tx, listingArgs{UserID: l.UserID, Pass: l.Pass}, nil)
	return err
}

// listingArgs names a person and the number of the pass over his referrals. A pass has one job.
type listingArgs struct {
	UserID string `json:"user_id"`
	Pass   int    `json:"pass"`
}

// Kind is the job's name in the queue's tables.
func (listingArgs) Kind() string { return "listing" }

// InsertOpts keeps a pass from having two jobs.
func (listingArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: listingQueue, MaxAttempts: maxRuns,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled}}}
}

type listingWorker struct {
	river.WorkerDefaults[listingArgs]
	sender *sender
}

// Work reads pages until the pass has ended, somebody else has taken it over, or the limit of one
// run is reached. Each page is stored together with the position of the next one, so that nothing
// is lost when a run dies.
func (w *listingWorker) Work(ctx context.Context, job *river.Job[listingArgs]) error {
	for range pagesPerRun {
		l, err := w.sender.store.Listing(ctx, job.Args.UserID)
		if errors.Is(err, referral.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if l.Pass != job.Args.Pass || l.State != referral.ListingRunning {
			return nil
		}
		if wait := l.WaitUntil.Sub(w.sender.now()); wait > 0 {
			return river.JobSnooze(min(wait, longestSnooze))
		}
		err = w.sender.readPage(ctx, l)
		if errors.Is(err, referral.ErrConflict) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing the referrals of user %s: %w", l.UserID, err)
		}
	}
	return river.JobSnooze(0)
}

// readPage reads the next page and stores it, or the reason why it could not be read.
func (s *sender) readPage(ctx context.Context, l referral.Listing) error {
	token, err := s.tokens.AccessToken(ctx, l.UserID)
	var page *partnercenter.Page
	if err == nil {
		reader := &lister{sender: s, userID: l.UserID, token: token}
		page, err = reader.page(ctx, listingQuery(l))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return s.pageFailed(ctx, l, err)
	}
	out := referral.ListingPage{Next: page.Next, Count: page.Count}
	for i := range page.Value {
		out.Referrals = append(out.Referrals, listed(&page.Value[i]))
	}
	if page.Cut || l.Pages+1 >= pagesPerPass {
		out.Next, l.Entire = "", false
	}
	if page.Skipped {
		l.Entire = false
	}
	_, err = s.store.SaveListingPage(ctx, l, out)
	return err
}

// listingQuery asks for an order in which nothing is missed when referrals are added or changed
// meanwhile.
func listingQuery(l referral.Listing) partnercenter.Query {
	if l.Entire {
		return partnercenter.Query{OrderBy: "createdDateTime desc", Next: l.Next}
	}
	return partnercenter.Query{OrderBy: "updatedDateTime desc", Next: l.Next,
		Filter: partnercenter.Since("updatedDateTime", l.Since.Add(-overlap))}
}

// listed converts a referral of a list to the domain's type.
func listed(w *partnercenter.Referral) referral.Referral {
	r := fromWire(w, nil)
	r.Kind = referral.Own
	if forMicrosoft(w) {
		r.Kind = referral.Microsoft
	}
	return r
}

// pageFailed decides what becomes of a pass whose next page could not be read. When Microsoft no
// longer knows the position, or refuses the filter, the pass starts again and reads everything.
func (s *sender) pageFailed(ctx context.Context, was referral.Listing, err error) error {
	o, signIn := failure(err)
	l := was
	l.Tries++
	l.Outcome = o
	switch {
	case signIn:
		l.State = referral.ListingNeedsSignIn
	case l.Tries > listingTries:
		l.State = referral.ListingFailed
	case restartable(o) && (l.Next != "" || !l.Entire):
		l.Entire = true
		l = l.Restart(s.now())
		l.Pages = was.Pages
	case passing(o):
		wait := max(retryAfter(err), time.Duration(l.Tries)*2*time.Second)
		l.WaitUntil = s.now().Add(min(wait, longestListing))
	default:
		l.State = referral.ListingFailed
	}
	return s.store.SaveListing(ctx, was, l)
}

// restartable tells whether Microsoft refused the query, and not the person.
func restartable(o referral.Outcome) bool {
	return o.Status == http.StatusBadRequest || o.Status == http.StatusNotFound ||
		o.Status == http.StatusGone
}

// passing tells whether the failure is temporary.
func passing(o referral.Outcome) bool {
	switch o.Kind {
	case referral.OutcomeLimited, referral.OutcomeUnavailable, referral.OutcomeUnknown,
		referral.OutcomeLookupError, referral.OutcomeBusy:
		return true
	}
	return false
}
