package store_test

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

const sue = "sue.smith@contoso.com"

// contact is Sue as documents have her; ofSue is one that names her in full.
const (
	contact = `{"firstName":"Sue","lastName":"Smith","email":"Sue.Smith@contoso.com",` +
		`"phoneNumber":"+44 20 7946 0001"}`
	ofSue = `{"name":"Deal","customerProfile":{"team":[` + contact + `]},` +
		`"details":{"notes":"Write to sue.smith@contoso.com."}}`
)

// spread puts Sue into every place: a draft, and a deal that was sent, connected and changed.
func (w *world) spread(t testing.TB) (open, sent referral.Draft, send referral.Send) {
	t.Helper()
	ctx := t.Context()
	with := func(name string) referral.Draft {
		d := referral.NewDraft(referral.CoSell, referral.User{GivenName: "Ana"}, referral.Last{})
		d.Answers.Name = name
		d.Answers.CustomerProfile.Team = []referral.Member{{FirstName: "Sue", LastName: "Smith",
			Email: sue, PhoneNumber: "+44 20 7946 0001"}, {FirstName: "Joe", Email: "joe@contoso.com"}}
		return must(w.CreateDraft(ctx, w.ana, d))(t)
	}
	open, sent = with("Open"), with("Sent")
	queued := ownSend(sent)
	queued.Body = []byte(ofSue)
	send = w.sending(t, w.ana, queued)
	w.record(t, send.ID, store.Result{From: []referral.State{referral.Sending},
		State: referral.Accepted, Outcome: referral.Outcome{Kind: referral.OutcomeAccepted,
			Message: "created for " + sue},
		Attempt:  &referral.Attempt{Answer: referral.Answer{Status: 201, Body: []byte(ofSue)}},
		Referral: &referral.Referral{RemoteID: "remote", Raw: []byte(ofSue)}})
	send = must(w.Job(ctx, send.ID))(t)
	must(w.SaveConnect(ctx, w.ana, send.ReferralID, referral.Connect{Contacts: []string{sue}}))(t)
	err := w.SaveTyped(ctx, w.ana, referral.Typed{Subject: open.ID, Page: "contacts",
		Form: "customerProfile.team%5B0%5D.email=sue.smith%40contoso.com"})
	if err != nil {
		t.Fatal(err)
	}
	w.exec(t, `INSERT INTO consents (send_id, doc) VALUES ($1, $2)`, send.ID, ofSue)
	w.exec(t, `INSERT INTO referral_versions (referral_id, etag, raw, replaced_at)
		VALUES ($1, 'e', $2, 1)`, send.ReferralID, []byte(ofSue))
	w.exec(t, `INSERT INTO changes (id, referral_id, owner_id, section, deal, base_etag, digest,
			edits, body, replaces, state, outcome, created_at, updated_at)
		VALUES ('c', $1, $2, '', '', 'e', 'd', $3, $4, '', 'accepted', $3, 1, 1)`,
		send.ReferralID, w.ana.UserID, `[`+contact+`]`, []byte(`[`+contact+`]`))
	w.exec(t, `INSERT INTO change_attempts (send_id, number, request_id, correlation_id,
			started_at, body) VALUES ('c', 1, '', '', 1, $1)`, []byte("<p>"+sue+"</p>"))
	return open, sent, send
}

func (w *world) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := w.Writer().ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// everything is all that the database holds of the two reps.
func (w *world) everything(t testing.TB) string {
	t.Helper()
	_, ana := w.exported(t, w.ana, w.ana.UserID)
	_, bo := w.exported(t, w.bo, w.bo.UserID)
	return ana + bo
}

// anID is what a made-up id looks like. It may hold any three letters.
var anID = regexp.MustCompile(`\b[0-9a-v]{26}\b`)

// words are everything in lower case, without the ids.
func (w *world) words(t testing.TB) string {
	t.Helper()
	return anID.ReplaceAllString(strings.ToLower(w.everything(t)), "")
}

