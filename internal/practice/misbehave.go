package practice

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultRetryAfter = 10 * time.Second
	defaultDelay      = 5 * time.Second
	noAnswerDelay     = time.Hour
	hugeBody          = 10 << 20
)

const gatewayPage = "<!doctype html><html><head><title>502</title></head>" +
	"<body><h1>502 Bad Gateway</h1></body></html>"

// misbehave answers a call as the fault that was queued for it says.
func (s *Simulator) misbehave(f Fault, c call, g grant) outcome {
	switch f.Kind {
	case NoMFA, ClaimsChallenge:
		return outcome{answer: s.demandSignIn(f.Kind, g).refusal()}
	case LostRequest:
		return outcome{hangUp: true}
	case LostAnswer, NoAnswer, Slow, HTML, Empty, BrokenJSON, Huge:
		return spoil(f, s.route(c, g))
	}
	return outcome{answer: s.refuse(f)}
}

// spoil spoils the answer to a call that was carried out, as the fault says.
func spoil(f Fault, a answer) outcome {
	out := outcome{answer: a}
	switch f.Kind {
	case LostAnswer:
		out.hangUp = true
	case NoAnswer:
		out.hangUp, out.delay = true, noAnswerDelay
	case Slow:
		out.delay = f.Delay
		if f.Delay <= 0 {
			out.delay = defaultDelay
		}
	case HTML:
		out.answer = textAnswer(http.StatusOK, "text/html", "<!doctype html><title>Proxy</title>")
	case Empty:
		out.answer = answer{status: http.StatusOK}
	case BrokenJSON:
		out.body = a.body[:len(a.body)/2]
	case Huge:
		out.body = []byte(`{"padding":"` + strings.Repeat("x", hugeBody) + `"}`)
	}
	return out
}

// refuse answers a call that is not carried out.
func (s *Simulator) refuse(f Fault) answer {
	switch f.Kind {
	case Invalid:
		return refusal(http.StatusBadRequest, "invalidRequest", "The request is invalid.")
	case InvalidField:
		return invalidField(f)
	case InvalidNumeric:
		return numericRefusal(http.StatusBadRequest, 800002, "The request is invalid.")
	case Token:
		return unauthenticated()
	case RateLimit, RateLimitDate:
		return s.rateLimited(f)
	case BadGateway:
		return textAnswer(http.StatusBadGateway, "text/html", gatewayPage)
	case GatewayTimeout:
		return textAnswer(http.StatusGatewayTimeout, "text/plain", "")
	case Unavailable:
		return unavailable(f)
	}
	return plainRefusal(f.Kind)
}

func plainRefusal(k Kind) answer {
	switch k {
	case Forbidden:
		return refusal(http.StatusForbidden, "accessDenied", "Access is denied.")
	case NotFound:
		return refusal(http.StatusNotFound, "itemNotFound", "Resource not found.")
	case Conflict:
		return refusal(http.StatusConflict, "resourceModified", "The resource was modified.")
	case Stale:
		return refusal(http.StatusPreconditionFailed, "preconditionFailed", "The eTag is stale.")
	case TooLarge:
		return refusal(http.StatusRequestEntityTooLarge, "invalidRequest",
			"The request is too large.")
	case Locked:
		return refusal(http.StatusLocked, "generalException", "The engagement is locked.")
	}
	return refusal(http.StatusInternalServerError, "generalException", "Something went wrong.")
}

func invalidField(f Fault) answer {
	target := f.Target
	if target == "" {
		target = "customerProfile.address.country"
	}
	return refusalAt(http.StatusBadRequest, "invalidRequest", "The value is not valid.", target)
}

func (s *Simulator) rateLimited(f Fault) answer {
	after := f.RetryAfter
	if after <= 0 {
		after = defaultRetryAfter
	}
	value := seconds(after)
	if f.Kind == RateLimitDate {
		value = s.now().Add(after).UTC().Format(http.TimeFormat)
	}
	return jsonAnswer(http.StatusTooManyRequests, map[string]any{
		"statusCode": http.StatusTooManyRequests,
		"message":    "Rate limit is exceeded. Try again in " + seconds(after) + " seconds.",
	}).with("Retry-After", value).with("Date", s.now().UTC().Format(http.TimeFormat))
}

func unavailable(f Fault) answer {
	a := refusal(http.StatusServiceUnavailable, "serviceNotAvailable",
		"The service is not available.")
	if f.RetryAfter > 0 {
		a = a.with("Retry-After", seconds(f.RetryAfter))
	}
	return a
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
