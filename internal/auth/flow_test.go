package auth_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
)

func TestBeginAsksForEverything(t *testing.T) {
	idp := newIDP(t, single)
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	config := idp.config()
	config.Now = func() time.Time { return now }
	config.Rand = strings.NewReader(strings.Repeat("a", 32) + strings.Repeat("b", 32) +
		strings.Repeat("c", 32))
	claims := `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`
	to, flow, err := auth.New(config).Begin(t.Context(), auth.Request{
		ReturnTo: "/sends/7", Claims: claims, LoginHint: "priya@x.example", Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"client_id": {"client"}, "redirect_uri": {callback}, "response_type": {"code"},
		"response_mode": {"query"}, "scope": {"openid offline_access"}, "claims": {claims},
		"login_hint": {"priya@x.example"}, "prompt": {"login"}, "state": {flow.State}, "nonce": {flow.Nonce},
		"code_challenge": u.Query()["code_challenge"], "code_challenge_method": {"S256"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if flow.ReturnTo != "/sends/7" || !flow.Started.Equal(now) {
		t.Errorf("flow %+v", flow)
	}
	values := map[string]bool{flow.State: true, flow.Nonce: true, flow.Verifier: true}
	if len(values) != 3 || len(flow.State) != 43 || strings.Contains(to, flow.Verifier) {
		t.Errorf("random values %v in %s", values, to)
	}
	if _, _, err := auth.New(config).Begin(t.Context(), auth.Request{}); err == nil {
		t.Error("a sign-in began without randomness")
	}
}

func TestFinishRefusesAnotherAnswer(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	for name, tt := range map[string]struct {
		change func(*auth.Flow, url.Values)
		want   error
	}{
		"another state": {func(f *auth.Flow, _ url.Values) { f.State = "x" }, auth.ErrState},
		"no state":      {func(_ *auth.Flow, q url.Values) { q.Del("state") }, auth.ErrState},
		"no state at all": {func(f *auth.Flow, q url.Values) {
			f.State = ""
			q.Del("state")
		}, auth.ErrState},
		"no code":       {func(_ *auth.Flow, q url.Values) { q.Del("code") }, auth.ErrState},
		"another nonce": {func(f *auth.Flow, _ url.Values) { f.Nonce = "x" }, auth.ErrIDToken},
		"no nonce":      {func(f *auth.Flow, _ url.Values) { f.Nonce = "" }, auth.ErrIDToken},
		"denied": {func(_ *auth.Flow, q url.Values) { q.Set("error", "access_denied") },
			auth.ErrDenied},
		"denied in another flow": {func(_ *auth.Flow, q url.Values) {
			q.Set("error", "access_denied")
			q.Set("state", "x")
		}, auth.ErrState},
		"busy": {func(_ *auth.Flow, q url.Values) { q.Set("error", "temporarily_unavailable") },
			auth.ErrUnavailable},
	} {
		who, token, err := signIn(t, p, tt.change)
		if !errors.Is(err, tt.want) || who.Key != "" || token.Access != "" {
			t.Errorf("%s: got %+v, %v", name, who, err)
		}
	}
}

func TestFinishProviderErrors(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	for name, tt := range map[string]struct {
		change func(*auth.Flow, url.Values)
		want   auth.ProviderError
	}{
		"another verifier": {func(f *auth.Flow, _ url.Values) { f.Verifier = strings.Repeat("x", 43) },
			auth.ProviderError{Code: "invalid_grant", Number: "AADSTS54005", Status: 400}},
		"another code": {func(_ *auth.Flow, q url.Values) { q.Set("code", "x") },
			auth.ProviderError{Code: "invalid_grant", Number: "AADSTS54005", Status: 400}},
		"not assigned": {func(_ *auth.Flow, q url.Values) {
			q.Set("error", "interaction_required")
			q.Set("error_description", "AADSTS50105: priya@contoso.example is not assigned.")
		}, auth.ProviderError{Code: "interaction_required", Number: "AADSTS50105"}},
		"a code that is none": {func(_ *auth.Flow, q url.Values) {
			q.Set("error", "<b>call priya@contoso.example</b>")
			q.Set("error_description", "AADSTS: call now")
		}, auth.ProviderError{Code: "unknown"}},
		"a code without end": {func(_ *auth.Flow, q url.Values) {
			q.Set("error", strings.Repeat("call_priya_", 100))
		}, auth.ProviderError{Code: "unknown"}},
	} {
		_, _, err := signIn(t, p, tt.change)
		var got *auth.ProviderError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if strings.Contains(err.Error(), "priya") {
			t.Errorf("%s: %q names the person", name, err)
		}
	}
}

func TestCodeIsGoodOnceAndPostedOnce(t *testing.T) {
	idp := newIDP(t, single)
	p := idp.provider()
	var flow auth.Flow
	var query url.Values
	_, _, err := signIn(t, p, func(f *auth.Flow, q url.Values) { flow, query = *f, q })
	if err != nil {
		t.Fatal(err)
	}
	var refused *auth.ProviderError
	if _, _, err := p.Finish(t.Context(), flow, query); !errors.As(err, &refused) {
		t.Errorf("the code was good twice: %v", err)
	}
	if n := idp.called("token"); n != 2 {
		t.Errorf("2 exchanges made %d calls", n)
	}
}