func TestEraseContact(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		open, sent, send := w.spread(t)
		if !strings.Contains(w.everything(t), "Smith") {
			t.Fatal("there is nothing to erase")
		}
		want := referral.Traces{Drafts: 3, Sends: 2, Changes: 2, Answers: 6, Typed: 1}
		wantSame(t, "found", must(w.FindContact(ctx, w.admin, sue))(t), want)
		wantSame(t, "erased", must(w.EraseContact(ctx, w.admin, sue))(t), want)
		wantSame(t, "left", must(w.FindContact(ctx, w.admin, sue))(t), referral.Traces{})
		after := w.words(t)
		for _, part := range []string{"smith", "sue", "+44 20 7946 0001"} {
			if i := strings.Index(after, part); i >= 0 {
				t.Errorf("%q is still there: …%.200s", part, after[max(0, i-60):])
			}
		}
		got := must(w.Draft(ctx, w.ana, open.ID))(t)
		wantSame(t, "contacts", referral.People(got.Answers.CustomerProfile.Team),
			[]referral.Member{{FirstName: "Joe", Email: "joe@contoso.com"}})
		wantSame(t, "revision of the open draft", got.Revision, open.Revision+1)
		got = must(w.Draft(ctx, w.ana, sent.ID))(t)
		wantSame(t, "revision of the sent draft", got.Revision, sent.Revision)
		r := must(w.Referral(ctx, w.ana, send.ReferralID))(t)
		wantSame(t, "answer", string(r.Raw), `{"name":"Deal","customerProfile":{"team":[`+
			`{"firstName":"","lastName":"","email":"","phoneNumber":""}]},`+
			`"details":{"notes":"Write to [erased]."}}`)

		history := must(w.History(ctx, w.ana, send.ReferralID))(t)
		var told []referral.Event
		for _, e := range history {
			if e.Kind == referral.EventContactErased {
				told = append(told, e)
			}
		}
		if len(told) != 1 || told[0].UserName != "Chen Li" || told[0].Detail != "" {
			t.Errorf("the deal's history says %+v", told)
		}
	})
}

// TestEraseContactWaits erases nothing while a send is not done that carries the person.
func TestEraseContactWaits(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.spread(t)
		before := w.everything(t)
		for _, state := range []referral.State{referral.Queued, referral.Sending,
			referral.NeedsSignIn, referral.Unknown} {
			d := w.draft(t, w.bo, "Fabrikam")
			s := ownSend(d)
			s.Body = []byte(ofSue)
			s = w.queued(t, w.bo, s)
			w.exec(t, `UPDATE sends SET state = $2 WHERE id = $1`, s.ID, string(state))
			counts, err := w.EraseContact(ctx, w.admin, sue)
			var busy *referral.BusyError
			if !errors.As(err, &busy) || busy.Unfinished != 1 || counts.Busy != 1 {
				t.Errorf("%s: %v, %+v", state, err, counts)
			}
			w.exec(t, `UPDATE sends SET state = 'rejected' WHERE id = $1`, s.ID)
		}
		_, ana := w.exported(t, w.ana, w.ana.UserID)
		if !strings.HasPrefix(before, ana) {
			t.Error("something was erased")
		}
		must(w.EraseContact(ctx, w.admin, sue))(t)
	})
}

func TestErasePerson(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		ana := must(w.SignIn(ctx, referral.User{Key: "tid:ana", Name: "Ana Silva",
			GivenName: "Ana", FamilyName: "Silva", Email: "ana.silva@northbridge.example"}))(t)
		sent, open := w.draft(t, w.ana, "Contoso sent"), w.draft(t, w.ana, "Contoso open")
		s := ownSend(sent)
		s.Body = []byte(`{"team":[{"firstName":"Ana","lastName":"Silva","email":"` + ana.Email + `"}]}`)
		send := w.accept(t, w.sending(t, w.ana, s), "remote")
		colleagues := w.draft(t, w.bo, "Fabrikam")
		colleagues.Answers.Team = []referral.Member{{FirstName: "Ana", Email: ana.Email}}
		must(w.SaveDraft(ctx, w.bo, colleagues))(t)
		for _, err := range []error{
			w.SaveToken(ctx, ana.ID, []byte("a token")),
			w.CreateSession(ctx, []byte("hash"), ana.ID, "an ID token", 0),
			w.SaveTyped(ctx, w.ana, referral.Typed{Page: "new", Form: "x=y"}),
			w.SaveLast(ctx, ana.ID, referral.Last{Phone: "+44 20 7946 0018"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.ErasePerson(ctx, w.admin, ana.ID); err != nil {
			t.Fatal(err)
		}
		_, err := w.Session(ctx, []byte("hash"))
		wantErr(t, "his session", err, referral.ErrNotFound)
		_, err = w.Token(ctx, ana.ID)
		wantErr(t, "his token", err, referral.ErrNotFound)
		_, err = w.Draft(ctx, w.admin, open.ID)
		wantErr(t, "his draft", err, referral.ErrGone)
		text := w.words(t)
		for _, part := range []string{"ana", "silva", "7946", "tid:ana", "x=y"} {
			if strings.Contains(text, part) {
				t.Errorf("%q is still there: %s", part, text)
			}
		}
		former := must(w.User(ctx, ana.ID))(t)
		wantSame(t, "what is left of him", former, referral.User{ID: ana.ID,
			Key: "erased:" + ana.ID, Name: "Former user " + ana.ID[:6]})
		kept := must(w.Send(ctx, w.admin, send.ID))(t)
		wantSame(t, "owner of what was sent", kept.OwnerName, former.Name)
		wantSame(t, "state of what was sent", kept.State, referral.Accepted)
		wantSame(t, "history", len(must(w.History(ctx, w.admin, send.ReferralID))(t)), 5)
		again := must(w.SignIn(ctx, referral.User{Key: "tid:ana", Name: "Ana Silva"}))(t)
		if again.ID == ana.ID {
			t.Error("who signs in again is the former user")
		}
		wantErr(t, "erasing him again", w.ErasePerson(ctx, w.admin, ana.ID), referral.ErrForbidden)
		wantErr(t, "erasing oneself", w.ErasePerson(ctx, w.admin, w.admin.UserID),
			referral.ErrForbidden)
	})
}

// TestErasePersonWaits keeps all of somebody whose send is not done.
func TestErasePersonWaits(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		w.ended(t, w.sending(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso"))), referral.Unknown,
			referral.OutcomeUnknown)
		err := w.ErasePerson(t.Context(), w.admin, w.ana.UserID)
		var busy *referral.BusyError
		if !errors.As(err, &busy) || busy.Unfinished != 1 {
			t.Errorf("ErasePerson: %v", err)
		}
		wantSame(t, "name", must(w.User(t.Context(), w.ana.UserID))(t).Name, "Ana Silva")
		people := must(w.People(t.Context(), w.admin))(t)
		wantSame(t, "not done", people[0].Unfinished, 1)
	})
}

