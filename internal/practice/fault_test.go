package practice_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

// met is what the program meets when a fault strikes a create.
type met struct {
	status  int
	code    string
	numeric int
	target  string
	stored  bool
	check   func(*partnercenter.Error) bool
}

func outcomes() map[practice.Kind]met {
	retry := func(e *partnercenter.Error) bool { return e.RetryAfter == 10*time.Second }
	html := func(e *partnercenter.Error) bool { return e.ContentType == "text/html" }
	return map[practice.Kind]met{
		practice.Invalid: {status: 400, code: "invalidRequest"},
		practice.InvalidField: {status: 400, code: "invalidRequest",
			target: "customerProfile.address.country"},
		practice.InvalidNumeric: {status: 400, code: "800002", numeric: 800002},
		practice.Token:          {status: 401, code: "unauthenticated"},
		practice.NoMFA:          {status: 401, code: "900421", numeric: 900421},
		practice.ClaimsChallenge: {status: 401, code: "unauthenticated",
			check: func(e *partnercenter.Error) bool { return e.Claims == stepUp }},
		practice.Forbidden:      {status: 403, code: "accessDenied"},
		practice.NotFound:       {status: 404, code: "itemNotFound"},
		practice.Conflict:       {status: 409, code: "resourceModified"},
		practice.Stale:          {status: 412, code: "preconditionFailed"},
		practice.TooLarge:       {status: 413, code: "invalidRequest"},
		practice.Locked:         {status: 423, code: "generalException"},
		practice.RateLimit:      {status: 429, check: retry},
		practice.RateLimitDate:  {status: 429, check: retry},
		practice.ServerError:    {status: 500, code: "generalException"},
		practice.BadGateway:     {status: 502, check: html},
		practice.Unavailable:    {status: 503, code: "serviceNotAvailable"},
		practice.GatewayTimeout: {status: 504},
		practice.LostRequest:    {},
		practice.LostAnswer:     {stored: true},
		practice.NoAnswer: {stored: true, check: func(e *partnercenter.Error) bool {
			return errors.Is(e, context.DeadlineExceeded)
		}},
		practice.HTML:       {status: 200, stored: true, check: html},
		practice.Empty:      {status: 200, stored: true},
		practice.BrokenJSON: {status: 201, stored: true},
		practice.Huge: {status: 201, stored: true,
			check: func(e *partnercenter.Error) bool { return e.Truncated && len(e.Raw) == 1<<20 }},
	}
}

const stepUp = `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`

