package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"
)

// The ways a sign-in fails, for errors.Is.
var (
	// ErrUnavailable: the provider does not answer, or not now. Trying later helps.
	ErrUnavailable = errors.New("the sign-in service is not available")
	// ErrState: the answer does not belong to the sign-in this browser began.
	ErrState = errors.New("the answer belongs to another sign-in")
	// ErrDenied: the person, an administrator or one of our rules refused.
	ErrDenied = errors.New("sign-in was denied")
	// ErrTenant: the person belongs to an organisation that may not sign in here. It is an
	// ErrDenied.
	ErrTenant = fmt.Errorf("%w: the organisation may not sign in", ErrDenied)
	// ErrIDToken: the provider's statement about the person cannot be trusted.
	ErrIDToken = errors.New("the id token is not valid")
	// ErrSignIn: only a new interactive sign-in gives a token. It comes as a *SignInError.
	ErrSignIn = errors.New("a new sign-in is needed")
	// ErrNoToken is what a Tokens returns for a person whose token it does not have.
	ErrNoToken = errors.New("no token")
)

// The codes of ProviderError that mean something to us. RFC 6749 §4.1.2.1 and §5.2, OpenID Connect
// Core §3.1.2.6.
const (
	accessDenied        = "access_denied"
	consentRequired     = "consent_required"
	interactionRequired = "interaction_required"
	invalidGrant        = "invalid_grant"
	loginRequired       = "login_required"
)

// ProviderError is an answer by which the provider refuses. It never holds the provider's own
// sentence, because that may name the person.
type ProviderError struct {
	// Code is the error of OAuth, such as access_denied; empty when the answer had none.
	Code string
	// Number is Microsoft's, such as AADSTS50105, or empty.
	Number string
	// Status is the HTTP status of the token endpoint, or zero.
	Status int
	// Claims is the JSON of a claims challenge, for a new sign-in, or empty.
	Claims string
}

// Error names the code, the number and the status.
func (e *ProviderError) Error() string {
	text := "the sign-in service refused: " + e.Code
	if e.Number != "" {
		text += " " + e.Number
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	return text
}

// Is matches ErrDenied for codes of a refusal, and ErrUnavailable when the provider asks to wait.
func (e *ProviderError) Is(target error) bool {
	switch e.Code {
	case accessDenied, consentRequired:
		return target == ErrDenied
	case "temporarily_unavailable", "server_error":
		return target == ErrUnavailable
	}
	return target == ErrUnavailable && (e.Status >= 500 ||
		e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout)
}

// tokenError converts an error of the token endpoint to one of ours. It leaves out the body, which
// may name the person.
func tokenError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return &ProviderError{
		Code:   plain(refused.ErrorCode),
		Number: number(refused.ErrorDescription),
		Status: refused.Response.StatusCode,
		Claims: challenge(refused.Body),
	}
}

// challenge returns the claims a token endpoint asks for. Only a JSON object is taken, of a size
// that fits into the cookie of the next sign-in.
func challenge(body []byte) string {
	const most = 1500
	var answer struct {
		Claims string `json:"claims"`
	}
	var object map[string]any
	if json.Unmarshal(body, &answer) != nil || len(answer.Claims) > most ||
		json.Unmarshal([]byte(answer.Claims), &object) != nil {
		return ""
	}
	return answer.Claims
}

// plain removes all characters from an error code that codes do not have: it comes from a URL,
// where anybody can write anything.
func plain(code string) string {
	const most = 60
	letters := "abcdefghijklmnopqrstuvwxyz_"
	if len(code) > most || strings.Trim(code, letters) != "" {
		return "unknown"
	}
	return code
}

// number finds Microsoft's error number in a description.
func number(description string) string {
	const prefix = "AADSTS"
	_, rest, ok := strings.Cut(description, prefix)
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if !ok || digits == 0 || digits > 10 {
		return ""
	}
	return prefix + rest[:digits]
}
