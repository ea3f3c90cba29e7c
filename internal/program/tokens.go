package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tandem/internal/auth"
	"tandem/internal/jobs"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// tokenKeeper keeps tokens sealed in the store.
type tokenKeeper struct{ store *store.Store }

// Token returns the person's token; auth.ErrNoToken when there is none.
func (k tokenKeeper) Token(ctx context.Context, userID string) (auth.Token, error) {
	var t auth.Token
	doc, err := k.store.Token(ctx, userID)
	if errors.Is(err, referral.ErrNotFound) {
		return t, auth.ErrNoToken
	}
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(doc, &t)
}

// SaveToken replaces the person's token.
func (k tokenKeeper) SaveToken(ctx context.Context, userID string, t auth.Token) error {
	doc, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encoding a token: %w", err)
	}
	return k.store.SaveToken(ctx, userID, doc)
}

// DeleteToken forgets the person's token.
func (k tokenKeeper) DeleteToken(ctx context.Context, userID string) error {
	return k.store.DeleteToken(ctx, userID)
}

// tokenSource gives the jobs their tokens and tells them when only a new sign-in helps.
type tokenSource struct{ source *auth.Source }

// AccessToken returns a token that is valid for some minutes more.
func (t tokenSource) AccessToken(ctx context.Context, userID string) (string, error) {
	token, err := t.source.AccessToken(ctx, userID)
	return token, signIn(err)
}

// Ready returns such a token if one is stored, else "".
func (t tokenSource) Ready(ctx context.Context, userID string) string {
	return t.source.Ready(ctx, userID)
}

// Renew returns another token than the rejected one.
func (t tokenSource) Renew(ctx context.Context, userID, rejected string) (string, error) {
	token, err := t.source.Renew(ctx, userID, rejected)
	return token, signIn(err)
}

func signIn(err error) error {
	var needed *auth.SignInError
	if errors.As(err, &needed) {
		return &jobs.SignInError{Claims: needed.Claims, Err: err}
	}
	return err
}
