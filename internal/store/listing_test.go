package store_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"tandem/internal/referral"
)

// passes counts the jobs that were asked for.
type passes struct{ n int }

func (p *passes) enqueue(context.Context, *sql.Tx, referral.Listing) error {
	p.n++
	return nil
}

// fetched takes the caller's list through a pass that reads everything, in one page.
func (w *world) fetched(t testing.TB, c referral.Caller, all ...referral.Referral) {
	t.Helper()
	f := w.begun(t, c)
	f = must(w.SaveListingPage(t.Context(), f, referral.ListingPage{Referrals: all}))(t)
	wantSame(t, "state", f.State, referral.ListingDone)
}

// asked begins the pass that follows the caller's last one, if it is due.
func (w *world) asked(
	t testing.TB, c referral.Caller, asked bool, jobs *passes,
) referral.Listing {
	t.Helper()
	f := must(w.Listing(t.Context(), c.UserID))(t)
	return must(w.AskListing(t.Context(), f, asked, jobs.enqueue))(t)
}

// begun begins a pass that the caller asked for.
func (w *world) begun(t testing.TB, c referral.Caller) referral.Listing {
	t.Helper()
	w.clock.pass(time.Hour)
	f := w.asked(t, c, true, &passes{})
	wantSame(t, "begun", f.State, referral.ListingRunning)
	return f
}

// shown is a referral as Microsoft lists it.
func shown(name string, more ...func(*referral.Referral)) referral.Referral {
	r := referral.Referral{RemoteID: "id-" + name, EngagementID: "eng-" + name, Name: name,
		Kind: referral.Own, Customer: "Fabrikam", Status: "Active", Substatus: "Accepted",
		DealValue: "100", Currency: "EUR", Country: "DE", ETag: `"1"`, Raw: []byte(`{"n":1}`),
		UpdatedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	for _, change := range more {
		change(&r)
	}
	return r
}

func ofMicrosoft(r *referral.Referral) {
	r.RemoteID, r.Kind, r.Status = r.RemoteID+"-ms", referral.Microsoft, "New"
}

func newer(r *referral.Referral) {
	r.ETag, r.Status, r.Raw = `"2"`, "Closed", []byte(`{"n":2}`)
	r.UpdatedAt = r.UpdatedAt.Add(time.Minute)
}

func (w *world) list(t testing.TB, c referral.Caller, f referral.Filter) referral.List {
	t.Helper()
	f.Sort, f.Ascending = "name", true
	return must(w.Referrals(t.Context(), c, f))(t)
}

func TestFetchedReferralsAreOnlyTheirs(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("a"), shown("both"))
		w.fetched(t, w.bo, shown("both"), shown("b"))
		wantSame(t, "ana's", names(w.list(t, w.ana, referral.Filter{})), "a both")
		wantSame(t, "bo's", names(w.list(t, w.bo, referral.Filter{})), "b both")
		all := w.list(t, w.admin, referral.Filter{})
		wantSame(t, "everybody's", names(all), "a b both")
		wantSame(t, "numbers", [2]int{all.All, all.Matching}, [2]int{3, 3})
		wantSame(t, "tab", must(w.Counts(t.Context(), w.admin))(t).Submitted, 3)
		wantSame(t, "nobody sent them", names(w.list(t, w.ana, referral.Filter{Mine: true})), "")
		anas := w.list(t, w.ana, referral.Filter{}).Referrals[0]
		_, err := w.Referral(t.Context(), w.bo, anas.ID)
		wantErr(t, "by bo", err, referral.ErrNotFound)
		got := must(w.Referral(t.Context(), w.ana, anas.ID))(t)
		wantSame(t, "raw", string(got.Raw), `{"n":1}`)
	})
}

