package practice_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"tandem/internal/practice"
)

// signIn drives the provider as the program and a browser do.
type signIn struct {
	*practice.Practice
	ctx      context.Context
	clock    *clock
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	pkce     string
}

func newSignIn(t *testing.T) *signIn {
	t.Helper()
	c := newClock()
	p := newPractice(t, c.Now)
	ctx := oidc.ClientContext(t.Context(), &http.Client{Transport: p.Transport()})
	provider, err := oidc.NewProvider(ctx, p.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return &signIn{
		Practice: p, ctx: ctx, clock: c, pkce: oauth2.GenerateVerifier(),
		oauth: oauth2.Config{
			ClientID: p.ClientID(), ClientSecret: p.ClientSecret(), Endpoint: endpoint,
			RedirectURL: baseURL + "/auth/callback",
			Scopes:      []string{"openid", "profile", "email", "offline_access"},
		},
		verifier: provider.Verifier(&oidc.Config{ClientID: p.ClientID(), Now: c.Now}),
	}
}

func (s *signIn) authURL(opts ...oauth2.AuthCodeOption) string {
	opts = append([]oauth2.AuthCodeOption{
		oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(s.pkce),
	}, opts...)
	return s.oauth.AuthCodeURL("state-1", opts...)
}

func (s *signIn) do(t *testing.T, method, target string, form url.Values) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

// choose opens the sign-in page, presses the button that carries value, and
// returns where the browser is sent.
func (s *signIn) choose(t *testing.T, authURL, value string) *url.URL {
	t.Helper()
	doc := parse(t, s.do(t, "GET", authURL, nil))
	form := url.Values{}
	doc.Find("form input").Each(func(_ int, in *goquery.Selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	button := doc.Find(`form button[name=person][value="` + value + `"]`)
	if button.Length() != 1 {
		t.Fatalf("%d buttons for %q", button.Length(), value)
	}
	form.Set("person", value)
	res := s.do(t, "POST", doc.Find("form").AttrOr("action", ""), form)
	to, err := res.Location()
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("after the choice: %s, %v", res.Status, err)
	}
	return to
}

func (s *signIn) code(t *testing.T, email string, opts ...oauth2.AuthCodeOption) string {
	t.Helper()
	return s.choose(t, s.authURL(opts...), email).Query().Get("code")
}

func (s *signIn) exchange(code, verifier string) (*oauth2.Token, error) {
	return s.oauth.Exchange(s.ctx, code, oauth2.VerifierOption(verifier))
}

func parse(t *testing.T, res *http.Response) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSignInEndToEnd(t *testing.T) {
	s := newSignIn(t)
	back := s.choose(t, s.authURL(), mei)
	if got := back.Scheme + "://" + back.Host + back.Path; got != s.oauth.RedirectURL {
		t.Errorf("sent back to %s", got)
	}
	if back.Query().Get("state") != "state-1" {
		t.Errorf("state is %q", back.Query().Get("state"))
	}
	token, err := s.exchange(back.Query().Get("code"), s.pkce)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := s.verifier.Verify(s.ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		TID, OID, Sub, Nonce, Name, Email string
		Given                             string `json:"given_name"`
		Family                            string `json:"family_name"`
		Username                          string `json:"preferred_username"`
		Roles                             []string
	}
	if err := id.Claims(&got); err != nil {
		t.Fatal(err)
	}
	if got.TID == "" || got.OID == "" || got.Sub == "" || got.Sub == got.OID {
		t.Errorf("tid %q, oid %q, sub %q", got.TID, got.OID, got.Sub)
	}
	want := []string{"nonce-1", "Mei Lin", "Mei", "Lin", mei, mei}
	is := []string{got.Nonce, got.Name, got.Given, got.Family, got.Email, got.Username}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{practice.AdminRole}, got.Roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if token.ExpiresIn != 3600 || token.RefreshToken == "" {
		t.Errorf("expires in %d, refresh token %q", token.ExpiresIn, token.RefreshToken)
	}
}

func TestPeopleAreTheSameInEveryRun(t *testing.T) {
	seen := map[string]string{}
	for range 2 {
		s := newSignIn(t)
		token, err := s.exchange(s.code(t, priya), s.pkce)
		if err != nil {
			t.Fatal(err)
		}
		id, err := s.verifier.Verify(s.ctx, token.Extra("id_token").(string))
		if err != nil {
			t.Fatal(err)
		}
		var claims struct{ TID, OID string }
		if err := id.Claims(&claims); err != nil {
			t.Fatal(err)
		}
		if was := seen[priya]; was != "" && was != id.Subject+claims.TID+claims.OID {
			t.Error("a second run knows another Priya")
		}
		seen[priya] = id.Subject + claims.TID + claims.OID
	}
}

func TestCodesAreGoodOnceAndForAMinute(t *testing.T) {
	s := newSignIn(t)
	for name, tc := range map[string]struct {
		before func(code string)
		pkce   string
		ok     bool
	}{
		"in time":        {func(string) { s.clock.Add(59 * time.Second) }, s.pkce, true},
		"late":           {func(string) { s.clock.Add(time.Minute) }, s.pkce, false},
		"wrong verifier": {func(string) {}, oauth2.GenerateVerifier(), false},
		"used":           {func(code string) { s.exchange(code, s.pkce) }, s.pkce, false},
		"tried with a wrong verifier": {
			func(code string) { s.exchange(code, oauth2.GenerateVerifier()) }, s.pkce, false},
	} {
		t.Run(name, func(t *testing.T) {
			code := s.code(t, priya)
			tc.before(code)
			if _, err := s.exchange(code, tc.pkce); (err == nil) != tc.ok {
				t.Errorf("exchange: %v, want success %v", err, tc.ok)
			}
		})
	}
}

func TestTokenRequestsAreRefused(t *testing.T) {
	s := newSignIn(t)
	for name, tc := range map[string]struct {
		name, value, want string
		status            int
	}{
		"wrong secret":   {"client_secret", "guess", "invalid_client", 401},
		"no secret":      {"client_secret", "", "invalid_client", 401},
		"other client":   {"client_id", "other", "invalid_client", 401},
		"other redirect": {"redirect_uri", baseURL + "/else", "invalid_grant", 400},
		"other grant":    {"grant_type", "password", "unsupported_grant_type", 400},
		"no such code":   {"code", "guess", "invalid_grant", 400},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{
				"grant_type": {"authorization_code"}, "code": {s.code(t, priya)},
				"client_id": {s.ClientID()}, "client_secret": {s.ClientSecret()},
				"redirect_uri": {s.oauth.RedirectURL}, "code_verifier": {s.pkce},
			}
			form.Set(tc.name, tc.value)
			res := s.do(t, "POST", "/practice/idp/token", form)
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != tc.status || decode(t, body)["error"] != tc.want {
				t.Errorf("answered %s: %s", res.Status, body)
			}
		})
	}
}