// TestErasingIsForAdmins lets reps neither look nor erase.
func TestErasingIsForAdmins(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for name, do := range map[string]func(referral.Caller) error{
			"People": func(c referral.Caller) error { _, err := w.People(ctx, c); return err },
			"Person": func(c referral.Caller) error {
				_, err := w.Person(ctx, c, w.ana.UserID)
				return err
			},
			"FindContact":  func(c referral.Caller) error { _, err := w.FindContact(ctx, c, sue); return err },
			"EraseContact": func(c referral.Caller) error { _, err := w.EraseContact(ctx, c, sue); return err },
			"ErasePerson":  func(c referral.Caller) error { return w.ErasePerson(ctx, c, w.ana.UserID) },
		} {
			wantErr(t, name+" by a rep", do(w.bo), referral.ErrNotAdmin)
			wantErr(t, name+" by nobody", do(referral.Caller{}), referral.ErrNotFound)
		}
		wantErr(t, "erasing nobody", w.ErasePerson(ctx, w.admin, "unknown"), referral.ErrNotFound)
	})
}

// TestEveryColumnIsAccountedFor wants each column of the database in one of three lists: those that
// ErasePerson clears, those in which addresses are looked for, and those without people. A new
// column that may hold data of people needs a line in places, in Export, or in eraseUser.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	known := store.Places()
	for table, columns := range map[string]string{
		// Cleared with the person.
		"users":          "*",
		"sessions":       "*",
		"tokens":         "*",
		"preferences":    "*",
		"working_copies": "*",
		"stashes":        "*",
		"referral_seen":  "*",
		"listings":       "*",
		// Without people, or with Tandem's own id of them.
		"locks":     "*",
		"retention": "*",
		"restored":  "*",
		"entries":   "*",
		"settings":  "*",
		"drafts": "id owner_id name customer deal reached revision sent deleted_by deleted_at " +
			"created_at updated_at",
		"sends": "id kind draft_id revision owner_id state name customer external_reference_id " +
			"engagement_id referral_id wait_until superseded created_at updated_at request_id trace",
		"replicas": "*",
		"attempts": "send_id number request_id correlation_id started_at sent_at ended_at status " +
			"headers replica lost_at",
		"referrals": "id remote_id owner_id engagement_id kind draft_id send_id deal name customer " +
			"external_reference_id country deal_value amount currency closing_date status " +
			"substatus etag search conn_state conn_send_id conn_referral_id created_at updated_at " +
			"sender_id direction opened_at decided_at expires_at fetched_at gone_at listed " +
			"conn_status conn_substatus conn_opened_at conn_decided_at conn_expires_at",
		"referral_answers":  "referral_id stored_at removed_at",
		"referral_versions": "referral_id etag replaced_at",
		"referral_fetches":  "*",
		"referral_counts":   "*",
		"name_versions":     "*",
		"connects":          "referral_id revision updated_at",
		"consents":          "send_id",
		"changes": "id referral_id owner_id section deal base_etag digest replaces state their_etag " +
			"wait_until created_at updated_at request_id trace",
		"change_attempts": "send_id number request_id correlation_id started_at sent_at ended_at " +
			"status headers replica lost_at",
		"events":           "*",
		"settings_history": "*",
	} {
		for _, column := range strings.Fields(columns) {
			known = append(known, table+"."+column)
		}
	}
	s := open(t, store.Options{Path: filepath.Join(t.TempDir(), "tandem.db")})
	rows, err := s.Writer().QueryContext(t.Context(), `
		SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(known, table+"."+column) && !slices.Contains(known, table+".*") {
			t.Errorf("column %s of %s: does it hold data of people? See this test", column, table)
		}
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}
