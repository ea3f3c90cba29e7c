package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// TestByKeyWaitsAsLongAsAsked takes all connections: a statement that nobody cuts short must not
// make anybody wait for one.
func TestByKeyWaitsAsLongAsAsked(t *testing.T) {
	s := &Store{path: filepath.Join(t.TempDir(), "tandem.db")}
	if err := s.openSQLite(); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var release []func() error
	for range readerConns {
		conn, err := s.reader.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, conn.Close)
	}
	read := func() (n int, err error) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err = s.byKey(ctx, `SELECT $1 + 1`, 1).Scan(&n)
		return n, err
	}
	if n, err := read(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a connection: %d, %v", n, err)
	}
	for _, end := range release {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
	for range 2 * readerConns {
		if n, err := read(); err != nil || n != 2 {
			t.Fatalf("with one: %d, %v", n, err)
		}
	}
}
