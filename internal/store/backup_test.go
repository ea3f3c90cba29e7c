package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "tandem.db"), filepath.Join(dir, "copy.db")
	w := newWorld(t, from)
	d := w.draft(t, w.ana, "Contoso Azure migration")
	if err := store.Backup(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "second Backup", store.Backup(t.Context(), from, to), fs.ErrExist)
	if info := must(os.Stat(to))(t); info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %v", info.Mode())
	}
	again := open(t, store.Options{Path: to})
	wantSame(t, "draft", must(again.Draft(t.Context(), w.ana, d.ID))(t), d)
}

// TestBackupLeavesNothingHalf fails in several ways: each time there is no file afterwards.
func TestBackupLeavesNothingHalf(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.db")
	if err := os.WriteFile(broken, []byte("no database at all, for sure"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{
		"nothing there": filepath.Join(dir, "missing.db"), "no database": broken,
	} {
		if store.Backup(t.Context(), from, filepath.Join(dir, "copy.db")) == nil {
			t.Errorf("%s: no error", name)
		}
	}
	wantErr(t, "no such folder", store.Backup(t.Context(), broken,
		filepath.Join(dir, "missing", "copy.db")), fs.ErrNotExist)
	left := must(filepath.Glob(filepath.Join(dir, "*")))(t)
	wantSame(t, "files", left, []string{broken})
}

// TestBackupUnderLoad copies a database several times while people write. Every copy opens and is
// of one moment: what one transaction wrote is there as a whole.
func TestBackupUnderLoad(t *testing.T) {
	dir := t.TempDir()
	from := filepath.Join(dir, "tandem.db")
	w := newWorld(t, from)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for _, rep := range []referral.Caller{w.ana, w.bo} {
		writers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				d := referral.NewDraft(referral.CoSell, referral.User{}, referral.Last{})
				d, err := w.CreateDraft(t.Context(), rep, d)
				if err == nil {
					_, _, err = w.Queue(t.Context(), rep, ownSend(d), enqueued)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, name := range []string{"1.db", "2.db", "3.db"} {
		if err := store.Backup(t.Context(), from, filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	writers.Wait()
	for _, name := range []string{"1.db", "2.db", "3.db"} {
		s := open(t, store.Options{Path: filepath.Join(dir, name)})
		var sends, queued, drafts, created int
		err := s.Writer().QueryRowContext(t.Context(), `SELECT
			(SELECT COUNT(*) FROM sends),
			(SELECT COUNT(*) FROM events WHERE kind = 'send-queued'),
			(SELECT COUNT(*) FROM drafts),
			(SELECT COUNT(*) FROM events WHERE kind = 'draft-created')`,
		).Scan(&sends, &queued, &drafts, &created)
		if err != nil || sends != queued || drafts != created {
			t.Errorf("%s: %d sends, %d events of theirs, %d drafts, %d events of theirs, %v", name,
				sends, queued, drafts, created, err)
		}
	}
}

// TestRestored leaves nothing due in a database that was brought back, and knows which drafts may
// have been sent by what is not in it.
func TestRestored(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		sends := map[referral.State]referral.Send{}
		for _, state := range []referral.State{referral.Queued, referral.Sending,
			referral.Waiting, referral.NeedsSignIn, referral.Unknown, referral.Rejected} {
			s := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, string(state))))
			if state != referral.Queued {
				s = must(w.StartAttempt(t.Context(), s.ID, referral.Attempt{}))(t)
			}
			if state != referral.Queued && state != referral.Sending {
				s = w.ended(t, s, state, referral.OutcomeInvalid)
			}
			sends[state] = s
		}
		old := w.draft(t, w.ana, "Contoso")
		if at := must(w.Restored(t.Context(), old.ID))(t); !at.IsZero() {
			t.Errorf("restored at %v, before it was", at)
		}
		w.clock.pass(time.Hour)
		if err := w.MarkRestored(t.Context()); err != nil {
			t.Fatal(err)
		}
		for before, send := range sends {
			want, attempts := before, len(send.Attempts)
			switch before {
			case referral.Queued, referral.Waiting, referral.NeedsSignIn:
				want, attempts = referral.Sending, attempts+1
			}
			got := must(w.Job(t.Context(), send.ID))(t)
			if got.State != want || len(got.Attempts) != attempts {
				t.Errorf("%s: now %s with %d attempts, want %s with %d", before, got.State,
					len(got.Attempts), want, attempts)
			}
			if !cmp.Equal(got.Body, send.Body) {
				t.Errorf("%s: another body", before)
			}
		}
		at := must(w.Restored(t.Context(), old.ID))(t)
		if at.Before(old.CreatedAt) || at.Sub(old.CreatedAt) > time.Second {
			t.Errorf("the copy is said to be of %v, want %v", at, old.CreatedAt)
		}
		later := w.draft(t, w.ana, "Contoso")
		wantSame(t, "a later draft", must(w.Restored(t.Context(), later.ID))(t), time.Time{})
	})
}

// TestPostgresDump brings PostgreSQL's own copy back into an empty database.
func TestPostgresDump(t *testing.T) {
	from, to := pgtest.URL(t), pgtest.URL(t)
	w := newWorld(t, from)
	send := w.accepted(t, w.ana, w.draft(t, w.ana, "Contoso"))
	due := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Contoso due")))
	pgtest.Copy(t, from, to)
	again := open(t, at(to, w.clock.Now))
	wantSame(t, "send", must(again.Send(t.Context(), w.ana, send.ID))(t), send)
	if err := again.MarkRestored(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "what was due", must(again.Job(t.Context(), due.ID))(t).State, referral.Sending)
}
