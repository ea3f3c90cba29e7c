package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// limit is the least that can do the work: no sign-in, no checks, one table. What it answers is
// the most that the machine can give with the same guarantee: every write waits for the disk.
type limit struct {
	writes *group
	// last is the newest referral's id.
	last atomic.Int64
	insert, update, save,
	newest *sql.Stmt
	api    string
	client *http.Client
}

// page is the size of a page of the guided form.
var page = []byte("<!doctype html><title>Form</title>" + strings.Repeat("<p>A field</p>\n", 1500))

// serveLimit serves until ctx ends.
func serveLimit(ctx context.Context, addr, driver, source, api string) error {
	l := &limit{api: api, client: &http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	reader, err := l.open(driver, source)
	if err != nil {
		return err
	}
	defer reader.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	mux.HandleFunc("GET /referrals", answer(l.list))
	mux.HandleFunc("POST /referrals", answer(l.send))
	mux.HandleFunc("POST /drafts", answer(l.saveDraft))
	server := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// answer makes a handler of what returns a page.
func answer(do func(*http.Request) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := do(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, text)
	}
}

// list shows the newest referrals, as many as Tandem shows on a page.
func (l *limit) list(r *http.Request) (string, error) {
	rows, err := l.newest.QueryContext(r.Context())
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("<!doctype html><title>Referrals</title><table>")
	for rows.Next() {
		var id int64
		var name, customer, state string
		if err := rows.Scan(&id, &name, &customer, &state); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "<tr><td>%d<td>%s<td>%s<td>%s", id, html.EscapeString(name),
			html.EscapeString(customer), state)
	}
	return b.String(), rows.Err()
}

func (l *limit) saveDraft(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", err
	}
	err := l.writes.exec(l.save, r.PostForm.Encode(), r.PostForm.Get("id"))
	return "saved", err
}

// send keeps the referral, posts it and keeps the answer.
func (l *limit) send(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", err
	}
	body := referralJSON(r.PostForm)
	id := l.last.Add(1)
	err := l.writes.exec(l.insert, id, r.PostForm.Get("name"), r.PostForm.Get("customer"), body)
	if err != nil {
		return "", err
	}
	res, err := l.client.Post(l.api, "application/json", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	err = l.writes.exec(l.update, res.Status, string(answer), id)
	return "sent", err
}

func referralJSON(f url.Values) string {
	return fmt.Sprintf(`{"name":%q,"customerProfile":{"name":%q},"details":{"notes":%q}}`,
		f.Get("name"), f.Get("customer"), f.Get("notes"))
}
