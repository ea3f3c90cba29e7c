package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"tandem/internal/pgtest"
)

// TestURL gives two tests databases that know nothing of each other, and drops them.
func TestURL(t *testing.T) {
	var dropped string
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			dropped = pgtest.URL(t)
			conn, err := pgx.Connect(t.Context(), dropped)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			if _, err := conn.Exec(t.Context(), "CREATE TABLE mine (id INTEGER)"); err != nil {
				t.Error(err)
			}
		})
	}
	if conn, err := pgx.Connect(t.Context(), dropped); err == nil {
		conn.Close(t.Context())
		t.Error("the database is there after its test")
	}
}