func TestRefreshTokensRoll(t *testing.T) {
	s := newSignIn(t)
	first, err := s.exchange(s.code(t, priya), s.pkce)
	if err != nil {
		t.Fatal(err)
	}
	stale := func(refresh string) *oauth2.Token {
		return &oauth2.Token{RefreshToken: refresh, Expiry: time.Unix(1, 0)}
	}
	second, err := s.oauth.TokenSource(s.ctx, stale(first.RefreshToken)).Token()
	if err != nil {
		t.Fatal(err)
	}
	if second.RefreshToken == first.RefreshToken || second.AccessToken == first.AccessToken {
		t.Error("the tokens did not change")
	}
	if _, err := s.oauth.TokenSource(s.ctx, stale(first.RefreshToken)).Token(); err == nil {
		t.Error("a refresh token was good twice")
	}
	s.ExpireAccessTokens()
	if second, err = s.oauth.TokenSource(s.ctx, stale(second.RefreshToken)).Token(); err != nil {
		t.Errorf("refresh after the access tokens expired: %v", err)
	}
	s.SignEveryoneOut()
	if _, err := s.oauth.TokenSource(s.ctx, stale(second.RefreshToken)).Token(); err == nil {
		t.Error("a refresh token outlived the end of all sign-ins")
	}
}

