package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/auth"
)

const claimsJSON = `{"access_token":{"capolids":{"essential":true,"values":["p1"]}}}`

// tokens keeps tokens in memory and remembers what happened.
type tokens struct {
	mu    sync.Mutex
	kept  map[string]auth.Token
	saves int
	err   error
}

func (k *tokens) Token(_ context.Context, userID string) (auth.Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.kept[userID]
	if !ok {
		return auth.Token{}, auth.ErrNoToken
	}
	return t, nil
}

func (k *tokens) SaveToken(ctx context.Context, userID string, t auth.Token) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil || ctx.Err() != nil {
		return errors.Join(k.err, ctx.Err())
	}
	k.saves++
	k.kept[userID] = t
	return nil
}

func (k *tokens) DeleteToken(_ context.Context, userID string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, userID)
	return nil
}

// source returns a source with one token of priya's that lasts for so long.
func source(t *testing.T, p *entra, lasts time.Duration) (*auth.Source, *tokens) {
	t.Helper()
	p.refresh["first"] = true
	kept := &tokens{kept: map[string]auth.Token{"priya": {
		Access: "old", Refresh: "first", IDToken: "id", Expiry: time.Now().Add(lasts),
	}}}
	return auth.NewSource(p.provider(), kept, nil), kept
}

func TestAccessTokenStaysWhileItLasts(t *testing.T) {
	idp := newIDP(t, single)
	for _, lasts := range []time.Duration{6 * time.Minute, time.Hour} {
		s, _ := source(t, idp, lasts)
		if got, err := s.AccessToken(t.Context(), "priya"); got != "old" || err != nil {
			t.Errorf("%s: got %q, %v", lasts, got, err)
		}
	}
	if n := idp.called("token"); n != 0 {
		t.Errorf("%d calls for a good token", n)
	}
}

// TestRefreshedTokenIsKept stores a refreshed token in a database that is away for a moment: the
// provider takes a refresh token once.
func TestRefreshedTokenIsKept(t *testing.T) {
	idp := newIDP(t, single)
	s, kept := source(t, idp, time.Minute)
	kept.err = errors.New("away")
	time.AfterFunc(300*time.Millisecond, func() {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.err = nil
	})
	got, err := s.Renew(t.Context(), "priya", "old")
	if err != nil || kept.kept["priya"].Access != got {
		t.Errorf("got %q, kept %q, %v", got, kept.kept["priya"].Access, err)
	}
}

