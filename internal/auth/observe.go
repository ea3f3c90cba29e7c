package auth

import "errors"

// Observer is told how each refresh of a token ended.
type Observer interface {
	TokenRefreshed(result string)
}

// The results that an Observer is told.
const (
	// RefreshDone: there is a fresh token, and it is stored.
	RefreshDone = "done"
	// RefreshRefused: only a new sign-in helps.
	RefreshRefused = "refused"
	// RefreshUnavailable: the provider does not answer, or not now.
	RefreshUnavailable = "unavailable"
	// RefreshFailed: something is wrong here, or with our registration at the provider.
	RefreshFailed = "failed"
)

func (s *Source) observe(err error) {
	if o := s.provider.config.Observe; o != nil {
		o.TokenRefreshed(resultOf(err))
	}
}

func resultOf(err error) string {
	switch {
	case err == nil:
		return RefreshDone
	case errors.Is(err, ErrSignIn):
		return RefreshRefused
	case errors.Is(err, ErrUnavailable):
		return RefreshUnavailable
	}
	return RefreshFailed
}
