package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// limit is the bare program: the least code that can do the same work, with one table and without
// sign-in and checks. It gives the same guarantee as Tandem, that every write waits for the disk,
// so its speed is what the machine allows at best.
type limit struct {
	writes *group
	// last is the newest referral's id.
	last atomic.Int64
	insert, update, save,
	newest *sql.Stmt
	api    string
	client *http.Client
}

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
	// As large as a page of the guided form.
	page := []byte("<!doctype html><title>Form</title>" + strings.Repeat("<p>A field</p>\n", 1500))
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

// answer turns a function that returns a page into a handler.
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

// bareOwner is the owner of all referrals.
const bareOwner = 1

// list shows the newest referrals, as many as Tandem shows on a page.
func (l *limit) list(r *http.Request) (string, error) {
	rows, err := l.newest.QueryContext(r.Context(), bareOwner)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("<!doctype html><title>Referrals</title><table>")
	for rows.Next() {
		var id, created int64
		var value float64
		var text [6]string
		err := rows.Scan(&id, &value, &created, &text[0], &text[1], &text[2], &text[3], &text[4],
			&text[5])
		if err != nil {
			return "", err
		}
		b.WriteString("<tr><td>" + strconv.FormatInt(id, 10) + "<td>" +
			strconv.FormatFloat(value, 'f', 2, 64) + "<td>" +
			time.UnixMicro(created).UTC().Format(time.DateTime))
		for _, t := range text {
			b.WriteString("<td>" + html.EscapeString(t))
		}
		b.WriteString("</tr>\n")
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
	ref := bareOf(r.PostForm)
	body, err := json.Marshal(ref)
	if err != nil {
		return "", err
	}
	id, now := l.last.Add(1), time.Now().UnixMicro()
	err = l.writes.exec(l.insert, id, bareOwner, ref.Name, ref.CustomerProfile.Name,
		ref.Details.DealValue, ref.Details.Currency, ref.Details.Closing, now, string(body))
	if err != nil {
		return "", err
	}
	answer, created, err := l.post(body)
	if err != nil {
		return "", err
	}
	err = l.writes.exec(l.update, "submitted", created, time.Now().UnixMicro(), answer, id)
	return "<!doctype html><title>Referral</title><p>Referral " + html.EscapeString(created), err
}

// post returns the answer and the id in it.
func (l *limit) post(body []byte) (answer, id string, err error) {
	res, err := l.client.Post(l.api, "application/json", bytes.NewReader(body))
	if err != nil {
		return "", "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return "", "", err
	}
	var got struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(raw, &got)
	return string(raw), got.ID, err
}
