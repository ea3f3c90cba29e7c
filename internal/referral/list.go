package referral

import "time"

// PageSize is the number of rows on a page of a list.
const PageSize = 25

// Filter says which referrals a list shows. Unknown values are ignored by whoever builds it; the
// zero Filter shows everything the caller may see, newest update first.
type Filter struct {
	// Query is matched against name, customer, external reference, engagement and referral id.
	Query string
	// Status is New, Active, Closed or open (New and Active); empty for any.
	Status string
	// Microsoft is connected, none or failed, ended for what Microsoft closed and did not win, or
	// theirs for what Microsoft shared; empty for any.
	Microsoft string
	// Substatus is one of Substatuses; empty for any.
	Substatus string
	// Mine limits the list to what the caller sent from Tandem.
	Mine bool
	// UpdatedSince leaves out older ones; zero for any time.
	UpdatedSince time.Time
	// ClosesFrom and ClosesBefore, as YYYY-MM-DD, bound the closing date; empty for any. With
	// either, what has no closing date is left out.
	ClosesFrom, ClosesBefore string
	// Team is the e-mail address of one of our people on the deal, or a part of it; empty for any.
	Team string
	// Country is the customer's, ISO 3166-1 alpha-2; empty for any.
	Country string
	// Sort is one of name, value, closing, status, updated; empty means updated.
	Sort string
	// Ascending turns the order round; the default is newest or largest first.
	Ascending bool
	// Page starts at 1; a page beyond the end is the first page.
	Page int
	// Known is the Version of the copy of the list that the caller still has, 0 for none. If it is
	// still current, the first page of the unfiltered list comes without Referrals.
	Known int64
}

// Everything tells whether the filter leaves nothing out.
func (f Filter) Everything() bool {
	f.Sort, f.Ascending, f.Page, f.Known = "", false, 0, 0
	return f == Filter{}
}

// List is one page of referrals.
type List struct {
	// Referrals are at most PageSize rows without Raw.
	Referrals []Referral
	// Matching is how many match the filter, All how many the caller may see.
	Matching, All int
	// Page is the page shown, from 1.
	Page int
	// Counts are the numbers beside the tabs, read together with the rows.
	Counts Counts
	// Version changes whenever anything that the caller's lists show may have changed. The
	// Referrals are of this version or a newer one.
	Version int64
	// Listing is how far they are fetched from Microsoft for the caller.
	Listing Listing
}

// Counts are the numbers beside the tabs.
type Counts struct {
	Submitted, Attention, Drafts int
}
