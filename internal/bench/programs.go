package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// bench is one run: both programs, the stand-in and the users.
type bench struct {
	options
	dir                string
	log                io.Writer
	tandem, limit      *process
	addr, metrics, key string
	standIn            *standIn
	client             *http.Client
	users              []*user
	rep                referral.Caller
	// db is Tandem's database from behind and look connections that only read it, limitDB that of
	// the bare program.
	db            *store.Store
	look, limitDB *sql.DB
	report        report
	drafts        drafts
}

// mostUsers is how many are signed in.
const mostUsers = 32

// open starts everything and signs the users in.
func (b *bench) open(ctx context.Context) (err error) {
	key := make([]byte, 32)
	if _, err = rand.Read(key); err != nil {
		return err
	}
	b.key, b.client = base64.StdEncoding.EncodeToString(key), newClient()
	if b.addr, err = freeAddr(); err != nil {
		return err
	}
	if b.metrics, err = freeAddr(); err != nil {
		return err
	}
	if b.standIn, err = newStandIn(b.addr); err != nil {
		return err
	}
	if err := errors.Join(b.startLimit(ctx), b.startTandem(ctx)); err != nil {
		return err
	}
	b.fact("Ready %s ms after the first start, with an empty database.", ms(b.tandem.ready))
	if err := b.signIn(); err != nil {
		return err
	}
	return b.openDatabases(ctx, key)
}

func (b *bench) startTandem(ctx context.Context) (err error) {
	id := b.standIn.identity
	cmd := exec.Command(b.program)
	cmd.Env = []string{"TANDEM_ADDR=" + b.addr, "TANDEM_BASE_URL=http://" + b.addr,
		"TANDEM_DATABASE_URL=sqlite:" + filepath.Join(b.dir, "tandem.db"),
		"TANDEM_SECRET_KEYS=" + b.key, "TANDEM_OIDC_ISSUER=" + id.Issuer(),
		"TANDEM_OIDC_CLIENT_ID=" + id.ClientID(), "TANDEM_OIDC_CLIENT_SECRET=" + id.ClientSecret(),
		"TANDEM_API_BASE_URL=" + b.standIn.url, "TANDEM_DRAIN=0s", "TANDEM_LOG_LEVEL=warn",
		"TANDEM_METRICS_ADDR=" + b.metrics}
	b.tandem, err = start(ctx, cmd, b.addr, "/readyz")
	return err
}

func (b *bench) startLimit(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "limit", addr, b.limitFile(), b.standIn.url+referralsPath)
	b.limit, err = start(ctx, cmd, addr, "/")
	return err
}

func (b *bench) limitFile() string { return filepath.Join(b.dir, "limit.db") }

func (b *bench) signIn() error {
	email := practice.People()[0].Email
	for range mostUsers {
		u, err := signIn(b.client, b.tandem.url, b.standIn.identity.Issuer(), email)
		if err != nil {
			return err
		}
		b.users = append(b.users, u)
	}
	return nil
}

func (b *bench) openDatabases(ctx context.Context, key []byte) error {
	keys, err := store.NewKeys([][]byte{key})
	if err != nil {
		return err
	}
	b.db, err = store.Open(ctx, store.Options{Path: filepath.Join(b.dir, "tandem.db"), Keys: keys})
	if err != nil {
		return err
	}
	if b.limitDB, err = openLimit(b.limitFile(), 1); err != nil {
		return err
	}
	if b.look, err = openLook(filepath.Join(b.dir, "tandem.db")); err != nil {
		return err
	}
	return b.db.Writer().QueryRowContext(ctx, `SELECT id FROM users`).Scan(&b.rep.UserID)
}

// openLook opens connections that read, enough for all who send.
func openLook(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)")
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", file, err)
	}
	db.SetMaxIdleConns(4)
	db.SetMaxOpenConns(4)
	return db, nil
}

// restart measures how long a start with a full database takes.
func (b *bench) restart(ctx context.Context) error {
	if err := b.tandem.stop(); err != nil {
		return err
	}
	b.tandem = nil
	if err := b.startTandem(ctx); err != nil {
		return err
	}
	b.fact("Ready %s ms after a start with %d referrals.", ms(b.tandem.ready), b.rows)
	time.Sleep(time.Second) // what a start leaves to do is done by then
	return b.memory("idle after that start")
}

func (b *bench) memory(when string) error {
	u, err := b.tandem.usage()
	if err == nil {
		b.fact("%s of memory %s.", megabytes(u.memory), when)
	}
	return err
}

func (b *bench) fact(format string, args ...any) {
	b.report.facts = append(b.report.facts, fmt.Sprintf(format, args...))
}

// close ends all that was started.
func (b *bench) close() (err error) {
	for _, p := range []*process{b.tandem, b.limit} {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
	}
	if b.db != nil {
		err = errors.Join(err, b.db.Close())
	}
	for _, db := range []*sql.DB{b.look, b.limitDB} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	if b.standIn != nil {
		err = errors.Join(err, b.standIn.server.Close())
	}
	return err
}
