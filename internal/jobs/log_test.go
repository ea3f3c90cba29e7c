package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/jobs"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// One line has every id of an attempt: of the page's request, of the send, of what was posted and of
// Microsoft's answer.
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
	var lines []map[string]any
	for line := range strings.Lines(log.String()) {
		var fields map[string]any
		k.must(json.Unmarshal([]byte(line), &fields))
		if fields["msg"] == "attempt ended" {
			delete(fields, "time")
			lines = append(lines, fields)
		}
	}
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
