package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// bench is one run: both programs, the stand-in and the users.
type bench struct {
	options
	place         place
	replicas      int
	tandem, limit fleet
	// addrs are where the replicas listen, metrics where they show metrics and profiles.
	addrs, metrics []string
	key            string
	standIn        *standIn
	client         *http.Client
	users          []*user
	rep            referral.Caller
	// db is Tandem's database, opened directly, and look are connections that only read it. limitDB
	// is the database of the bare program.
	db            *store.Store
	look, limitDB *sql.DB
	watch         *watch
	report        report
	drafts        drafts
	forms         []*form
	// sent counts the sends that were accepted since the start after the seeding.
	sent atomic.Int64
}

// mostUsers is how many users are signed in.
const mostUsers = 32

// open starts everything and signs the users in.
func (b *bench) open(ctx context.Context) (err error) {
	key := make([]byte, 32)
	if _, err = rand.Read(key); err != nil {
		return err
	}
	b.key, b.client = base64.StdEncoding.EncodeToString(key), newClient()
	for range b.replicas {
		addr, err1 := freeAddr()
		metrics, err2 := freeAddr()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		b.addrs, b.metrics = append(b.addrs, addr), append(b.metrics, metrics)
	}
	if b.standIn, err = newStandIn(b.addrs[0]); err != nil {
		return err
	}
	if err := errors.Join(b.startLimit(ctx), b.startTandem(ctx)); err != nil {
		return err
	}
	b.fact("Ready %s ms after the first start, with an empty database.", ms(b.tandem[0].ready))
	if err := b.signIn(); err != nil {
		return err
	}
	return b.openDatabases(ctx, key)
}

func (b *bench) startTandem(ctx context.Context) error {
	id := b.standIn.identity
	for i, addr := range b.addrs {
		cmd := exec.Command(b.program)
		cmd.Env = []string{"TANDEM_ADDR=" + addr, "TANDEM_BASE_URL=http://" + b.addrs[0],
			"TANDEM_DATABASE_URL=" + b.place.url(), "TANDEM_SECRET_KEYS=" + b.key,
			"TANDEM_OIDC_ISSUER=" + id.Issuer(), "TANDEM_OIDC_CLIENT_ID=" + id.ClientID(),
			"TANDEM_OIDC_CLIENT_SECRET=" + id.ClientSecret(),
			"TANDEM_API_BASE_URL=" + b.standIn.url, "TANDEM_DRAIN=0s", "TANDEM_LOG_LEVEL=warn",
			"TANDEM_METRICS_ADDR=" + b.metrics[i]}
		p, err := start(ctx, cmd, addr, "/readyz")
		if err != nil {
			return err
		}
		b.tandem = append(b.tandem, p)
	}
	return nil
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
	cmd := exec.Command(self, "limit", addr, b.place.driver, b.place.limit,
		b.standIn.url+referralsPath)
	p, err := start(ctx, cmd, addr, "/")
	if err == nil {
		b.limit = fleet{p}
	}
	return err
}

func (b *bench) signIn() error {
	email := practice.People()[0].Email
	for range mostUsers {
		u, err := signIn(b.client, b.tandem, b.standIn.identity.Issuer(), email)
		if err != nil {
			return err
		}
		b.users = append(b.users, u)
	}
	return nil
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
	b.fact("Ready %s ms after a start with %d referrals.", ms(b.tandem[0].ready), b.rows)
	time.Sleep(time.Second) // until the background work of a start is done
	return b.memory("idle after that start")
}

// memory reports what the largest process uses.
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
	err = errors.Join(b.tandem.stop(), b.limit.stop())
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