func TestTwentyCallersRefreshOnce(t *testing.T) {
	idp := newIDP(t, single)
	// Even tokens that never last the five minutes are shared by those who waited.
	idp.lifetime = 60
	s, kept := source(t, idp, 4*time.Minute)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 20 {
		wg.Go(func() {
			<-start
			if got, err := s.Renew(t.Context(), "priya", "old"); got != "access-1" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	close(start)
	wg.Wait()
	if n := idp.called("token"); n != 1 || kept.saves != 1 {
		t.Errorf("%d refreshes, %d saves", n, kept.saves)
	}
	if k := kept.kept["priya"]; k.Refresh != "refresh-1" || k.IDToken != "id" {
		t.Errorf("kept %q, %q", k.Refresh, k.IDToken)
	}
}

func TestTwentyAccessTokensRefreshOnce(t *testing.T) {
	idp := newIDP(t, single)
	s, _ := source(t, idp, 4*time.Minute)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got, err := s.AccessToken(t.Context(), "priya"); got != "access-1" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	wg.Wait()
	if n := idp.called("token"); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	if form := idp.form; form.Get("refresh_token") != "first" || form.Get("client_secret") == "" {
		t.Errorf("posted %v", form)
	}
}

func TestRenewAfterRejection(t *testing.T) {
	idp := newIDP(t, single)
	s, _ := source(t, idp, time.Hour)
	first, err := s.Renew(t.Context(), "priya", "old")
	if err != nil || first != "access-1" {
		t.Fatalf("got %q, %v", first, err)
	}
	// Another caller whose call was rejected with the old token gets the new one.
	if got, err := s.Renew(t.Context(), "priya", "old"); got != first || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := s.Renew(t.Context(), "priya", first); got != "access-2" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSignInErrors(t *testing.T) {
	challenge := map[string]any{"error": "interaction_required", "claims": claimsJSON,
		"error_description": "AADSTS50076: priya@contoso.example needs a second factor."}
	revoked := map[string]any{"error": "invalid_grant", "claims": claimsJSON}
	for name, tt := range map[string]struct {
		token   auth.Token
		refusal map[string]any
		want    auth.SignInError
		kept    bool
	}{
		"no token": {auth.Token{}, nil, auth.SignInError{Reason: auth.NoToken}, false},
		"no refresh": {auth.Token{Access: "a", Expiry: time.Now()}, nil,
			auth.SignInError{Reason: auth.Expired}, true},
		"unknown": {auth.Token{Refresh: "x"}, nil, auth.SignInError{Reason: auth.Revoked}, false},
		"revoked": {auth.Token{Refresh: "x"}, revoked,
			auth.SignInError{Reason: auth.Revoked, Claims: claimsJSON}, false},
		"challenge": {auth.Token{Refresh: "x"}, challenge,
			auth.SignInError{Reason: auth.Interaction, Claims: claimsJSON}, true},
		"claims that are none": {auth.Token{Refresh: "x"},
			map[string]any{"error": "interaction_required", "claims": "no JSON"},
			auth.SignInError{Reason: auth.Interaction}, true},
		"claims too long for a cookie": {auth.Token{Refresh: "x"},
			map[string]any{"error": "interaction_required",
				"claims": `{"x":"` + strings.Repeat("x", 1500) + `"}`},
			auth.SignInError{Reason: auth.Interaction}, true},
	} {
		idp := newIDP(t, single)
		idp.refusal = tt.refusal
		kept := &tokens{kept: map[string]auth.Token{}}
		if tt.token != (auth.Token{}) {
			kept.kept["priya"] = tt.token
		}
		_, err := auth.NewSource(idp.provider(), kept, nil).AccessToken(t.Context(), "priya")
		var got *auth.SignInError
		if !errors.As(err, &got) || !errors.Is(err, auth.ErrSignIn) ||
			got.Reason != tt.want.Reason || got.Claims != tt.want.Claims {
			t.Errorf("%s: got %v", name, err)
		}
		if _, ok := kept.kept["priya"]; ok != tt.kept {
			t.Errorf("%s: the token is kept: %t", name, ok)
		}
	}
}

func TestProviderDownOnRefresh(t *testing.T) {
	idp := newIDP(t, single)
	s, kept := source(t, idp, -time.Minute)
	if err := idp.provider().Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	idp.set(func(p *entra) { p.down = true })
	_, err := s.AccessToken(t.Context(), "priya")
	if !errors.Is(err, auth.ErrUnavailable) || errors.Is(err, auth.ErrSignIn) {
		t.Errorf("got %v", err)
	}
	if kept.kept["priya"].Refresh != "first" {
		t.Error("the token is gone")
	}
}

func TestTokenThatStillLastsServesWhileTheProviderIsDown(t *testing.T) {
	idp := newIDP(t, single)
	idp.down = true
	s, _ := source(t, idp, 3*time.Minute)
	if got, err := s.AccessToken(t.Context(), "priya"); got != "old" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := s.Renew(t.Context(), "priya", "old"); !errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("a rejected token was given again: %v", err)
	}
}

func TestWrongSecretIsForTheAdministrator(t *testing.T) {
	idp := newIDP(t, single)
	idp.refusal = map[string]any{"error": "invalid_client"}
	s, kept := source(t, idp, 0)
	_, err := s.AccessToken(t.Context(), "priya")
	var refused *auth.ProviderError
	if !errors.As(err, &refused) || errors.Is(err, auth.ErrSignIn) || len(kept.kept) != 1 {
		t.Errorf("got %v, %d tokens kept", err, len(kept.kept))
	}
}

func TestRefreshIsStoredWhenTheCallerHasGone(t *testing.T) {
	idp := newIDP(t, single)
	s, kept := source(t, idp, 0)
	ctx, cancel := context.WithCancel(t.Context())
	idp.set(func(p *entra) { p.onToken = cancel })
	if _, err := s.Renew(ctx, "priya", "old"); err != nil {
		t.Error(err)
	}
	if kept.kept["priya"].Refresh != "refresh-1" {
		t.Errorf("kept %q", kept.kept["priya"].Refresh)
	}
}

func TestUnstoredTokenIsNotUsed(t *testing.T) {
	t.Parallel()
	idp := newIDP(t, single)
	s, kept := source(t, idp, 0)
	kept.err = errors.New("the disk is full")
	if got, err := s.AccessToken(t.Context(), "priya"); got != "" || !errors.Is(err, kept.err) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSignOutDuringRefreshWins(t *testing.T) {
	idp := newIDP(t, single)
	s, kept := source(t, idp, 0)
	done := make(chan error, 1)
	idp.set(func(p *entra) {
		p.onToken = func() {
			go func() { done <- s.DeleteToken(t.Context(), "priya") }()
			time.Sleep(20 * time.Millisecond)
		}
	})
	if _, err := s.AccessToken(t.Context(), "priya"); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(kept.kept) != 0 {
		t.Error("a refresh brought the token back")
	}
}

func TestWaitForTheLockEnds(t *testing.T) {
	idp := newIDP(t, single)
	s, _ := source(t, idp, 0)
	var waited error
	idp.set(func(p *entra) {
		p.onToken = func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel()
			waited = s.SaveToken(ctx, "priya", auth.Token{})
			if err := s.SaveToken(context.Background(), "daniel", auth.Token{}); err != nil {
				t.Errorf("another person waits as well: %v", err)
			}
		}
	})
	if _, err := s.AccessToken(t.Context(), "priya"); err != nil {
		t.Error(err)
	}
	if !errors.Is(waited, context.DeadlineExceeded) {
		t.Errorf("got %v", waited)
	}
}
