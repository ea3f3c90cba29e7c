package auth

import "fmt"

// Reason says why only a new sign-in gives a token.
type Reason string

// The reasons of a SignInError.
const (
	// NoToken: the person never signed in, or signed out.
	NoToken Reason = "no token"
	// Expired: the token came without a way to refresh it.
	Expired Reason = "expired"
	// Revoked: the provider no longer accepts the refresh token.
	Revoked Reason = "revoked"
	// Interaction: the provider wants to ask the person something, such as a second factor.
	Interaction Reason = "interaction required"
)

// SignInError says that a person has to sign in again. It matches ErrSignIn.
type SignInError struct {
	Reason Reason
	// Claims is the JSON to give to Begin, or empty.
	Claims string
	// Err is the provider's refusal; nil when it was not asked.
	Err error
}

// Error names the reason.
func (e *SignInError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%v: %s: %v", ErrSignIn, e.Reason, e.Err)
	}
	return fmt.Sprintf("%v: %s", ErrSignIn, e.Reason)
}

// Is matches ErrSignIn.
func (e *SignInError) Is(target error) bool { return target == ErrSignIn }

// Unwrap returns the provider's refusal.
func (e *SignInError) Unwrap() error { return e.Err }
