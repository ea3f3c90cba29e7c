package jobs_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// answered posts to a server that gives one answer, and interprets what the client makes of it.
func answered(
	t *testing.T, send referral.Send, answer http.HandlerFunc,
) (referral.Outcome, referral.State) {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	client, err := partnercenter.New(server.URL, partnercenter.NewHTTPClient(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Create(t.Context(), partnercenter.Call{Token: "t"}, []byte(`{}`))
	failed, ok := err.(*partnercenter.Error)
	if !ok {
		t.Fatalf("Create = %v", err)
	}
	return jobs.Interpret(failed, send)
}

// line is an answer, and what the table of outcomes makes of it.
type line struct {
	status int
	header string // name: value
	body   string
	kind   referral.OutcomeKind
	state  referral.State
}

func (l line) check(t *testing.T) referral.Outcome {
	t.Helper()
	send := referral.Send{Attempts: []referral.Attempt{{Number: 1, StartedAt: time.Now()}}}
	o, state := answered(t, send, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if name, value, ok := strings.Cut(l.header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(l.status)
		_, _ = io.WriteString(w, l.body)
	})
	if o.Kind != l.kind || state != l.state {
		t.Errorf("%s %s, want %s %s", o.Kind, state, l.kind, l.state)
	}
	return o
}

// TestStatuses is the table of outcomes by status alone: the answer has no body, or a gateway's
// page instead of one.
func TestStatuses(t *testing.T) {
	const retry = "Retry-After: 57"
	page := "<!doctype html><html><body><h1>Gateway</h1></body></html>"
	for _, l := range []line{
		{400, "", "", referral.OutcomeInvalid, referral.Rejected},
		{422, "", "", referral.OutcomeInvalid, referral.Rejected},
		{401, "", "", referral.OutcomeSignIn, referral.Queued}, // once more with a fresh token
		{403, "", "", referral.OutcomeForbidden, referral.Rejected},
		{404, "", "", referral.OutcomeOurFault, referral.Rejected},
		{405, "", "", referral.OutcomeOurFault, referral.Rejected},
		{406, "", "", referral.OutcomeOurFault, referral.Rejected},
		{410, "", "", referral.OutcomeOurFault, referral.Rejected},
		{411, "", "", referral.OutcomeOurFault, referral.Rejected},
		{415, "", "", referral.OutcomeOurFault, referral.Rejected},
		{501, "", "", referral.OutcomeOurFault, referral.Rejected},
		{409, "", "", referral.OutcomeConflict, referral.Rejected},
		{412, "", "", referral.OutcomeConflict, referral.Rejected},
		{413, "", "", referral.OutcomeTooLarge, referral.Rejected},
		{423, "", "", referral.OutcomeBusy, referral.Rejected},
		{429, retry, "", referral.OutcomeLimited, referral.Waiting},
		{429, "", "", referral.OutcomeLimited, referral.Waiting},
		{509, retry, "", referral.OutcomeLimited, referral.Waiting},
		{503, retry, "", referral.OutcomeUnavailable, referral.Waiting},
		{503, "", "", referral.OutcomeUnknown, referral.Unknown}, // not a word about processing
		{408, "", "", referral.OutcomeUnknown, referral.Unknown},
		{500, "", "", referral.OutcomeUnknown, referral.Unknown},
		{502, "", "", referral.OutcomeUnknown, referral.Unknown},
		{504, "", "", referral.OutcomeUnknown, referral.Unknown},
		{507, "", "", referral.OutcomeUnknown, referral.Unknown},
		{599, "", "", referral.OutcomeUnknown, referral.Unknown},
		{302, "Location: /elsewhere", "", referral.OutcomeUnknown, referral.Unknown},
		{303, "Location: /referrals/1", "", referral.OutcomeUnknown, referral.Unknown},
		{307, "Location: /elsewhere", "", referral.OutcomeOurFault, referral.Rejected},
		{308, "Location: /elsewhere", "", referral.OutcomeOurFault, referral.Rejected},
		{418, "", "", referral.OutcomeOurFault, referral.Rejected},
		{200, "", "", referral.OutcomeUnknown, referral.Unknown},
		{201, "", "", referral.OutcomeUnknown, referral.Unknown},
		{202, "", "", referral.OutcomeUnknown, referral.Unknown},
	} {
		t.Run(fmt.Sprint(l.status, l.header), func(t *testing.T) {
			l.check(t)
			if l.body = page; l.status >= 200 {
				l.check(t)
			}
		})
	}
}

// TestBodies reads what an answer says beyond its status, in all the shapes there are.
func TestBodies(t *testing.T) {
	deep := func(inner string) string {
		return `{"error":{"code":"invalidRequest","message":"m","innererror":{"code":"x",
			"innerError":` + inner + `}}}`
	}
	challenge := `WWW-Authenticate: Bearer realm="", claims="eyJhIjoxfQ==", ` +
		`error="insufficient_claims"`
	tests := map[string]struct {
		line
		code    string
		numeric int
		path    string
	}{
		"no MFA, flat": {line{401, "", `{"code":900421,"description":"d","data":[],"source":"s"}`,
			referral.OutcomeMFA, referral.NeedsSignIn}, "900421", 900421, ""},
		"no MFA, within": {line{401, "", deep(`{"code":"900421"}`),
			referral.OutcomeMFA, referral.NeedsSignIn}, "invalidRequest", 900421, ""},
		"no MFA, outside": {line{403, "", `{"code":"900421","data":[{"code":800002}]}`,
			referral.OutcomeMFA, referral.NeedsSignIn}, "800002", 900421, ""},
		"claims on 401": {line{401, challenge, "", referral.OutcomeSignIn, referral.NeedsSignIn},
			"", 0, ""},
		"claims on 403": {line{403, challenge, "", referral.OutcomeSignIn, referral.NeedsSignIn},
			"", 0, ""},
		"privileges": {line{403, "", `{"code":900308,"description":"d"}`,
			referral.OutcomeForbidden, referral.Rejected}, "900308", 900308, ""},
		"conditional access": {line{403, "", `{"code":900309}`,
			referral.OutcomeSignIn, referral.NeedsSignIn}, "900309", 900309, ""},
		"app only": {line{403, "", `{"code":900329}`,
			referral.OutcomeOurFault, referral.Rejected}, "900329", 900329, ""},
		"wrong audience": {line{401, "", `{"code":900420}`,
			referral.OutcomeOurFault, referral.Rejected}, "900420", 900420, ""},
		"not available": {line{503, "", `{"error":{"code":"ServiceNotAvailable"}}`,
			referral.OutcomeUnavailable, referral.Waiting}, "serviceNotAvailable", 0, ""},
		"rate limit": {line{429, "", `{"statusCode":429,"message":"Rate limit is exceeded."}`,
			referral.OutcomeLimited, referral.Waiting}, "", 0, ""},
		"innermost known code": {line{400, "", deep(`{"code":"resourceModified","innerError":{
			"code":"SomethingElse"}}`), referral.OutcomeInvalid, referral.Rejected},
			"resourceModified", 0, ""},
		"a field": {line{400, "", `{"error":{"code":"invalidRequest","target":
			"$.CustomerProfile.Address.Country"}}`, referral.OutcomeInvalid, referral.Rejected},
			"invalidRequest", 0, "customerProfile.address.country"},
		"a field of a person": {line{400, "", `{"error":{"target":
			"customerProfile/team[1]/phoneNumber"}}`, referral.OutcomeInvalid, referral.Rejected},
			"", 0, "customerProfile.team[1].phoneNumber"},
		"an unknown field": {line{400, "", `{"error":{"target":"wobble"}}`,
			referral.OutcomeInvalid, referral.Rejected}, "", 0, ""},
		"cut off": {line{201, "", `{"id":"4111fffc","engagementId":`,
			referral.OutcomeUnknown, referral.Unknown}, "", 0, ""},
		"far too long": {line{200, "", `{"id":"1","x":"` + strings.Repeat("x", 10<<20) + `"}`,
			referral.OutcomeUnknown, referral.Unknown}, "", 0, ""},
		"a long error": {line{400, "", `{"error":{"message":"` + strings.Repeat("x", 10<<20) + `"}}`,
			referral.OutcomeInvalid, referral.Rejected}, "", 0, ""},
		"nested without end": {line{400, "", strings.Repeat(`{"error":`, 9000) + `{}` +
			strings.Repeat(`}`, 9000), referral.OutcomeInvalid, referral.Rejected}, "", 0, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := tt.check(t)
			if o.Code != tt.code || o.Numeric != tt.numeric || o.Path != tt.path {
				t.Errorf("code %q, number %d, path %q; want %q, %d, %q", o.Code, o.Numeric, o.Path,
					tt.code, tt.numeric, tt.path)
			}
		})
	}
}

// TestNoAnswer tells a request that cannot have arrived from one that may have.
func TestNoAnswer(t *testing.T) {
	for _, sent := range []bool{true, false} {
		e := &partnercenter.Error{Exchange: partnercenter.Exchange{Sent: sent}}
		o, state := jobs.Interpret(e, referral.Send{})
		if want := map[bool]referral.OutcomeKind{true: referral.OutcomeUnknown,
			false: referral.OutcomeUnavailable}[sent]; o.Kind != want {
			t.Errorf("sent %v: %s %s", sent, o.Kind, state)
		}
	}
}

// TestPatience counts the attempts that were answered alike.
func TestPatience(t *testing.T) {
	for status, most := range map[int]int{429: 20, 509: 20, 503: 3} {
		e := &partnercenter.Error{Exchange: partnercenter.Exchange{Status: status, Sent: true},
			RetryAfter: time.Second}
		var send referral.Send
		for n := range most + 1 {
			want := referral.Waiting
			if n == most {
				want = referral.Rejected
			}
			if _, state := jobs.Interpret(e, send); state != want {
				t.Errorf("status %d after %d of its kind: %s", status, n, state)
			}
			a := referral.Attempt{EndedAt: time.Now(), Answer: referral.Answer{Status: status}}
			send.Attempts = append(send.Attempts, a)
		}
	}
}

// TestSecondRefusal asks for a sign-in when a fresh token is refused as well.
func TestSecondRefusal(t *testing.T) {
	e := &partnercenter.Error{Exchange: partnercenter.Exchange{Status: 401, Sent: true}}
	first := referral.Attempt{EndedAt: time.Now(), Answer: referral.Answer{Status: 401}}
	o, state := jobs.Interpret(e, referral.Send{Attempts: []referral.Attempt{first}})
	if o.Kind != referral.OutcomeSignIn || state != referral.NeedsSignIn {
		t.Errorf("%s %s", o.Kind, state)
	}
}

// TestDoubtful names the attempts after which the referral may exist though nobody said so.
func TestDoubtful(t *testing.T) {
	now := time.Now()
	ended := func(status int) referral.Attempt {
		return referral.Attempt{StartedAt: now, SentAt: now, EndedAt: now,
			Answer: referral.Answer{Status: status}}
	}
	if !jobs.Doubtful(referral.Attempt{StartedAt: now}) {
		t.Error("an attempt that did not end is not doubtful")
	}
	if jobs.Doubtful(referral.Attempt{StartedAt: now, EndedAt: now}) {
		t.Error("an attempt that sent nothing is doubtful")
	}
	for _, status := range []int{0, 200, 202, 302, 303, 408, 500, 502, 503, 504, 507, 599} {
		if !jobs.Doubtful(ended(status)) {
			t.Errorf("status %d is not doubtful", status)
		}
	}
	for _, status := range []int{307, 400, 401, 403, 404, 409, 412, 413, 422, 423, 429, 501, 509} {
		if jobs.Doubtful(ended(status)) {
			t.Errorf("status %d is doubtful", status)
		}
	}
}
