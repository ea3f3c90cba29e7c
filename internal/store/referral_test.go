package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestPairAndHistory(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		own := w.accepted(t, w.ana, d)
		r, connected, err := w.Pair(t.Context(), w.ana, own.ReferralID)
		if err != nil || connected != nil || r.ID != own.ReferralID {
			t.Fatalf("before: %v, %v, %v", r.ID, connected, err)
		}
		wantSame(t, "connection", r.Connection, referral.Connection{})

		send := w.accept(t, w.sending(t, w.ana, microsoftSend(own)), "remote-microsoft")
		wantSame(t, "referral of the send", send.ReferralID, own.ReferralID)
		r, connected, err = w.Pair(t.Context(), w.ana, own.ReferralID)
		if err != nil || connected == nil {
			t.Fatalf("after: %v, %v", connected, err)
		}
		wantSame(t, "connection", r.Connection, referral.Connection{
			State: referral.Accepted, SendID: send.ID, ReferralID: connected.ID,
			Status: "New", Substatus: "Pending"})
		wantSame(t, "connected", []string{connected.RemoteID, string(connected.Kind),
			string(connected.Raw)}, []string{"remote-microsoft", "microsoft", rawAnswer})
		byOther, _, err := w.Pair(t.Context(), w.ana, connected.ID)
		wantErr(t, "by the other", err, nil)
		wantSame(t, "by the other", byOther, r)
		wantHistory(t, w, d, connected.ID)
	})
}

func wantHistory(t *testing.T, w *world, d referral.Draft, id string) {
	t.Helper()
	wantSame(t, "history", w.kinds(t, id), []string{
		referral.EventDraftCreated,
		referral.EventSendQueued, referral.EventSendStarted, referral.EventSendAccepted,
		referral.EventSendQueued, referral.EventSendStarted, referral.EventSendAccepted})
	first := must(w.History(t.Context(), w.ana, id))(t)[0]
	first.At = time.Time{}
	wantSame(t, "first event", first, referral.Event{Kind: referral.EventDraftCreated,
		UserID: w.ana.UserID, UserName: "Ana Silva", DraftID: d.ID})
}

func TestConnectionFollowsItsSend(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		connection := func() referral.State {
			return must(w.Referral(t.Context(), w.ana, own.ReferralID))(t).Connection.State
		}
		send := w.queued(t, w.ana, microsoftSend(own))
		wantSame(t, "queued", connection(), referral.Queued)
		must(w.StartAttempt(t.Context(), send.ID, referral.Attempt{}))(t)
		wantSame(t, "started", connection(), referral.Sending)
		w.ended(t, send, referral.NeedsSignIn, referral.OutcomeMFA)
		wantSame(t, "needs sign-in", connection(), referral.NeedsSignIn)
		must(w.Requeue(t.Context(), w.ana, send.ID, in(referral.NeedsSignIn), enqueued))(t)
		wantSame(t, "queued again", connection(), referral.Queued)
		must(w.Cancel(t.Context(), w.ana, send.ID))(t)
		wantSame(t, "cancelled", connection(), referral.Cancelled)
	})
}

// TestSameReferralTwice sees that a referral stored before is updated, not doubled.
func TestSameReferralTwice(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		first := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "First name")))
		first = w.accept(t, first, "remote")
		second := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Second name")))
		second = w.accept(t, second, "remote")
		wantSame(t, "referral", second.ReferralID, first.ReferralID)
		r := must(w.Referral(t.Context(), w.ana, first.ReferralID))(t)
		wantSame(t, "name and send", []string{r.Name, r.SendID}, []string{"Second name", first.ID})
		another := w.sending(t, w.bo, ownSend(w.draft(t, w.bo, "Bo's")))
		another = w.accept(t, another, "remote")
		if another.ReferralID == first.ReferralID {
			t.Error("two owners share a referral")
		}
	})
}

func TestKnown(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		wantSame(t, "before", must(w.Known(t.Context(), "remote"))(t), false)
		w.accept(t, w.sending(t, w.bo, ownSend(w.draft(t, w.bo, "Bo's"))), "remote")
		wantSame(t, "after", must(w.Known(t.Context(), "remote"))(t), true)
		wantSame(t, "another", must(w.Known(t.Context(), "remote-2"))(t), false)
	})
}