func TestEveryFault(t *testing.T) {
	all := outcomes()
	for _, info := range practice.Faults() {
		want, ok := all[info.Kind]
		if !ok && info.Kind != practice.Slow {
			t.Errorf("%s is not tested", info.Kind)
		}
		if info.Name == "" || info.Effect == "" {
			t.Errorf("%s is not described", info.Kind)
		}
		if !ok {
			continue
		}
		t.Run(string(info.Kind), func(t *testing.T) {
			a := newAPI(t)
			call := a.as(t, priya)
			if err := a.sim.Fail(practice.Fault{Kind: info.Kind, Method: "POST"}); err != nil {
				t.Fatal(err)
			}
			if _, err := a.client.List(t.Context(), call, partnercenter.Query{}); err != nil {
				t.Errorf("the fault struck a look-up: %v", err)
			}
			patience := 5 * time.Second
			if info.Kind == practice.NoAnswer {
				patience = 200 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := a.client.Create(ctx, call, encode(t, sample(t)))
			e := failure(t, err)
			if e.Status != want.status || e.Code != want.code || e.Numeric != want.numeric ||
				e.Target != want.target || !e.Sent {
				t.Errorf("status %d, code %q, number %d, target %q, sent %v", e.Status, e.Code,
					e.Numeric, e.Target, e.Sent)
			}
			if want.check != nil && !want.check(e) {
				t.Errorf("error is %+v", e)
			}
			if stored := a.sim.Count() == 1; stored != want.stored || stored != info.Stores {
				t.Errorf("stored %v, want %v, described as %v", stored, want.stored, info.Stores)
			}
			if len(a.sim.Queued()) != 0 {
				t.Error("the fault is still queued")
			}
		})
	}
}

func TestSlowIsAnsweredInTheEnd(t *testing.T) {
	a := newAPI(t)
	delay := 60 * time.Millisecond
	if err := a.sim.Fail(practice.Fault{Kind: practice.Slow, Delay: delay}); err != nil {
		t.Fatal(err)
	}
	got := a.create(t, a.as(t, priya), sample(t))
	if took := got.Answered.Sub(got.Started); took < delay {
		t.Errorf("it took %v", took)
	}
}

func TestFaultsStrikeByMethodAndCount(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	for _, f := range []practice.Fault{
		{Kind: practice.ServerError, Method: "POST", Count: 2},
		{Kind: practice.Unavailable, Method: "POST", RetryAfter: 3 * time.Second},
		{Kind: practice.NotFound, Method: "GET"},
		{Kind: practice.InvalidField, Target: "details.currency"},
	} {
		if err := a.sim.Fail(f); err != nil {
			t.Fatal(err)
		}
	}
	post := func() error {
		_, err := a.client.Create(t.Context(), call, encode(t, sample(t)))
		return err
	}
	get := func() error {
		_, err := a.client.List(t.Context(), call, partnercenter.Query{})
		return err
	}
	for i, step := range []struct {
		do   func() error
		want int
	}{
		{post, 500}, {get, 404}, {post, 500}, {post, 503}, {get, 400}, {post, 0}, {get, 0},
	} {
		err := step.do()
		if got := statusOrZero(err); got != step.want {
			t.Errorf("step %d: %v, want status %d", i, err, step.want)
		}
		if step.want == 503 && failure(t, err).RetryAfter != 3*time.Second {
			t.Errorf("retry after %v", failure(t, err).RetryAfter)
		}
		if step.want == 400 && failure(t, err).Target != "details.currency" {
			t.Errorf("target %q", failure(t, err).Target)
		}
	}
}

func statusOrZero(err error) int {
	var e *partnercenter.Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

func TestFailRefusesWhatItDoesNotKnow(t *testing.T) {
	a := newAPI(t)
	for _, f := range []practice.Fault{{}, {Kind: "x"}, {Kind: practice.Slow, Method: "DELETE"}} {
		if err := a.sim.Fail(f); err == nil {
			t.Errorf("%+v was accepted", f)
		}
	}
}

func TestOnlyANewSignInMeetsADemand(t *testing.T) {
	for name, tc := range map[string]struct {
		kind   practice.Kind
		claims string
		ok     bool
	}{
		"second step":          {practice.NoMFA, "", true},
		"claims, same":         {practice.ClaimsChallenge, stepUp, true},
		"claims, with others":  {practice.ClaimsChallenge, withOthers, true},
		"claims, none":         {practice.ClaimsChallenge, "", false},
		"claims, other ones":   {practice.ClaimsChallenge, `{"id_token":{}}`, false},
		"claims, other values": {practice.ClaimsChallenge, otherValue, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			before, other := a.as(t, priya), a.as(t, daniel)
			if err := a.sim.Fail(practice.Fault{Kind: tc.kind}); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				_, err := a.client.List(t.Context(), before, partnercenter.Query{})
				if err == nil || status(t, err) != 401 {
					t.Fatalf("before the new sign-in: %v", err)
				}
			}
			if _, err := a.client.List(t.Context(), other, partnercenter.Query{}); err != nil {
				t.Errorf("somebody else is kept out: %v", err)
			}
			token, err := a.SignIn(priya, tc.claims)
			if err != nil {
				t.Fatal(err)
			}
			after := partnercenter.Call{Token: token}
			if _, err = a.client.List(t.Context(), after, partnercenter.Query{}); (err == nil) != tc.ok {
				t.Errorf("after the new sign-in: %v, want success %v", err, tc.ok)
			}
			a.sim.ClearFaults()
			if _, err = a.client.List(t.Context(), before, partnercenter.Query{}); err != nil {
				t.Errorf("after clearing: %v", err)
			}
		})
	}
}

const (
	withOthers = `{"id_token":{},"access_token":{"acrs":{"value":"c1","essential":true},"x":1}}`
	otherValue = `{"access_token":{"acrs":{"essential":true,"value":"c2"}}}`
)

func TestARefreshedTokenDoesNotMeetADemand(t *testing.T) {
	s := newSignIn(t)
	token, err := s.exchange(s.code(t, priya), s.pkce)
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, s.Practice)
	if err := a.sim.Fail(practice.Fault{Kind: practice.NoMFA}); err != nil {
		t.Fatal(err)
	}
	list := func(access string) error {
		call := partnercenter.Call{Token: access}
		_, err := a.client.List(t.Context(), call, partnercenter.Query{})
		return err
	}
	if err := list(token.AccessToken); status(t, err) != 401 {
		t.Fatalf("the fault gives %v", err)
	}
	token.Expiry = time.Unix(1, 0)
	fresh, err := s.oauth.TokenSource(s.ctx, token).Token()
	if err != nil {
		t.Fatal(err)
	}
	if err := list(fresh.AccessToken); err == nil || failure(t, err).Numeric != 900421 {
		t.Errorf("a refreshed token gives %v", err)
	}
	remembered, err := s.exchange(s.code(t, priya), s.pkce)
	if err != nil {
		t.Fatal(err)
	}
	if err := list(remembered.AccessToken); err == nil {
		t.Error("a sign-in of somebody who is remembered is enough")
	}
	again, err := s.exchange(s.code(t, priya, oauth2.SetAuthURLParam("prompt", "login")), s.pkce)
	if err != nil {
		t.Fatal(err)
	}
	if err := list(again.AccessToken); err != nil {
		t.Errorf("a new sign-in gives %v", err)
	}
}
