package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// atMicrosoft sends a draft and returns its referral with the eTag "1".
func (w *world) atMicrosoft(t testing.TB, c referral.Caller) referral.Referral {
	t.Helper()
	send := w.accepted(t, c, w.draft(t, c, "Contoso Azure migration"))
	w.shows(t, send.ReferralID, `"1"`)
	return must(w.Referral(t.Context(), c, send.ReferralID))(t)
}

// TestEngagementIsLearnedLater fills in the engagement that the first answer left out, once
// Microsoft shows it, and leaves one that is known.
func TestEngagementIsLearnedLater(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		own := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso Azure migration"))
		w.exec(t, `UPDATE referrals SET engagement_id = ''`)
		for _, shows := range []string{"", "eng-1", "", "eng-2"} {
			must(0, w.SaveFetched(t.Context(), own.ReferralID, &referral.Referral{
				EngagementID: shows, Raw: []byte(`{}`)}, referral.Outcome{}))(t)
		}
		got := must(w.Referral(t.Context(), w.ana, own.ReferralID))(t).EngagementID
		wantSame(t, "engagement", got, "eng-1")
	})
}

// shows lets Microsoft show another version.
func (w *world) shows(t testing.TB, id, etag string) {
	t.Helper()
	raw, err := json.Marshal(map[string]string{"id": "remote", "salesStage": etag})
	if err != nil {
		t.Fatal(err)
	}
	err = w.SaveFetched(t.Context(), id, &referral.Referral{Name: "Contoso Azure migration",
		Customer: "Contoso", Status: "Active", Substatus: "Accepted", ETag: etag, Raw: raw},
		referral.Outcome{})
	if err != nil {
		t.Fatal(err)
	}
}

func stage(r referral.Referral, value string) referral.Change {
	text, _ := json.Marshal(value)
	return referral.Change{ReferralID: r.ID, Section: referral.SectionDeal, BaseETag: r.ETag,
		Edits: []referral.Edit{{Path: "salesStage", New: text}}, Body: text}
}

func (w *world) changed(t testing.TB, c referral.Caller, ch referral.Change) referral.Change {
	t.Helper()
	out, created, err := w.QueueChange(t.Context(), c, ch, enqueued)
	if err != nil || !created {
		t.Fatalf("QueueChange: created %v, %v", created, err)
	}
	return out
}

// ends starts an attempt of a change and records what came of it.
func (w *world) ends(
	t testing.TB, id string, state referral.State, kind referral.OutcomeKind, r *referral.Referral,
) referral.Change {
	t.Helper()
	ch := must(w.StartChangeAttempt(t.Context(), id, referral.Attempt{Number: 1}))(t)
	err := w.RecordChange(t.Context(), id, store.ChangeResult{
		From: []referral.State{referral.Sending}, Attempts: len(ch.Attempts), State: state,
		Outcome: referral.Outcome{Kind: kind}, Attempt: &referral.Attempt{}, Referral: r})
	if err != nil {
		t.Fatal(err)
	}
	return must(w.ChangeJob(t.Context(), id))(t)
}

func TestQueueChangeOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		var created, enqueues atomic.Int32
		together(20, func() {
			_, isNew, err := w.QueueChange(t.Context(), w.ana, stage(r, "Proposal"),
				func(context.Context, *sql.Tx, string) error { enqueues.Add(1); return nil })
			if err != nil {
				t.Error(err)
			}
			if isNew {
				created.Add(1)
			}
		})
		wantSame(t, "created, enqueued", []int32{created.Load(), enqueues.Load()}, []int32{1, 1})
		_, _, err := w.QueueChange(t.Context(), w.ana, stage(r, "Lead"), enqueued)
		wantErr(t, "another change", err, referral.ErrLocked)
	})
}

func TestQueueChangeRefuses(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		unknown := stage(r, "Proposal")
		unknown.BaseETag = `"other"`
		replaces := stage(r, "Proposal")
		replaces.Replaces = "nothing"
		full := errors.New("full")
		for name, tt := range map[string]struct {
			caller  referral.Caller
			change  referral.Change
			enqueue store.Enqueue
			want    error
		}{
			"an unknown version":     {w.ana, unknown, enqueued, referral.ErrConflict},
			"no conflict to settle":  {w.ana, replaces, enqueued, referral.ErrConflict},
			"somebody else's":        {w.bo, stage(r, "x"), enqueued, referral.ErrNotFound},
			"an admin":               {w.admin, stage(r, "x"), enqueued, referral.ErrForbidden},
			"no job for the change":  {w.ana, stage(r, "x"), func(context.Context, *sql.Tx, string) error { return full }, full},
			"a referral there isn't": {w.ana, referral.Change{ReferralID: "x"}, enqueued, referral.ErrNotFound},
		} {
			_, created, err := w.QueueChange(t.Context(), tt.caller, tt.change, tt.enqueue)
			wantErr(t, name, err, tt.want)
			if created {
				t.Errorf("%s: created", name)
			}
		}
		wantSame(t, "changes", len(must(w.Changes(t.Context(), w.ana, r.ID))(t)), 0)
	})
}