func TestFetchMergesWithSends(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.sending(t, w.ana, ownSend(d))
		// A teammate sees it before the answer to the send is stored, and so does the sender.
		early := shown("x", func(r *referral.Referral) { r.RemoteID = "remote" })
		w.fetched(t, w.bo, early)
		w.fetched(t, w.ana, early)
		wantSame(t, "known", must(w.Known(t.Context(), "remote"))(t), false)
		send = w.accept(t, send, "remote")
		r := must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "origin", []string{r.DraftID, r.SendID, string(r.Deal), r.SenderID},
			[]string{d.ID, send.ID, "cosell", w.ana.UserID})
		wantSame(t, "ana's", names(w.list(t, w.ana, referral.Filter{Mine: true})), r.Name)
		bos := w.list(t, w.bo, referral.Filter{}).Referrals
		wantSame(t, "bo is told who sent it", []string{bos[0].SenderName, bos[0].SendID},
			[]string{"Ana Silva", ""})
		all := w.list(t, w.admin, referral.Filter{}).Referrals
		wantSame(t, "the sender's stands for all", []string{all[0].ID}, []string{send.ReferralID})
		wantSame(t, "everybody's", len(all), 1)

		w.fetched(t, w.ana, shown("later", newer, func(r *referral.Referral) {
			r.RemoteID, r.UpdatedAt = "remote", w.clock.Now()
		}))
		r = must(w.Referral(t.Context(), w.ana, send.ReferralID))(t)
		wantSame(t, "what Microsoft says now", []string{r.Name, r.Status, string(r.Raw), r.SendID},
			[]string{"later", "Closed", `{"n":2}`, send.ID})
	})
}

func TestFetchedByAnotherBeforeTheAnswer(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso Azure migration")))
		w.fetched(t, w.bo, shown("x", func(r *referral.Referral) { r.RemoteID = "remote" }))
		send = w.accept(t, send, "remote")
		bos := w.list(t, w.bo, referral.Filter{}).Referrals
		wantSame(t, "bo is told who sent it", bos[0].SenderName, "Ana Silva")
		all := w.list(t, w.admin, referral.Filter{}).Referrals
		wantSame(t, "everybody's", len(all), 1)
		wantSame(t, "the sender's stands for all", all[0].ID, send.ReferralID)
	})
}

func TestFetchKeepsTheNewerAnswer(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("a", newer))
		w.fetched(t, w.ana, shown("a"))
		wantSame(t, "status", w.list(t, w.ana, referral.Filter{}).Referrals[0].Status, "Closed")
	})
}

func TestFetchConnects(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("a"), shown("alone"))
		w.fetched(t, w.ana, shown("a"), shown("alone"), shown("a", ofMicrosoft))
		list := w.list(t, w.ana, referral.Filter{Microsoft: "connected"})
		wantSame(t, "a row for an engagement", names(list), "a")
		connection := func() referral.Connection {
			return must(w.Referral(t.Context(), w.ana, list.Referrals[0].ID))(t).Connection
		}
		wantSame(t, "status of Microsoft's", connection().Status, "New")
		own, other, err := w.Pair(t.Context(), w.ana, connection().ReferralID)
		if err != nil || other == nil || own.ID != list.Referrals[0].ID {
			t.Errorf("pair: %v, %v, %v", own.ID, other, err)
		}
		w.fetched(t, w.ana, shown("a"), shown("alone"), shown("a", ofMicrosoft, newer))
		wantSame(t, "status of Microsoft's", connection().Status, "Closed")
		w.fetched(t, w.ana, shown("a"), shown("alone"))
		none := w.list(t, w.ana, referral.Filter{Microsoft: "none"})
		wantSame(t, "once Microsoft's is gone", names(none), "a alone")
	})
}

