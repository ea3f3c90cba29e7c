package partnercenter

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds on what is read of an answer, in bytes. A page of a hundred referrals
// is allowed more than one referral.
const (
	maxBody = 1 << 20
	maxPage = 8 << 20
)

// Call is the credential and the ids of one call. Empty members are not sent.
type Call struct {
	// Token is the access token of the person on whose behalf the call is made.
	Token string
	// RequestID is sent as MS-RequestId: the same GUID when a call is repeated
	// after no answer came, a new one after any answer.
	RequestID string
	// CorrelationID is sent as MS-CorrelationId and client-request-id: a GUID
	// that is new for every call. Support asks for it.
	CorrelationID string
}

// Exchange is what is known about one call, whatever came of it.
type Exchange struct {
	// Status is the HTTP status, or 0 when no answer came.
	Status int
	// The headers that Microsoft's support asks for, as they came.
	RequestID, ClientRequestID, Diagnostic, Timestamp string
	// ETag, Date and ContentType are the headers of these names.
	ETag, Date, ContentType string
	// Raw is the body of the answer; Truncated says that it was longer than
	// what is kept, Broken that the connection ended in the middle of it.
	Raw               []byte
	Truncated, Broken bool
	// Started is when the call began, Wrote when its first byte went out,
	// Answered when the answer was read or the call was given up. Wrote is
	// zero when nothing was written, or not known.
	Started, Wrote, Answered time.Time
	// Sent says that the request may have reached Microsoft. False is certain:
	// no connection was made, and nothing was processed.
	Sent bool
}

type request struct {
	op, method string
	url        *url.URL
	header     http.Header
	body       []byte
	limit      int64
}

// do sends the request once. The error, if any, is an *Error.
func (c *Client) do(ctx context.Context, call Call, r request) (*Exchange, error) {
	w := &wire{now: c.now}
	x := &Exchange{Started: c.now()}
	if c.timeout > 0 {
		// http.Client's own time-out costs a goroutine for each call with our transport.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	req, err := newRequest(w.trace(ctx), call, r, w)
	if err != nil {
		return x, &Error{Exchange: *x, Op: r.op, Err: cause(err)}
	}
	res, err := c.http.Do(req)
	x.Wrote, x.Sent = w.state()
	x.Answered = c.now()
	if err != nil {
		return x, &Error{Exchange: *x, Op: r.op, Err: cause(err)}
	}
	defer res.Body.Close()
	readErr := x.read(res, r.limit)
	x.Answered = c.now()
	if res.StatusCode/100 != 2 {
		return x, newError(r.op, x, res.Header)
	}
	if readErr != nil {
		return x, &Error{Exchange: *x, Op: r.op, Err: cause(readErr)}
	}
	return x, nil
}

// newRequest leaves GetBody nil: net/http then has no second copy of the body,
// so that it cannot write it twice, whatever happens to the connection.
func newRequest(ctx context.Context, call Call, r request, w *wire) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), nil)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Body = io.NopCloser(&watched{Reader: bytes.NewReader(r.body), read: &w.body})
		req.ContentLength = int64(len(r.body))
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	call.apply(req.Header)
	return req, nil
}

func (call Call) apply(h http.Header) {
	set := func(name, value string) {
		if value != "" {
			h.Set(name, value)
		}
	}
	h.Set("Accept", "application/json")
	if call.Token != "" {
		h.Set("Authorization", "Bearer "+call.Token)
	}
	set("MS-RequestId", call.RequestID)
	set("MS-CorrelationId", call.CorrelationID)
	set("client-request-id", call.CorrelationID)
}

func (x *Exchange) read(res *http.Response, limit int64) error {
	x.Sent = true
	x.Status = res.StatusCode
	x.RequestID = first(res.Header, "request-id", "MS-RequestId")
	x.ClientRequestID = first(res.Header, "client-request-id", "MS-CorrelationId")
	x.Diagnostic = res.Header.Get("x-ms-ags-diagnostic")
	x.Timestamp = res.Header.Get("timestamp")
	x.ETag, x.Date = usable(res.Header.Get("ETag")), res.Header.Get("Date")
	x.ContentType = res.Header.Get("Content-Type")
	raw, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	x.Truncated, x.Broken = int64(len(raw)) > limit, err != nil
	x.Raw = raw[:min(int64(len(raw)), limit)]
	return err
}

func first(h http.Header, names ...string) string {
	for _, name := range names {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// cause unwraps a url.Error, which prints the URL: its query can hold an e-mail address.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// wire watches how far a request got. It counts as sent once a connection was obtained, or once its
// body was read from, which any RoundTripper does.
type wire struct {
	now  func() time.Time
	conn atomic.Bool
	body atomic.Bool
	mu   sync.Mutex
	at   time.Time
}

func (w *wire) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { w.conn.Store(true) },
		WroteHeaders: func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.at = w.now()
		},
	})
}

func (w *wire) state() (wrote time.Time, sent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at, w.conn.Load() || w.body.Load()
}

type watched struct {
	io.Reader
	read *atomic.Bool
}

func (b *watched) Read(p []byte) (int, error) {
	b.read.Store(true)
	return b.Reader.Read(p)
}
