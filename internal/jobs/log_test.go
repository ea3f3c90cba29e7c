package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/jobs"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// One line has every id of an attempt: of the page's request, of the send, of what was posted and
// of Microsoft's answer.
func TestAttemptIsLogged(t *testing.T) {
	k := newKit(t)
	var log bytes.Buffer
	k.config.Log = slog.New(slog.NewJSONHandler(&log, nil))
	k.open()
	k.fail(practice.Fault{Kind: practice.Invalid})
	asked := referral.WithOrigin(t.Context(), referral.Origin{RequestID: "page-1"})
	s, err := k.jobs.Submit(asked, k.rep.Caller(), k.draft())
	k.must(err)
	k.start()
	s = k.wait(s.ID, in(referral.Rejected))
	stop(k.jobs)
	lines := k.lines(log.String(), "attempt ended")
	a := s.LastAttempt()
	want := []map[string]any{{"level": "INFO", "msg": "attempt ended", "send": s.ID, "kind": "own",
		"attempt": 1.0, "request_id": "page-1", "ms_request_id": a.RequestID,
		"client_request_id": a.CorrelationID, "status": 400.0, "outcome": "invalid",
		"microsoft_request_id": a.Answer.Headers["request-id"], "state": "rejected"}}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if a.Answer.Headers["request-id"] == "" {
		t.Error("Microsoft’s answer has no request id")
	}
}

// lines are those of a log with the message, without their times.
func (k *kit) lines(log, message string) (out []map[string]any) {
	k.t.Helper()
	for line := range strings.Lines(log) {
		var fields map[string]any
		k.must(json.Unmarshal([]byte(line), &fields))
		if fields["msg"] == message {
			delete(fields, "time")
			out = append(out, fields)
		}
	}
	return out
}

// TestSettledIsLogged leads from the page's request to the end of a send that no answer settled:
// the log says why there was no token, and what a look-up came to.
func TestSettledIsLogged(t *testing.T) {
	k := newKit(t)
	var log bytes.Buffer
	k.config.Log = slog.New(slog.NewJSONHandler(&log, nil))
	k.open()
	k.tokens.fail(&jobs.SignInError{Err: errors.New("the provider refused: AADSTS700082")})
	k.start()
	asked := referral.WithOrigin(t.Context(), referral.Origin{RequestID: "page-1"})
	s, err := k.jobs.Submit(asked, k.rep.Caller(), k.draft())
	k.must(err)
	k.wait(s.ID, in(referral.NeedsSignIn))
	k.tokens.fail(nil)
	k.fail(practice.Fault{Kind: practice.LostAnswer})
	k.must(k.jobs.SignedIn(t.Context(), k.rep.Caller()))
	k.wait(s.ID, in(referral.Accepted))
	stop(k.jobs)
	about := map[string]any{"level": "INFO", "send": s.ID, "kind": "own", "request_id": "page-1"}
	with := func(more map[string]any) map[string]any {
		maps.Copy(more, about)
		return more
	}
	want := []map[string]any{
		with(map[string]any{"msg": "settled without an answer", "outcome": "sign-in", "status": 0.0,
			"state": "needs-sign-in"}),
		with(map[string]any{"msg": "settled without an answer", "outcome": "accepted", "status": 0.0,
			"state": "accepted"}),
	}
	if diff := cmp.Diff(want, k.lines(log.String(), "settled without an answer")); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
	want = []map[string]any{with(map[string]any{"msg": "no token",
		"error": "the provider refused: AADSTS700082"})}
	if diff := cmp.Diff(want, k.lines(log.String(), "no token")); diff != "" {
		t.Errorf("no token (-want +got):\n%s", diff)
	}
}

// TestSecondProcessIsLogged starts a process on an SQLite file, and a second one before it stops.
func TestSecondProcessIsLogged(t *testing.T) {
	k := newKit(t)
	var all []*jobs.Jobs
	var logs [2]bytes.Buffer
	for i := range logs {
		k.config.Log = slog.New(slog.NewJSONHandler(&logs[i], nil))
		k.open()
		k.start()
		all = append(all, k.jobs)
	}
	for i, j := range all {
		stop(j)
		got := k.lines(logs[i].String(), "another process works with the same SQLite file")
		if len(got) != i {
			t.Errorf("process %d: logged %v", i, got)
		}
	}
}

// TestQueueDoesNotRepeatItself lets the queue fail as it does without its database: each kind of
// failure is said now and then, and what is said of a job is never left out.
func TestQueueDoesNotRepeatItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := jobs.Quiet(slog.New(slog.NewTextHandler(&out, nil)))
		for range 200 { // 20 seconds
			log.Error("fetching", "err", "connection refused")
			log.Warn("electing")
			log.Info("chatter")
			time.Sleep(100 * time.Millisecond)
		}
		log.Error("job errored", "job_id", 1)
		log.Error("job errored", "job_id", 2)
		log.Error("stopping", "err", context.Canceled)
		for text, want := range map[string]int{"fetching": 2, "electing": 2, "chatter": 0,
			"job errored": 2, "stopping": 0} {
			if got := strings.Count(out.String(), text); got != want {
				t.Errorf("%q is said %d times, want %d", text, got, want)
			}
		}
	})
}
