package practice

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Transport answers requests for BaseURL from Handler, within the process, so
// that sign-in can be set up before anything listens. Requests for anywhere
// else are refused.
func (p *Practice) Transport() http.RoundTripper {
	return inProcess{origin: p.base, handler: p.Handler()}
}

type inProcess struct {
	origin  string
	handler http.Handler
}

func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	if origin := req.URL.Scheme + "://" + req.URL.Host; origin != t.origin {
		return nil, fmt.Errorf("practice mode does not call %s", origin)
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	out := &memory{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(out, in)
	return out.response(req), nil
}

// memory is a response that is kept instead of written.
type memory struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(status int)      { m.status = status }
func (m *memory) Write(b []byte) (int, error) { return m.body.Write(b) }

func (m *memory) response(req *http.Request) *http.Response {
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", m.status, http.StatusText(m.status)),
		StatusCode: m.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: m.header, Body: io.NopCloser(&m.body), ContentLength: int64(m.body.Len()),
		Request: req,
	}
}
