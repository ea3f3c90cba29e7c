package partnercenter

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// NumericNoMFA is the Error.Numeric of a sign-in that carried no second factor:
// a new interactive sign-in is needed, a refreshed token is refused again.
const NumericNoMFA = 900421

// Error is a call that failed, for whatever reason: a refusal by the service, a
// success whose body could not be used (Status is 2xx then), or no answer at all
// (Status is 0). Its text names no token, no customer data and no server's words.
type Error struct {
	Exchange
	// Op says which call failed.
	Op string
	// Code is the innermost code that is known, as the documentation spells it;
	// without one the innermost that was given, or empty.
	Code string
	// Numeric is the number among the codes, such as 900421; 0 without one. NumericNoMFA goes
	// before any other.
	Numeric int
	// Target is the innermost field the service names, or empty.
	Target string
	// Message is the service's own text, for developers and never to branch on.
	// It may hold customer data.
	Message string
	// RetryAfter is how long to wait, counted from the answer; 0 if not said.
	RetryAfter time.Duration
	// Claims is the decoded JSON of a claims challenge, for a new authorize
	// request; empty without one.
	Claims string
	// Err is the cause where the service gave none.
	Err error
}

// maxRetryAfter keeps an absurd Retry-After from being believed.
const maxRetryAfter = 24 * time.Hour

func newError(op string, x *Exchange, h http.Header) *Error {
	e := &Error{Exchange: *x, Op: op, RetryAfter: retryAfter(h, x.Answered)}
	if x.Status == http.StatusUnauthorized || x.Status == http.StatusForbidden {
		e.Claims = claims(h.Values("WWW-Authenticate"))
	}
	rep := decodeReport(x.Raw)
	e.Code, e.Numeric, e.Target, e.Message = rep.code, rep.numeric, rep.target, rep.message
	return e
}

// Error says what failed, in one line that is safe to log.
func (e *Error) Error() string {
	parts := []string{e.Op}
	switch {
	case e.Status != 0:
		parts = append(parts, fmt.Sprintf("status %d", e.Status))
	case e.Sent:
		parts = append(parts, "no answer, it may have been processed")
	default:
		parts = append(parts, "nothing was sent")
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if n := strconv.Itoa(e.Numeric); e.Numeric != 0 && n != e.Code {
		parts = append(parts, n)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause, such as context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.Err }

// retryAfter reads seconds or a date. A date is compared with the server's own
// clock where it says it.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if secs, err := strconv.ParseFloat(value, 64); err == nil && secs >= 0 {
		return time.Duration(min(secs, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
