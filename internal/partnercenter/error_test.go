package partnercenter_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/partnercenter"
)

// answering returns a client whose every call gets this answer.
func answering(t testing.TB, status int, h http.Header, body string) *partnercenter.Client {
	t.Helper()
	c, err := partnercenter.New("https://api.example", &http.Client{
		Transport: canned(func(r *http.Request) (*http.Response, error) {
			if h == nil {
				h = http.Header{}
			}
			return &http.Response{
				StatusCode: status, Header: h, Request: r,
				Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestErrorShapes(t *testing.T) {
	deep := strings.Repeat(`{"code":"x","innerError":`, 5000) + `{}` + strings.Repeat("}", 5000)
	for name, tc := range map[string]struct {
		status int
		body   string
		want   partnercenter.Error
	}{
		"documented": {400, `{"error":{"code":"invalidRequest","message":"Bad","target":"name"}}`,
			partnercenter.Error{Code: "invalidRequest", Message: "Bad", Target: "name"}},
		"inner error": {400, `{"error":{"code":"generalException","message":"Outer",
			"innerError":{"code":"invalidRequest","target":"customerProfile.address.country",
			"innererror":{"code":"SomethingNew","message":"Inner"}}}}`,
			partnercenter.Error{Code: "invalidRequest", Message: "Outer",
				Target: "customerProfile.address.country"}},
		"only unknown codes": {400, `{"error":{"code":"A1","innererror":{"code":"B2"}}}`,
			partnercenter.Error{Code: "B2"}},
		"other case": {403, `{"Error":{"Code":"ACCESSDENIED","InnerError":null}}`,
			partnercenter.Error{Code: "accessDenied"}},
		"flat": {403, `{"code":900308,"description":"No","data":["x"],"source":"PartnerApi"}`,
			partnercenter.Error{Code: "900308", Numeric: 900308, Message: "No"}},
		"flat, code as text": {401, `{"code":"900421","description":"MFA"}`,
			partnercenter.Error{Code: "900421", Numeric: 900421, Message: "MFA"}},
		"number in the nested shape": {401, `{"error":{"code":"unauthenticated",
			"innerError":{"code":900421}}}`,
			partnercenter.Error{Code: "unauthenticated", Numeric: 900421}},
		"number outside": {401, `{"error":{"code":"900421","innerError":{"code":"401"}}}`,
			partnercenter.Error{Code: "401", Numeric: 900421}},
		"details": {400, `{"error":{"code":"invalidRequest","details":[{"code":"q","target":"a.b"}]}}`,
			partnercenter.Error{Code: "invalidRequest", Target: "a.b"}},
		"rate limit": {429, `{"statusCode":429,"message":"Rate limit is exceeded."}`,
			partnercenter.Error{Message: "Rate limit is exceeded."}},
		"oauth": {401, `{"error":"invalid_token","error_description":"Expired"}`,
			partnercenter.Error{Code: "invalid_token", Message: "Expired"}},
		"byte order mark":  {400, "\ufeff" + `{"code":"x1"}`, partnercenter.Error{Code: "x1"}},
		"prose for a code": {400, `{"code":"Bearer abc is bad"}`, partnercenter.Error{}},
		"html":             {502, `<html><h1>Bad gateway</h1></html>`, partnercenter.Error{}},
		"empty":            {503, ``, partnercenter.Error{}},
		"broken":           {500, `{"error":{"code":"inv`, partnercenter.Error{}},
		"text":             {500, `"no"`, partnercenter.Error{}},
		"null":             {500, `null`, partnercenter.Error{}},
		"list":             {500, `[{"code":"itemNotFound"}]`, partnercenter.Error{Code: "itemNotFound"}},
		"too deep":         {500, deep, partnercenter.Error{Code: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{"Content-Type": {"text/odd"}, "Request-Id": {"s-1"}}
			_, err := answering(t, tc.status, h, tc.body).Create(t.Context(), testCall, []byte(`{}`))
			got := failure(t, err)
			ignored := cmpopts.IgnoreFields(partnercenter.Error{}, "Exchange", "Op", "Err")
			if diff := cmp.Diff(&tc.want, got, ignored); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got.Status != tc.status || got.RequestID != "s-1" || got.ContentType != "text/odd" {
				t.Errorf("exchange is %+v", got.Exchange)
			}
			if string(got.Raw) != tc.body || !got.Sent {
				t.Errorf("raw or sent was lost")
			}
		})
	}
}

func TestUnusableSuccessIsAnErrorWithItsStatus(t *testing.T) {
	for name, body := range map[string]string{
		"html": "<html></html>", "empty": "", "broken": `{"id":"r-1"`, "list": "[]",
		"no id": `{"name":"x"}`, "endless id": `{"id":"` + strings.Repeat("x", 257) + `"}`,
		"too long": `{"id":"r-1","x":"` + strings.Repeat("x", 2<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, 200, nil, body).Create(t.Context(), testCall, []byte(`{}`))
			e := failure(t, err)
			if e.Status != 200 || !e.Sent || e.Err == nil {
				t.Errorf("status %d, sent %v, cause %v", e.Status, e.Sent, e.Err)
			}
			if long := len(body) > 1<<20; e.Truncated != long || len(e.Raw) > 1<<20 {
				t.Errorf("truncated %v with %d bytes kept", e.Truncated, len(e.Raw))
			}
		})
	}
}

func TestErrorTextHoldsNothingPrivate(t *testing.T) {
	body := `{"error":{"code":"invalidRequest","message":"sue.smith@contoso.com secret-token",` +
		`"target":"sue.smith@contoso.com"}}`
	q := partnercenter.Query{Filter: partnercenter.TeamEmail("sue.smith@contoso.com")}
	_, refused := answering(t, 400, nil, body).List(t.Context(), testCall, q)
	_, dead := newClient(t, "http://127.0.0.1:1", nil).List(t.Context(), testCall, q)
	for _, err := range []error{refused, dead} {
		for _, private := range []string{"contoso", "secret"} {
			if strings.Contains(err.Error(), private) {
				t.Errorf("error text %q holds %q", err, private)
			}
		}
	}
	if got, want := refused.Error(), "list referrals: status 400: invalidRequest"; got != want {
		t.Errorf("error reads %q, want %q", got, want)
	}
}

func TestRetryAfter(t *testing.T) {
	date := "Tue, 03 Mar 2026 10:00:00 GMT"
	for value, want := range map[string]time.Duration{
		"57": 57 * time.Second, "0": 0, "": 0, "-5": 0, "soon": 0, "1.5": 1500 * time.Millisecond,
		"Tue, 03 Mar 2026 10:02:00 GMT": 2 * time.Minute,
		"Tue, 03 Mar 2026 09:00:00 GMT": 0,
		"99999999999999999999":          24 * time.Hour,
		"Tue, 03 Mar 2037 10:02:00 GMT": 24 * time.Hour,
	} {
		h := http.Header{"Retry-After": {value}, "Date": {date}}
		_, err := answering(t, 429, h, "").Referral(t.Context(), testCall, "r-1")
		if got := failure(t, err).RetryAfter; got != want {
			t.Errorf("Retry-After %q is %v, want %v", value, got, want)
		}
	}
}

func TestClaimsChallenge(t *testing.T) {
	const json = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"x":{"v":"??>>~~~ÿ"}}}`
	std := base64.StdEncoding.EncodeToString([]byte(json))
	raw := base64.RawStdEncoding.EncodeToString([]byte(json))
	urls := base64.URLEncoding.EncodeToString([]byte(json))
	rawURL := base64.RawURLEncoding.EncodeToString([]byte(json))
	if std == urls || std == raw {
		t.Fatal("the fixture does not tell the encodings apart")
	}
	for name, tc := range map[string]struct {
		status  int
		headers []string
		want    string
	}{
		"usual": {401, []string{`Bearer realm="", error="insufficient_claims", claims="` + std + `"`}, json},
		"claims first": {401, []string{
			`Bearer claims="` + raw + `", realm="a, b", error="insufficient_claims"`}, json},
		"403": {403, []string{`Bearer error="insufficient_claims", claims="` + urls + `"`}, json},
		"unquoted": {401, []string{
			`bearer error=insufficient_claims,claims=` + rawURL}, json},
		"other case": {401, []string{`BEARER Error="insufficient_claims", Claims="` + std + `"`}, json},
		"second header": {401, []string{`Negotiate`, `Bearer error="invalid_token"`,
			`Bearer error="insufficient_claims", claims="` + std + `"`}, json},
		"second challenge in a header": {401, []string{`Basic realm="x \" claims=", ` +
			`Bearer scope="a", error="insufficient_claims", claims="` + std + `"`}, json},
		"spaces around equals": {401, []string{
			`Bearer error = "insufficient_claims" , claims = "` + std + `"`}, json},
		"plain JSON": {401, []string{`Bearer error="insufficient_claims", claims="` +
			strings.ReplaceAll(json, `"`, `\"`) + `"`}, json},
		"too long": {401, []string{`Bearer error="insufficient_claims", claims="` +
			base64.StdEncoding.EncodeToString([]byte(`{"x":"`+strings.Repeat("x", 8<<10)+`"}`)) + `"`}, ""},
		"no object":     {401, []string{`Bearer error="insufficient_claims", claims="bnVsbA=="`}, ""},
		"another error": {401, []string{`Bearer error="invalid_token", claims="` + std + `"`}, ""},
		"another scheme": {401, []string{
			`PoP error="insufficient_claims", claims="` + std + `"`}, ""},
		"not base64":     {401, []string{`Bearer error="insufficient_claims", claims="%%"`}, ""},
		"not json":       {401, []string{`Bearer error="insufficient_claims", claims="YWJj"`}, ""},
		"other status":   {400, []string{`Bearer error="insufficient_claims", claims="` + std + `"`}, ""},
		"nonsense":       {401, []string{`="`, `Bearer "`, `,,,`, `Bearer error="insuff`}, ""},
		"nothing at all": {401, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{"Www-Authenticate": tc.headers}
			_, err := answering(t, tc.status, h, "").Referral(t.Context(), testCall, "r-1")
			if diff := cmp.Diff(tc.want, failure(t, err).Claims); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzError(f *testing.F) {
	f.Add(401, `{"error":{"code":"unauthenticated","innerError":{"code":900421}}}`,
		`Bearer error="insufficient_claims", claims="e30="`, "57")
	f.Add(400, `{"code":900308,"description":"x","data":[{}]}`, `Bearer a=b, c="d\"`, "")
	f.Add(502, `<html>`, `,=`, "Tue, 03 Mar 2026 10:02:00 GMT")
	f.Fuzz(func(t *testing.T, status int, body, challenge, retry string) {
		if status < 300 || status > 599 {
			return
		}
		h := http.Header{"Www-Authenticate": {challenge}, "Retry-After": {retry}}
		_, err := answering(t, status, h, body).Create(t.Context(), testCall, []byte(`{}`))
		e := failure(t, err)
		if e.Status != status || !e.Sent || string(e.Raw) != body {
			t.Errorf("exchange is %+v", e.Exchange)
		}
		if e.RetryAfter < 0 || e.RetryAfter > 24*time.Hour || len(e.Error()) > 200 {
			t.Errorf("retry after %v, text %q", e.RetryAfter, e)
		}
	})
}