// TestForeignConnectionIsGone connects a deal, whose own send for Microsoft was refused, with a
// referral that somebody created elsewhere, until that is gone: then the rep may create one.
func TestForeignConnectionIsGone(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		w.ended(t, w.sending(t, w.ana, microsoftSend(own)), referral.Rejected, referral.OutcomeInvalid)
		r := must(w.Referral(t.Context(), w.ana, own.ReferralID))(t)
		still := shown("own", func(s *referral.Referral) {
			s.RemoteID, s.EngagementID = r.RemoteID, r.EngagementID
		})
		w.fetched(t, w.ana, still, shown("ms", ofMicrosoft, func(r *referral.Referral) {
			r.EngagementID = own.EngagementID
		}))
		_, _, err := w.Queue(t.Context(), w.ana, microsoftSend(own), enqueued)
		wantErr(t, "a second one", err, referral.ErrConflict)
		w.fetched(t, w.ana, still)
		w.queued(t, w.ana, microsoftSend(own))
	})
}

// TestFetchLeavesRunningConnection sees that a connection that is being made stays the send's
// matter.
func TestFetchLeavesRunningConnection(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		w.sending(t, w.ana, microsoftSend(own))
		w.fetched(t, w.ana, shown("ms", ofMicrosoft, func(r *referral.Referral) {
			r.EngagementID = own.EngagementID
		}))
		r := must(w.Referral(t.Context(), w.ana, own.ReferralID))(t)
		wantSame(t, "connection", r.Connection.State, referral.Sending)
	})
}

func TestMissingReferralsAreGone(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		sent := w.accepted(t, w.ana, w.draft(t, w.ana, "sent"))
		w.fetched(t, w.ana, shown("kept"), shown("lost"))
		w.fetched(t, w.bo, shown("lost"))
		lost := w.list(t, w.ana, referral.Filter{Query: "lost"}).Referrals[0]
		w.clock.pass(time.Hour)
		young := w.accepted(t, w.ana, w.draft(t, w.ana, "young"))
		f := w.asked(t, w.ana, true, &passes{})
		page := referral.ListingPage{Referrals: []referral.Referral{shown("kept")}}
		must(w.SaveListingPage(t.Context(), f, page))(t)
		wantSame(t, "left", names(w.list(t, w.ana, referral.Filter{})), "kept young")
		_, err := w.Referral(t.Context(), w.ana, lost.ID)
		wantErr(t, "the lost one", err, referral.ErrNotFound)
		must(w.Referral(t.Context(), w.ana, sent.ReferralID))(t)
		must(w.Referral(t.Context(), w.ana, young.ReferralID))(t)
		wantSame(t, "bo's", names(w.list(t, w.bo, referral.Filter{})), "lost")
		wantSame(t, "everybody's", names(w.list(t, w.admin, referral.Filter{})), "kept lost young")
		w.fetched(t, w.ana, shown("kept"), shown("lost"))
		back := w.list(t, w.ana, referral.Filter{Query: "lost"}).Referrals
		wantSame(t, "back under its address", back[0].ID, lost.ID)
	})
}

// TestIncompletePassLosesNothing lets Microsoft count more referrals than it lists.
func TestIncompletePassLosesNothing(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("a"), shown("b"), shown("c"))
		page := referral.ListingPage{Referrals: []referral.Referral{shown("a")}, Count: 3}
		must(w.SaveListingPage(t.Context(), w.begun(t, w.ana), page))(t)
		wantSame(t, "left", names(w.list(t, w.ana, referral.Filter{})), "a b c")
	})
}

func TestFetchBeginsOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		jobs := &passes{}
		look := func(asked bool) referral.Listing {
			t.Helper()
			return w.asked(t, w.ana, asked, jobs)
		}
		before := must(w.Listing(t.Context(), w.ana.UserID))(t)
		f := look(false)
		look(false)
		look(true)
		late := must(w.AskListing(t.Context(), before, false, jobs.enqueue))(t)
		wantSame(t, "for who had read it, too", []any{late.Pass, late.State},
			[]any{f.Pass, f.State})
		wantSame(t, "jobs for one pass", jobs.n, 1)
		page := referral.ListingPage{Referrals: []referral.Referral{shown("a")}, Next: "$skip=1"}
		next := must(w.SaveListingPage(t.Context(), f, page))(t)
		wantSame(t, "seen", [2]int{next.Seen, next.Pages}, [2]int{1, 1})
		_, err := w.SaveListingPage(t.Context(), f, page)
		wantErr(t, "the same page twice", err, referral.ErrConflict)
		w.clock.pass(5 * time.Minute)
		again := look(false)
		wantSame(t, "a dead pass goes on", []any{again.Pass, again.Next, again.Seen},
			[]any{2, "$skip=1", 1})
		_, err = w.SaveListingPage(t.Context(), next, page)
		wantErr(t, "by whoever was slow", err, referral.ErrConflict)
		page.Next = ""
		done := must(w.SaveListingPage(t.Context(), again, page))(t)
		wantSame(t, "done", []any{done.State, done.FreshAt, done.Since},
			[]any{referral.ListingDone, f.StartedAt, shown("a").UpdatedAt})
		look(false)
		wantSame(t, "jobs", jobs.n, 2)
		w.clock.pass(6 * time.Minute)
		wantSame(t, "only what changed", look(false).Entire, false)
	})
}

func TestFetchAfterSignIn(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		f := w.begun(t, w.ana)
		now := f
		now.State = referral.ListingNeedsSignIn
		now.Outcome = referral.Outcome{Kind: referral.OutcomeMFA}
		if err := w.SaveListing(t.Context(), f, now); err != nil {
			t.Fatal(err)
		}
		w.clock.pass(time.Hour)
		rests := w.asked(t, w.ana, true, &passes{})
		wantSame(t, "until he signs in", []any{rests.State, rests.Outcome.Kind},
			[]any{referral.ListingNeedsSignIn, referral.OutcomeMFA})
		for _, f := range []referral.Filter{{}, {Query: "nobody"}, {Page: 2}} {
			wantSame(t, "beside the list", w.list(t, w.ana, f).Listing, rests)
		}
		signIn(t, w.Store, referral.User{Key: "tid:ana", Name: "Ana Silva"})
		goes := w.asked(t, w.ana, false, &passes{})
		wantSame(t, "afterwards", goes.State, referral.ListingRunning)
		wantErr(t, "an old pass", w.SaveListing(t.Context(), f, now), referral.ErrConflict)
	})
}

func TestFetchedFilters(t *testing.T) {
	with := func(change func(*referral.Referral)) func(*referral.Referral) { return change }
	all := []referral.Referral{
		shown("a", with(func(r *referral.Referral) {
			r.Country, r.ClosingDate, r.Team = "US", "2026-12-01", []string{"Priya@Northbridge.Example"}
		})),
		shown("b", with(func(r *referral.Referral) {
			r.Substatus, r.ClosingDate = "Won", "2027-03-01"
		})),
		shown("c"),
	}
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, all...)
		for name, test := range map[string]struct {
			filter referral.Filter
			want   string
		}{
			"country":        {referral.Filter{Country: "US"}, "a"},
			"substatus":      {referral.Filter{Substatus: "Won"}, "b"},
			"closes from":    {referral.Filter{ClosesFrom: "2026-12-01"}, "a b"},
			"closes before":  {referral.Filter{ClosesBefore: "2027-03-01"}, "a"},
			"closes between": {referral.Filter{ClosesFrom: "2026-12-02", ClosesBefore: "2027-04-01"}, "b"},
			"team":           {referral.Filter{Team: " priya@northbridge.example "}, "a"},
			"part of a team": {referral.Filter{Team: "PRIYA"}, "a"},
			"all together": {referral.Filter{Team: "priya", Country: "US", Query: "fabrikam",
				Status: "open", Substatus: "Accepted", Microsoft: "none"}, "a"},
			"search and filter": {referral.Filter{Query: "fabrikam", Country: "US", Substatus: "Won"}, ""},
		} {
			wantSame(t, name, names(w.list(t, w.ana, test.filter)), test.want)
		}
	})
}