// TestChangesAreOnesOwn holds that nobody sees or moves another's change.
func TestChangesAreOnesOwn(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.atMicrosoft(t, w.ana)
		ch := w.changed(t, w.ana, stage(r, "Proposal"))
		ch = w.ends(t, ch.ID, referral.Rejected, referral.OutcomeBusy, nil)
		_, err := w.Change(ctx, w.bo, ch.ID)
		wantErr(t, "Change", err, referral.ErrNotFound)
		drop := store.ChangeMove{May: referral.Change.MayDrop}
		_, err = w.RequeueChange(ctx, w.bo, ch.ID, referral.Cancelled, drop)
		wantErr(t, "RequeueChange", err, referral.ErrNotFound)
		_, err = w.RequeueChange(ctx, w.admin, ch.ID, referral.Cancelled, drop)
		wantErr(t, "RequeueChange by an admin", err, referral.ErrForbidden)
		_, err = w.Version(ctx, w.bo, r.ID, r.ETag)
		wantErr(t, "Version", err, referral.ErrNotFound)
		_, err = w.FirstVersion(ctx, w.bo, r.ID)
		wantErr(t, "FirstVersion", err, referral.ErrNotFound)
		wantErr(t, "See", w.See(ctx, w.bo, r.ID, r.ETag), referral.ErrNotFound)
		wantErr(t, "AskFetch", w.AskFetch(ctx, w.bo, r.ID, enqueued), referral.ErrNotFound)
		wantErr(t, "Upgrade", w.Upgrade(ctx, w.bo, r.ID, referral.CoSell), referral.ErrNotFound)
		for who, n := range map[referral.Caller]int{w.ana: 1, w.bo: 0, w.admin: 1} {
			wantSame(t, "Changes", len(must(w.Changes(ctx, who, r.ID))(t)), n)
			wantSame(t, "ChangesToSettle", len(must(w.ChangesToSettle(ctx, who))(t)), n)
		}
	})
}

// TestConflictKeepsBothVersions stores what Microsoft has beside what the change was made on.
func TestConflictKeepsBothVersions(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		ch := w.changed(t, w.ana, stage(r, "Proposal"))
		theirs := referral.Referral{Name: r.Name, Status: "Active", Substatus: "Accepted",
			ETag: `"2"`, Raw: []byte(`{"salesStage":"theirs"}`)}
		ch = w.ends(t, ch.ID, referral.Rejected, referral.OutcomeConflict, &theirs)
		wantSame(t, "base", string(ch.Base), string(r.Raw))
		wantSame(t, "theirs", string(ch.Theirs), string(theirs.Raw))
		wantSame(t, "conflicts", ch.Conflicts(), true)
		now := must(w.Referral(t.Context(), w.ana, r.ID))(t)
		wantSame(t, "stored", now.ETag, `"2"`)
		wantSame(t, "send and draft", []string{now.SendID, now.DraftID}, []string{r.SendID, r.DraftID})

		choice := stage(now, "Proposal")
		choice.Replaces = ch.ID
		w.changed(t, w.ana, choice)
		ch = must(w.Change(t.Context(), w.ana, ch.ID))(t)
		wantSame(t, "settled", ch.State, referral.Cancelled)
	})
}

// TestAcceptedChange makes the deal what it was to become. What was seen of it stays behind.
func TestAcceptedChange(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.atMicrosoft(t, w.ana)
		if err := w.See(ctx, w.ana, r.ID, r.ETag); err != nil {
			t.Fatal(err)
		}
		share := stage(r, "Proposal")
		share.Deal = referral.PartnerLed
		ch := w.changed(t, w.ana, share)
		now := referral.Referral{ETag: `"2"`, Raw: []byte(`{"salesStage":"Proposal"}`)}
		w.ends(t, ch.ID, referral.Accepted, referral.OutcomeAccepted, &now)
		stored := must(w.Referral(ctx, w.ana, r.ID))(t)
		wantSame(t, "deal", stored.Deal, referral.PartnerLed)
		seen, _, err := w.Seen(ctx, w.ana, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "seen", string(seen), string(r.Raw))
		first := must(w.FirstVersion(ctx, w.ana, r.ID))(t)
		wantSame(t, "first version", string(first), rawAnswer)
		if err := w.Upgrade(ctx, w.ana, r.ID, referral.CoSell); err != nil {
			t.Fatal(err)
		}
		wantErr(t, "Upgrade again", w.Upgrade(ctx, w.ana, r.ID, referral.CoSell),
			referral.ErrConflict)
		var kinds []string
		for _, e := range must(w.History(ctx, w.ana, r.ID))(t) {
			if e.Detail == ch.ID || e.Kind == referral.EventDealUpgraded {
				kinds = append(kinds, e.Kind)
			}
		}
		wantSame(t, "history", kinds, []string{referral.EventChangeQueued,
			referral.EventChangeAccepted, referral.EventDealUpgraded})
	})
}

func TestAskFetchOnce(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		w.exec(t, `CREATE TABLE asked (id TEXT)`)
		together(10, func() {
			err := w.AskFetch(t.Context(), w.ana, r.ID,
				func(ctx context.Context, tx *sql.Tx, id string) error {
					_, err := tx.ExecContext(ctx, `INSERT INTO asked (id) VALUES ($1)`, id)
					return err
				})
			if err != nil {
				t.Error(err)
			}
		})
		var asked int
		err := w.Writer().QueryRow(`SELECT count(*) FROM asked WHERE id = $1`, r.ID).Scan(&asked)
		wantErr(t, "counting", err, nil)
		wantSame(t, "asked", asked, 1)
		f := must(w.Fetch(t.Context(), w.ana, r.ID))(t)
		wantSame(t, "running", f.Running(w.clock.Now()), true)
		wantErr(t, "an admin asks", w.AskFetch(t.Context(), w.admin, r.ID, enqueued),
			referral.ErrForbidden)
		err = w.SaveFetched(t.Context(), r.ID, nil, referral.Outcome{Kind: referral.OutcomeForbidden})
		if err != nil {
			t.Fatal(err)
		}
		f = must(w.Fetch(t.Context(), w.ana, r.ID))(t)
		wantSame(t, "outcome", f.Outcome.Kind, referral.OutcomeForbidden)
		wantSame(t, "running", f.Running(w.clock.Now()), false)
	})
}
