package partnercenter_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"tandem/internal/partnercenter"
)

// A small answer that unfolds to a huge one is read no further than any other, and what came of the
// call is in doubt.
func TestAnswersThatUnfold(t *testing.T) {
	spaces := strings.Repeat(" ", 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusCreated)
		zip := gzip.NewWriter(w)
		for range 256 {
			if _, err := zip.Write([]byte(spaces)); err != nil {
				return
			}
		}
		zip.Close()
	}))
	defer server.Close()
	c := newClient(t, server.URL, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := c.Create(t.Context(), testCall, []byte("{}"))
	e := failure(t, err)
	if len(e.Raw) > 1<<20 || !e.Truncated || !e.Sent || e.Status != http.StatusCreated {
		t.Errorf("%d bytes kept, truncated %v, sent %v, status %d", len(e.Raw), e.Truncated, e.Sent,
			e.Status)
	}
	_, err = c.List(t.Context(), testCall, partnercenter.Query{})
	if e := failure(t, err); len(e.Raw) > 8<<20 || !e.Truncated {
		t.Errorf("a page of %d bytes, truncated %v", len(e.Raw), e.Truncated)
	}
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 200 {
		t.Errorf("reading them took %d MB", took)
	}
}

// Headers without end are not read either, and what came of the call is in doubt.
func TestAnswerWithHugeHeaders(t *testing.T) {
	rec := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Huge", strings.Repeat("x", 256<<10))
		reply(http.StatusCreated, `{"id":"r-1"}`)(w, r)
	})
	_, err := rec.client(t).Create(t.Context(), testCall, []byte("{}"))
	if e := failure(t, err); !e.Sent || e.Status != 0 {
		t.Errorf("sent %v, status %d", e.Sent, e.Status)
	}
}
