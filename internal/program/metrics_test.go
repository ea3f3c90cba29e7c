package program

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestMetrics serves the metrics on an address of their own and nowhere else.
func TestMetrics(t *testing.T) {
	addr := freeAddr(t)
	s := practiceProgram(t, world{now: time.Now, environ: []string{"TANDEM_METRICS_ADDR=" + addr}})
	fetch(t, s.config.BaseURL+"/auth/sign-in")
	if got := fetch(t, "http://"+addr+"/metrics"); !strings.Contains(got, `route="/auth/sign-in"`) {
		t.Errorf("the metrics do not count the request:\n%.2000s", got)
	}
	if got := fetch(t, s.config.BaseURL+"/metrics"); !strings.Contains(got, "Sign in") {
		t.Error("the metrics are on the public address")
	}
}

// TestMetricsOfASend follows a send whose first token Microsoft refuses, and a change, through
// every figure.
func TestMetricsOfASend(t *testing.T) {
	addr := freeAddr(t)
	s := practiceProgram(t, world{now: time.Now, environ: []string{"TANDEM_METRICS_ADDR=" + addr}})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	v.must(s.practice.Simulator().Fail(practice.Fault{Kind: practice.Token, Method: http.MethodPost}))
	sent := v.settled(v.submit())
	if sent.State != referral.Accepted {
		t.Fatalf("the send is %s", sent.State)
	}
	if got := v.changed(sent.ReferralID); got.State != referral.Accepted {
		t.Fatalf("the change is %s", got.State)
	}
	// What came about is counted just after it is stored, and the jobs kept in reserve for it are
	// deleted some at a time.
	got := ""
	for _, line := range []string{`tandem_sends_total{kind="change",state="accepted"} 1`,
		`tandem_queue_jobs{state="scheduled"} 0`} {
		v.eventually(line, 30*time.Second, func() bool {
			got = fetch(t, "http://"+addr+"/metrics")
			return strings.Contains(got, "\n"+line+"\n")
		})
	}
	for _, line := range []string{
		`tandem_sends_total{kind="own",state="accepted"} 1`,
		`tandem_sends_total{kind="change",state="queued"} 1`,
		`tandem_sends_total{kind="change",state="sending"} 1`,
		`tandem_sends_total{kind="own",state="queued"} 2`,
		`tandem_sends_total{kind="own",state="sending"} 2`,
		`tandem_api_call_duration_seconds_count{operation="create",status="401"} 1`,
		`tandem_api_call_duration_seconds_count{operation="create",status="201"} 1`,
		`tandem_token_refreshes_total{result="done"} 1`,
		`tandem_http_request_duration_seconds_count{method="POST",route="/drafts/:d/send",` +
			`status="3xx"} 1`,
		`tandem_queue_jobs{state="available"} 0`,
		`tandem_queue_jobs{state="retryable"} 0`,
	} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	if t.Failed() {
		t.Logf("%s", lines(got, "tandem_"))
	}
}

// lines returns the lines of a text that begin with prefix.
func lines(text, prefix string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) && !strings.Contains(line, "_bucket") {
			out.WriteString(line)
		}
	}
	return out.String()
}
