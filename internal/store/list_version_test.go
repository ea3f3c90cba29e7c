package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// keeper keeps everybody's first pages as long as the store says that they are the same.
type keeper struct {
	*world
	kept map[referral.Filter]map[string]referral.List
}

func newKeeper(w *world) keeper {
	return keeper{w, map[referral.Filter]map[string]referral.List{{}: {}, {Sort: "name"}: {}}}
}

// agrees compares the pages that are kept with pages that are read anew, and keeps these.
func (k keeper) agrees(t testing.TB, after string) {
	t.Helper()
	for f, lists := range k.kept {
		for who, c := range map[string]referral.Caller{"ana": k.ana, "bo": k.bo, "admin": k.admin} {
			fresh := must(k.Referrals(t.Context(), c, f))(t)
			f.Known = lists[who].Version
			seen := must(k.Referrals(t.Context(), c, f))(t)
			if f.Known == seen.Version {
				wantSame(t, after+": rows that need not be read", len(seen.Referrals), 0)
				seen.Referrals = lists[who].Referrals
			}
			f.Known = 0
			wantSame(t, after+": "+who+"'s list", seen, fresh)
			lists[who] = fresh
		}
	}
}

// TestKeptListsAreTrue goes through everything that may change what a list shows.
func TestKeptListsAreTrue(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		k := newKeeper(w)
		k.agrees(t, "the first look")
		k.agrees(t, "nothing")
		k.sendingKeepsTrue(t)
		k.changingKeepsTrue(t)
		k.listingKeepsTrue(t)
		k.peopleKeepTrue(t)
	})
}

// sendingKeepsTrue sends a deal and Microsoft's, which is rejected at first.
func (k keeper) sendingKeepsTrue(t *testing.T) {
	d := k.draft(t, k.ana, "Contoso Azure migration")
	s := k.sending(t, k.ana, ownSend(d))
	k.agrees(t, "sending")
	own := k.accept(t, s, "remote")
	k.agrees(t, "accepted")
	must(k.SaveConnect(t.Context(), k.ana, own.ReferralID, referral.Connect{}))(t)
	k.agrees(t, "the wizard's answers")
	ms := k.queued(t, k.ana, microsoftSend(own))
	k.agrees(t, "Microsoft's is queued")
	ms = must(k.StartAttempt(t.Context(), ms.ID, referral.Attempt{RequestID: "r"}))(t)
	k.agrees(t, "Microsoft's is sent")
	k.ended(t, ms, referral.Rejected, referral.OutcomeInvalid)
	k.agrees(t, "Microsoft's is rejected")
	k.accept(t, k.sending(t, k.ana, microsoftSend(own)), "remote-ms")
	k.agrees(t, "connected")
}

// changingKeepsTrue changes a deal, and fetches it by itself.
func (k keeper) changingKeepsTrue(t *testing.T) {
	r := k.atMicrosoft(t, k.ana)
	k.agrees(t, "fetched by itself")
	ch := stage(r, "Proposal")
	ch.Deal = referral.PartnerLed
	ch = k.changed(t, k.ana, ch)
	k.agrees(t, "a change is queued")
	k.ends(t, ch.ID, referral.Accepted, referral.OutcomeAccepted, &referral.Referral{
		Name: "Another name", Status: "Active", Substatus: "Accepted", ETag: `"9"`, Raw: []byte(`{}`)})
	k.agrees(t, "changed")
	k.exec(t, `UPDATE referrals SET deal = $1 WHERE id = $2`, referral.Private, r.ID)
	k.agrees(t, "private")
	if err := k.Upgrade(t.Context(), k.ana, r.ID, referral.CoSell); err != nil {
		t.Fatal(err)
	}
	k.agrees(t, "upgraded")
}

// listingKeepsTrue reads lists of Microsoft's in which deals come, change, are shared and go.
func (k keeper) listingKeepsTrue(t *testing.T) {
	k.fetched(t, k.bo, shown("both"), shown("b"))
	k.agrees(t, "bo's first pass")
	k.fetched(t, k.ana, shown("a"), shown("both"), shown("a", ofMicrosoft))
	k.agrees(t, "ana's first pass")
	k.fetched(t, k.ana, shown("a"), shown("both"), shown("a", ofMicrosoft))
	k.agrees(t, "nothing new")
	k.fetched(t, k.ana, shown("a", newer), shown("both"), shown("a", ofMicrosoft, newer))
	k.agrees(t, "newer ones")
	k.clock.pass(2 * time.Hour)
	k.fetched(t, k.ana, shown("both"))
	k.agrees(t, "gone")
	k.fetched(t, k.ana, shown("a", newer), shown("both"))
	k.agrees(t, "back")
	for range 2 {
		k.clock.pass(60 * 24 * time.Hour)
		k.fetched(t, k.ana, shown("both"))
	}
	k.agrees(t, "forgotten")
}

