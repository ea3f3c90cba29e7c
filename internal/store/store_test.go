package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/pgtest"
	"tandem/internal/referral"
	"tandem/internal/sqlitetest"
	"tandem/internal/store"
)

// clock is a time that moves on by a millisecond whenever someone looks, so that no two things
// happen at once.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a store with three people: two reps and an admin.
type world struct {
	*store.Store
	clock          *clock
	ana, bo, admin referral.Caller
}

// forEach runs a test on every database that the store knows.
func forEach(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, newWorld(t, newFile(t)))
	})
	t.Run("postgres", func(t *testing.T) { test(t, newWorld(t, newDatabase(t))) })
}

// newFile and newDatabase make databases that were migrated once for all tests.
var (
	newFile     = sqlitetest.Template(migrated)
	newDatabase = pgtest.Template(migrated)
)

func migrated(place string) error {
	secrets, err := store.NewKeys([][]byte{bytes.Repeat([]byte{'a'}, 32)})
	if err != nil {
		return err
	}
	o := at(place, time.Now)
	o.Keys = secrets
	s, err := store.Open(context.Background(), o)
	if err != nil {
		return err
	}
	return s.Close()
}

// newWorld opens the database of a file or of a connection URL.
func newWorld(t testing.TB, place string) *world {
	t.Helper()
	clock := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	return newWorldOf(t, at(place, clock.Now), clock)
}

// newWorldOf opens a store that runs by the clock.
func newWorldOf(t testing.TB, o store.Options, clock *clock) *world {
	t.Helper()
	w := &world{clock: clock}
	w.Store = open(t, o)
	w.ana = signIn(t, w.Store, referral.User{Key: "tid:ana", Name: "Ana Silva"})
	w.bo = signIn(t, w.Store, referral.User{Key: "tid:bo", Name: "Bo Lind"})
	w.admin = signIn(t, w.Store, referral.User{Key: "tid:chen", Name: "Chen Li", Admin: true})
	return w
}

func at(place string, now func() time.Time) store.Options {
	if strings.HasPrefix(place, "postgres:") {
		return store.Options{URL: place, Now: now}
	}
	return store.Options{Path: place, Now: now}
}

func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if o.Keys == nil {
		o.Keys = keys(t, 'a')
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keys(t testing.TB, fill ...byte) *store.Keys {
	t.Helper()
	var secrets [][]byte
	for _, b := range fill {
		secrets = append(secrets, bytes.Repeat([]byte{b}, 32))
	}
	k, err := store.NewKeys(secrets)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signIn(t testing.TB, s *store.Store, u referral.User) referral.Caller {
	t.Helper()
	return must(s.SignIn(t.Context(), u))(t).Caller()
}

// must returns a function that ends the test on an error, else the value.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantErr(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func wantSame(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestOpenNeedsKeys(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "x.db")})
	if err == nil {
		t.Error("opened without keys")
	}
}

func TestOpenCreatesPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd name?#%.db")
	open(t, store.Options{Path: path})
	for _, name := range []string{path, path + "-wal"} {
		info := must(os.Stat(name))(t)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

// TestOpenMigratesOthersUnderLock starts ten at once on an empty database.
func TestOpenMigratesOthersUnderLock(t *testing.T) {
	for name, place := range map[string]string{
		"sqlite": filepath.Join(t.TempDir(), "tandem.db"), "postgres": pgtest.URL(t),
	} {
		t.Run(name, func(t *testing.T) {
			var inside, most atomic.Int32
			other := func(ctx context.Context, s *store.Store) error {
				most.Store(max(most.Load(), inside.Add(1)))
				defer inside.Add(-1)
				time.Sleep(20 * time.Millisecond)
				_, err := s.Writer().ExecContext(ctx,
					`CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY)`)
				return err
			}
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					o := at(place, nil)
					o.Keys = keys(t, 'a')
					o.Migrate = []func(context.Context, *store.Store) error{other}
					s, err := store.Open(t.Context(), o)
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if most.Load() != 1 {
				t.Errorf("%d migrated at once, want 1", most.Load())
			}
		})
	}
}

func TestOpenReportsOthersMigration(t *testing.T) {
	broken := errors.New("broken")
	_, err := store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "tandem.db"), Keys: keys(t, 'a'),
		Migrate: []func(context.Context, *store.Store) error{
			func(context.Context, *store.Store) error { return broken }},
	})
	wantErr(t, "Open", err, broken)
}

func TestReopenKeepsEverything(t *testing.T) {
	for _, place := range []string{filepath.Join(t.TempDir(), "tandem.db"), pgtest.URL(t)} {
		keepsEverything(t, place)
	}
}

func keepsEverything(t *testing.T, place string) {
	w := newWorld(t, place)
	d := w.draft(t, w.ana, "Contoso Azure migration")
	send := w.accepted(t, w.ana, d)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, at(place, nil))
	wantSame(t, "send", must(again.Send(t.Context(), w.ana, send.ID))(t), send)
	r := must(again.Referral(t.Context(), w.ana, send.ReferralID))(t)
	wantSame(t, "referral", string(r.Raw), rawAnswer)
	user := must(again.SignIn(t.Context(), referral.User{Key: "tid:ana"}))(t)
	wantSame(t, "user id", user.ID, w.ana.UserID)
}

func TestPing(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		if err := w.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if w.Ping(t.Context()) == nil {
			t.Error("a closed store answers")
		}
	})
}

func TestWriterSettings(t *testing.T) {
	s := open(t, store.Options{Path: filepath.Join(t.TempDir(), "tandem.db")})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000",
	} {
		var got string
		err := s.Writer().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got)
		if err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
	if n := s.Writer().Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d writers, want 1", n)
	}
}