// listed stores referrals of ana, each by a send of its own.
func listed(t *testing.T, w *world, all []referral.Referral) {
	t.Helper()
	for i, r := range all {
		send := w.sending(t, w.ana, ownSend(w.draft(t, w.ana, r.Name)))
		r.RemoteID = fmt.Sprintf("remote-%d", i)
		w.record(t, send.ID, store.Result{From: []referral.State{referral.Sending},
			State: referral.Accepted, Referral: &r})
	}
}

func names(list referral.List) string {
	var all []string
	for _, r := range list.Referrals {
		all = append(all, r.Name)
	}
	return strings.Join(all, " ")
}

func TestReferralsFilter(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	all := []referral.Referral{
		{Name: "alpha", Customer: "Contoso ÄG", Status: "New", Substatus: "Pending",
			DealValue: "900", ClosingDate: "2027-03-01", EngagementID: "ENG-7", UpdatedAt: day(3)},
		{Name: "Bravo", Customer: "100% Fabrikam", Status: "Active", Substatus: "Accepted",
			DealValue: "10000", ClosingDate: "2027-01-14", UpdatedAt: day(2)},
		{Name: "charlie", Customer: "North_wind", Status: "Closed", Substatus: "Won",
			ExternalReferenceID: "CRM-1", DealValue: "50000.5", ClosingDate: "2027-02-01",
			UpdatedAt: day(1)},
	}
	forEach(t, func(t *testing.T, w *world) {
		listed(t, w, all)
		w.accepted(t, w.bo, w.draft(t, w.bo, "bo's"))
		for name, test := range map[string]struct {
			filter referral.Filter
			want   string
		}{
			"newest first":      {referral.Filter{}, "alpha Bravo charlie"},
			"oldest first":      {referral.Filter{Ascending: true}, "charlie Bravo alpha"},
			"name":              {referral.Filter{Sort: "name", Ascending: true}, "alpha Bravo charlie"},
			"largest":           {referral.Filter{Sort: "value"}, "charlie Bravo alpha"},
			"closing":           {referral.Filter{Sort: "closing", Ascending: true}, "Bravo charlie alpha"},
			"status":            {referral.Filter{Sort: "status"}, "alpha charlie Bravo"},
			"open":              {referral.Filter{Status: "open"}, "alpha Bravo"},
			"closed":            {referral.Filter{Status: "Closed"}, "charlie"},
			"since":             {referral.Filter{UpdatedSince: day(2)}, "alpha Bravo"},
			"search, any case":  {referral.Filter{Query: " contoso äg "}, "alpha"},
			"words, any order":  {referral.Filter{Query: "FABRIKAM　bravo 100%"}, "Bravo"},
			"each word counts":  {referral.Filter{Query: "fabrikam alpha"}, ""},
			"many words":        {referral.Filter{Query: strings.Repeat("o a ", 60)}, ""},
			"search by id":      {referral.Filter{Query: "eng-7"}, "alpha"},
			"search by crm":     {referral.Filter{Query: "crm-1"}, "charlie"},
			"percent is itself": {referral.Filter{Query: "100%"}, "Bravo"},
			"only percent":      {referral.Filter{Query: "%"}, "Bravo"},
			"underscore":        {referral.Filter{Query: "_"}, "charlie"},
			"backslash":         {referral.Filter{Query: `\`}, ""},
			"quote":             {referral.Filter{Query: `'`}, ""},
			"long":              {referral.Filter{Query: strings.Repeat("x", 100_000)}, ""},
			"mine":              {referral.Filter{Mine: true, Status: "New"}, "alpha"},
		} {
			list := must(w.Referrals(t.Context(), w.ana, test.filter))(t)
			wantSame(t, name, names(list), test.want)
			wantSame(t, name+": matching", list.Matching, len(list.Referrals))
			wantSame(t, name+": all", list.All, 3)
		}
	})
}

func TestReferralsByConnection(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := map[referral.State]referral.Send{}
		for _, state := range []referral.State{
			"", referral.Accepted, referral.Rejected, referral.Cancelled, referral.Unknown,
		} {
			own[state] = w.accepted(t, w.ana, w.draft(t, w.ana, "with-"+string(state)))
			if state != "" {
				s := w.sending(t, w.ana, microsoftSend(own[state]))
				w.ended(t, s, state, "")
			}
		}
		for filter, want := range map[string]string{
			"connected": "with-accepted", "none": "with-cancelled with-",
			"failed": "with-unknown with-rejected",
			"":       "with-unknown with-cancelled with-rejected with-accepted with-",
		} {
			list := must(w.Referrals(t.Context(), w.ana, referral.Filter{Microsoft: filter}))(t)
			wantSame(t, filter, names(list), want)
		}
	})
}