// peopleKeepTrue renames and erases people whose names are in the lists of others.
func (k keeper) peopleKeepTrue(t *testing.T) {
	sent := k.accepted(t, k.ana, k.draft(t, k.ana, "Shared"))
	k.fetched(t, k.bo, shown("both"), shown("Shared", func(r *referral.Referral) {
		r.RemoteID, r.UpdatedAt = "remote-"+sent.DraftID, k.clock.Now()
	}))
	k.agrees(t, "bo sees ana's deal")
	wantSame(t, "the sender in bo's list",
		k.kept[referral.Filter{}]["bo"].Referrals[0].SenderName, "Ana Silva")
	signIn(t, k.Store, referral.User{Key: "tid:ana", Name: "Ana Costa"})
	k.agrees(t, "renamed")
	wantSame(t, "her new name in bo's list",
		k.kept[referral.Filter{}]["bo"].Referrals[0].SenderName, "Ana Costa")
	if err := k.ErasePerson(t.Context(), k.admin, k.ana.UserID); err != nil {
		t.Fatal(err)
	}
	k.agrees(t, "erased")
	k.exec(t, `DELETE FROM referral_answers`)
	k.exec(t, `DELETE FROM referrals WHERE owner_id = $1`, k.bo.UserID)
	k.agrees(t, "bo's are deleted")
	wantSame(t, "bo's list", len(k.kept[referral.Filter{}]["bo"].Referrals), 0)
}

// TestKeptListsShowOnesOwnWrites has several change a row each of the same list at once. Whoever
// looks afterwards, at the list that he has kept if that is the newest, finds what he wrote.
func TestKeptListsShowOnesOwnWrites(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("0"), shown("1"), shown("2"), shown("3"))
		rows := w.list(t, w.ana, referral.Filter{}).Referrals
		var next atomic.Int32
		together(len(rows), func() {
			n := next.Add(1) - 1
			caller := []referral.Caller{w.ana, w.admin}[n%2]
			var kept referral.List
			for i := range 25 {
				name := fmt.Sprintf("%d.%d", n, i)
				w.rename(t, rows[n].ID, name)
				seen, err := w.Referrals(t.Context(), caller, referral.Filter{Known: kept.Version})
				if err != nil {
					t.Error(err)
				}
				if seen.Version != kept.Version {
					kept = seen
				}
				if all := names(kept); !slices.Contains(strings.Fields(all), name) {
					t.Errorf("%s is not among %s", name, all)
				}
			}
		})
	})
}

func (w *world) rename(t *testing.T, id, name string) {
	err := w.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE referrals SET name = $2 WHERE id = $1`, id, name)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// unseen are the columns of a referral that no list shows, searches or sorts by. A new column
// belongs here or into the triggers of the version.
var unseen = []string{"id", "remote_id", "engagement_id", "send_id", "external_reference_id", "etag",
	"conn_referral_id", "opened_at", "decided_at", "expires_at", "conn_status", "conn_opened_at",
	"conn_decided_at", "conn_expires_at", "fetched_at"}

// TestEveryColumnRaisesTheVersion changes one column after another.
func TestEveryColumnRaisesTheVersion(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		version := func() int64 { return w.list(t, w.ana, referral.Filter{}).Version }
		for column, other := range w.others(t, r.ID) {
			before := version()
			w.exec(t, `UPDATE referrals SET `+column+` = `+other)
			if after := version(); (after > before) == slices.Contains(unseen, column) {
				t.Errorf("%s: version %d, then %d", column, before, after)
			}
			w.exec(t, `UPDATE referrals SET owner_id = $1, kind = 'own', gone_at = 0`, w.ana.UserID)
		}
	})
}

// others are another value for each column of a referral but its id, which stays for good.
func (w *world) others(t testing.TB, id string) map[string]string {
	t.Helper()
	rows, err := w.Writer().QueryContext(t.Context(), `SELECT * FROM referrals WHERE id = $1`, id)
	all := map[string]string{}
	for _, r := range must(collected(rows, err))(t) {
		for column, value := range r {
			all[column] = column + ` + 1`
			if _, text := value.(string); text {
				all[column] = column + ` || 'x'`
			}
		}
	}
	delete(all, "id")
	all["kind"], all["owner_id"] = `'microsoft'`, `'`+w.bo.UserID+`'`
	return all
}

// collected are the rows with their values by column.
func collected(rows *sql.Rows, err error) (all []map[string]any, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	for err == nil && rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		err = rows.Scan(to...)
		row := map[string]any{}
		for i, name := range names {
			row[name] = values[i]
		}
		all = append(all, row)
	}
	return all, errors.Join(err, rows.Err())
}

// TestVersionIsReadFirst lets a deal change after a list's first query. What is kept must not count
// as the newest afterwards.
func TestVersionIsReadFirst(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		r := w.atMicrosoft(t, w.ana)
		list := must(store.NewestReferrals(t.Context(), w.Store, w.ana, func() {
			w.exec(t, `UPDATE referrals SET name = 'New' WHERE id = $1`, r.ID)
		}))(t)
		again := w.list(t, w.ana, referral.Filter{Known: list.Version})
		if names(list) != "New" && again.Version == list.Version {
			t.Error("an older row counts as the newest")
		}
		wantSame(t, "then", names(w.list(t, w.ana, referral.Filter{})), "New")
	})
}

// TestVersionOfOneIsAnothersMatter sees that a rep's list stays when another's changes, and an
// admin's does not.
func TestVersionOfOneIsAnothersMatter(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.fetched(t, w.ana, shown("a"))
		ana, admin := w.list(t, w.ana, referral.Filter{}), w.list(t, w.admin, referral.Filter{})
		w.fetched(t, w.bo, shown("b"))
		wantSame(t, "ana's", w.list(t, w.ana, referral.Filter{}).Version, ana.Version)
		if w.list(t, w.admin, referral.Filter{}).Version == admin.Version {
			t.Error("everybody's list has the version it had")
		}
	})
}
