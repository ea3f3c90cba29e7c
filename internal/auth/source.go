package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// earlier is how long before its expiry a token is refreshed.
	earlier = 5 * time.Minute
	// refreshWait limits a refresh together with storing its result.
	refreshWait = 30 * time.Second
	// Storing a refreshed token is tried every saveEvery, for saveFor.
	saveEvery = 200 * time.Millisecond
	saveFor   = 5 * time.Second
)

// Tokens keeps the tokens of people, encrypted.
type Tokens interface {
	// Token returns ErrNoToken when there is none.
	Token(ctx context.Context, userID string) (Token, error)
	SaveToken(ctx context.Context, userID string, t Token) error
	// DeleteToken returns nil when there is none.
	DeleteToken(ctx context.Context, userID string) error
}

// Locker lets one caller at a time touch the token of a person.
type Locker interface {
	// Lock waits for its turn, or for the end of ctx. unlock must be called once.
	Lock(ctx context.Context, userID string) (unlock func(), err error)
}

// Source gives out access tokens and refreshes them. All changes to a stored token go through it,
// so that a refresh can neither bring back a token that was deleted nor overwrite a newer one. It
// is safe for concurrent use.
type Source struct {
	provider *Provider
	tokens   Tokens
	lock     Locker
}

// NewSource returns a source of tokens. A nil lock means one within this process.
func NewSource(p *Provider, t Tokens, lock Locker) *Source {
	if lock == nil {
		lock = &locks{held: map[string]*turn{}}
	}
	return &Source{provider: p, tokens: t, lock: lock}
}

// AccessToken returns a token that is valid for the next minutes, and refreshes it if needed. The
// error is a *SignInError when only a new sign-in helps; any other is temporary.
func (s *Source) AccessToken(ctx context.Context, userID string) (string, error) {
	t, err := s.load(ctx, userID)
	if err != nil {
		return "", err
	}
	if s.lasts(t, earlier) {
		return t.Access, nil
	}
	access, err := s.Renew(ctx, userID, t.Access)
	if errors.Is(err, ErrUnavailable) && s.lasts(t, 0) {
		return t.Access, nil
	}
	return access, err
}

// Ready returns a token that is valid for the next minutes if one is stored, else "". It never
// calls the provider.
func (s *Source) Ready(ctx context.Context, userID string) string {
	t, err := s.load(ctx, userID)
	if err != nil || !s.lasts(t, earlier) {
		return ""
	}
	return t.Access
}

// Renew returns another token than the rejected one, and refreshes only if nobody else has done so
// since. The errors are those of AccessToken.
func (s *Source) Renew(ctx context.Context, userID, rejected string) (string, error) {
	unlock, err := s.lock.Lock(ctx, userID)
	if err != nil {
		return "", fmt.Errorf("waiting for a token: %w", err)
	}
	defer unlock()
	t, err := s.load(ctx, userID)
	if err != nil {
		return "", err
	}
	if t.Access != rejected && s.lasts(t, 0) {
		return t.Access, nil
	}
	// The provider may take a refresh token only once: what it answers is stored even when the
	// caller has gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshWait)
	defer cancel()
	access, err := s.refresh(ctx, userID, t)
	s.observe(err)
	return access, err
}

// SaveToken keeps the token of a new sign-in.
func (s *Source) SaveToken(ctx context.Context, userID string, t Token) error {
	return s.locked(ctx, userID, func() error { return s.tokens.SaveToken(ctx, userID, t) })
}

// DeleteToken forgets a person's token, at sign-out.
func (s *Source) DeleteToken(ctx context.Context, userID string) error {
	return s.locked(ctx, userID, func() error { return s.tokens.DeleteToken(ctx, userID) })
}

func (s *Source) locked(ctx context.Context, userID string, change func() error) error {
	unlock, err := s.lock.Lock(ctx, userID)
	if err != nil {
		return fmt.Errorf("waiting for a token: %w", err)
	}
	defer unlock()
	return change()
}

func (s *Source) load(ctx context.Context, userID string) (Token, error) {
	t, err := s.tokens.Token(ctx, userID)
	if errors.Is(err, ErrNoToken) {
		return Token{}, &SignInError{Reason: NoToken}
	}
	if err != nil {
		return Token{}, fmt.Errorf("loading a token: %w", err)
	}
	return t, nil
}

// lasts reports whether a token is valid for at least d.
func (s *Source) lasts(t Token, d time.Duration) bool {
	return t.Access != "" && (t.Expiry.IsZero() || s.provider.config.Now().Add(d).Before(t.Expiry))
}

func (s *Source) refresh(ctx context.Context, userID string, old Token) (string, error) {
	if old.Refresh == "" {
		return "", &SignInError{Reason: Expired}
	}
	fresh, err := s.provider.refresh(ctx, old)
	if err != nil {
		return "", s.refused(ctx, userID, err)
	}
	if err := s.keep(ctx, userID, fresh); err != nil {
		return "", fmt.Errorf("storing a refreshed token: %w", err)
	}
	return fresh.Access, nil
}

// keep stores a refreshed token, and tries again while that fails: it is nowhere else, and the
// provider may not take the old one any more.
func (s *Source) keep(ctx context.Context, userID string, t Token) error {
	ctx, cancel := context.WithTimeout(ctx, saveFor)
	defer cancel()
	for {
		err := s.tokens.SaveToken(ctx, userID, t)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(saveEvery):
		}
	}
}

// refused turns a refusal that only the person can resolve into a *SignInError, and deletes a
// refresh token that was revoked.
func (s *Source) refused(ctx context.Context, userID string, err error) error {
	var p *ProviderError
	if !errors.As(err, &p) || errors.Is(err, ErrUnavailable) {
		return err
	}
	switch p.Code {
	case invalidGrant:
		if err := s.tokens.DeleteToken(ctx, userID); err != nil {
			return fmt.Errorf("deleting a revoked token: %w", err)
		}
		return &SignInError{Reason: Revoked, Claims: p.Claims, Err: err}
	case interactionRequired, loginRequired, consentRequired:
		return &SignInError{Reason: Interaction, Claims: p.Claims, Err: err}
	}
	return err
}