func TestOddAuthorizeRequests(t *testing.T) {
	s := newSignIn(t)
	param := oauth2.SetAuthURLParam
	for name, tc := range map[string]struct {
		opt  oauth2.AuthCodeOption
		want string
	}{
		"other redirect":  {param("redirect_uri", "https://evil.example/"), ""},
		"longer redirect": {param("redirect_uri", baseURL+"/auth/callback/x"), ""},
		"other client":    {param("client_id", "other"), ""},
		"implicit":        {param("response_type", "token"), "unsupported_response_type"},
		"no openid":       {param("scope", "profile"), "invalid_scope"},
		"no pkce":         {param("code_challenge", ""), "invalid_request"},
		"plain pkce":      {param("code_challenge_method", "plain"), "invalid_request"},
		"form post":       {param("response_mode", "form_post"), "invalid_request"},
		"broken claims":   {param("claims", "{"), "invalid_request"},
		"silent":          {param("prompt", "none"), "login_required"},
	} {
		t.Run(name, func(t *testing.T) {
			authURL := s.authURL(tc.opt)
			res := s.do(t, "GET", authURL, nil)
			form, _ := url.ParseQuery(strings.SplitN(authURL, "?", 2)[1])
			form.Set("person", priya)
			posted := s.do(t, "POST", "/practice/idp/authorize", form)
			for _, res := range []*http.Response{res, posted} {
				to, _ := res.Location()
				if tc.want == "" {
					if to != nil || res.StatusCode != 400 {
						t.Errorf("answered %s to %v, want a page", res.Status, to)
					}
					continue
				}
				if to == nil || to.Query().Get("error") != tc.want ||
					to.Query().Get("state") != "state-1" || to.Query().Has("code") {
					t.Errorf("answered %s to %v, want error %s", res.Status, to, tc.want)
				}
			}
		})
	}
}

func TestCancelledSignIn(t *testing.T) {
	s := newSignIn(t)
	to := s.choose(t, s.authURL(), "")
	if got := to.Query().Get("error"); got != "access_denied" {
		t.Errorf("error is %q", got)
	}
}

func TestSignInPage(t *testing.T) {
	s := newSignIn(t)
	hint := oauth2.SetAuthURLParam("login_hint", "Daniel.Okafor@northbridge.example")
	doc := parse(t, s.do(t, "GET", s.authURL(hint), nil))
	if got := doc.Find("title").Text(); got != "Practice sign-in" {
		t.Errorf("title is %q", got)
	}
	checkPage(t, doc)
	var names []string
	doc.Find("h2").Each(func(_ int, h *goquery.Selection) { names = append(names, h.Text()) })
	want := []string{"Daniel Okafor", "Priya Raman", "Mei Lin", "Sam Carter"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if doc.Find(".app-note").Length() != 0 {
		t.Error("a plain sign-in speaks of a second step")
	}
	for _, param := range []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("claims", `{"access_token":{}}`),
		oauth2.SetAuthURLParam("prompt", "login"),
	} {
		if parse(t, s.do(t, "GET", s.authURL(param), nil)).Find(".app-note").Length() != 1 {
			t.Error("a step-up sign-in does not say so")
		}
	}
}

// checkPage holds what every page must be: no script, no inline style, one h1,
// a language, a label for every control.
func checkPage(t *testing.T, doc *goquery.Document) {
	t.Helper()
	for selector, want := range map[string]int{
		"script": 0, "style": 0, "[style]": 0, "h1": 1, "main": 1, `html[lang="en"]`: 1,
		`link[rel=stylesheet][href="/static/app.css"]`: 1, "header": 1,
	} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%d of %s, want %d", got, selector, want)
		}
	}
	doc.Find("input:not([type=hidden]), select").Each(func(_ int, in *goquery.Selection) {
		if id := in.AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
			t.Errorf("control %q has no label", id)
		}
	})
	doc.Find("button").Each(func(_ int, b *goquery.Selection) {
		if !b.HasClass("ds-button") || b.AttrOr("type", "") != "submit" {
			t.Errorf("button %q is no submit button of ours", b.Text())
		}
	})
}

func TestEndSessionSendsOnlyHome(t *testing.T) {
	s := newSignIn(t)
	for target, home := range map[string]bool{
		baseURL + "/":              true,
		baseURL + "/signed-out":    true,
		"":                         false,
		"https://evil.example/":    false,
		"http://localhost:80801/":  false,
		"http://x@localhost:8080/": false,
		"//evil.example":           false,
		"javascript:alert(1)":      false,
	} {
		q := url.Values{"post_logout_redirect_uri": {target}, "state": {"s"}}
		res := s.do(t, "GET", "/practice/idp/end-session?"+q.Encode(), nil)
		to, _ := res.Location()
		if home && (to == nil || to.String() != target+"?state=s") {
			t.Errorf("%q sends to %v", target, to)
		}
		if !home && (to != nil || res.StatusCode != 200) {
			t.Errorf("%q sends to %v with %s", target, to, res.Status)
		}
	}
}
