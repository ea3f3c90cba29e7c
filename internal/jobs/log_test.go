package jobs_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