func TestReferralsPages(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var all []referral.Referral
		for i := range referral.PageSize + 2 {
			all = append(all, referral.Referral{Name: fmt.Sprint(i), Raw: []byte("raw"),
				UpdatedAt: time.Unix(1, 0)})
		}
		listed(t, w, all)
		seen := map[string]bool{}
		for page, want := range map[int][2]int{
			1: {1, referral.PageSize}, 2: {2, 2}, 3: {1, referral.PageSize}, 0: {1, 25}, -1: {1, 25},
		} {
			list := must(w.Referrals(t.Context(), w.ana, referral.Filter{Page: page}))(t)
			wantSame(t, fmt.Sprint("page ", page), [2]int{list.Page, len(list.Referrals)}, want)
			for _, r := range list.Referrals {
				seen[r.Name] = true
				wantSame(t, "raw", len(r.Raw), 0)
			}
		}
		wantSame(t, "rows on all pages", len(seen), referral.PageSize+2)
	})
}

func TestReferralsOfAdmin(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.accepted(t, w.ana, w.draft(t, w.ana, "ana's"))
		own := w.accepted(t, w.bo, w.draft(t, w.bo, "bo's"))
		w.accept(t, w.sending(t, w.bo, microsoftSend(own)), "microsoft's")
		w.accepted(t, w.admin, w.draft(t, w.admin, "mine"))
		everyone := must(w.Referrals(t.Context(), w.admin, referral.Filter{}))(t)
		wantSame(t, "everyone's", names(everyone), "mine bo's ana's")
		mine := must(w.Referrals(t.Context(), w.admin, referral.Filter{Mine: true}))(t)
		wantSame(t, "mine", names(mine), "mine")
		wantSame(t, "numbers", [2]int{mine.Matching, mine.All}, [2]int{1, 3})
		nobody := must(w.Referrals(t.Context(), referral.Caller{}, referral.Filter{}))(t)
		wantSame(t, "nobody's", nobody, referral.List{Page: 1, Version: nobody.Version})
	})
}

func TestConnect(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		id := own.ReferralID
		wantSame(t, "before", must(w.Connect(t.Context(), w.ana, id))(t), referral.Connect{})
		first := referral.Connect{HelpCode: "GeneralOrOther", Message: "Please help",
			Contacts: []string{"joe@contoso.example"}}
		saved := must(w.SaveConnect(t.Context(), w.ana, id, first))(t)
		first.Revision, first.UpdatedAt = 1, saved.UpdatedAt
		wantSame(t, "saved", saved, first)
		second := saved
		second.Message = "Please help soon"
		second = must(w.SaveConnect(t.Context(), w.ana, id, second))(t)
		wantSame(t, "revision", second.Revision, 2)
		for _, stale := range []int{0, 1} {
			saved.Revision = stale
			_, err := w.SaveConnect(t.Context(), w.ana, id, saved)
			wantErr(t, fmt.Sprint("revision ", stale), err, referral.ErrConflict)
		}
		wantSame(t, "loaded", must(w.Connect(t.Context(), w.ana, id))(t), second)
		w.queued(t, w.ana, microsoftSend(own))
		_, err := w.SaveConnect(t.Context(), w.ana, id, second)
		wantErr(t, "while sending", err, referral.ErrLocked)
	})
}
