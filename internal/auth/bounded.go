package auth

import (
	"errors"
	"io"
	"net/http"
)

// maxAnswer is the most that is read of an answer of the provider's, in bytes after unpacking; the
// usual ones have a few thousand.
const maxAnswer = 1 << 20

// bounded cuts off answers that are too large, because the libraries read answers whole.
type bounded struct{ next http.RoundTripper }

// RoundTrip makes the call.
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(req)
	if err == nil {
		res.Body = &boundedBody{ReadCloser: res.Body, left: maxAnswer}
	}
	return res, err
}

var errTooLarge = errors.New("the provider's answer is too large")

type boundedBody struct {
	io.ReadCloser
	left int
}

// Read fails once more was read than is allowed.
func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
