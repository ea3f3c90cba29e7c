package auth_test

import (
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/internal/auth"
)

// Metadata that is far too large, plain or packed, is not read to its end.
func TestHugeMetadata(t *testing.T) {
	for _, packed := range []bool{false, true} {
		t.Run(fmt.Sprintf("packed=%v", packed), func(t *testing.T) {
			var written int
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				out := http.ResponseWriter(w)
				write := out.Write
				if packed {
					w.Header().Set("Content-Encoding", "gzip")
					zip := gzip.NewWriter(w)
					defer zip.Close()
					write = zip.Write
				}
				spaces := []byte(strings.Repeat(" ", 1<<20))
				for range 256 {
					n, err := write(spaces)
					if written += n; err != nil {
						return
					}
				}
			}))
			defer server.Close()
			p := auth.New(auth.Config{Issuer: server.URL, ClientID: "id", ClientSecret: "secret"})
			if p.Ready(t.Context()) == nil {
				t.Error("huge metadata was taken")
			}
			server.CloseClientConnections()
			server.Close()
			if !packed && written > 64<<20 {
				t.Errorf("%d MB were read", written>>20)
			}
		})
	}
}

// Metadata is not followed to where it could be changed on the way.
func TestMetadataStaysSafe(t *testing.T) {
	var asked bool
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked = true
	}))
	defer plain.Close()
	safe := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer safe.Close()
	p := auth.New(auth.Config{Issuer: safe.URL, ClientID: "id", ClientSecret: "secret",
		HTTP: safe.Client()})
	if p.Ready(t.Context()) == nil || asked {
		t.Errorf("followed to plain http: %v", asked)
	}
}

// transport is one that only looks at the request.
type transport func(*http.Request) error

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return nil, f(r) }

// A provider that never answers is not waited for, unless somebody set another limit.
func TestCallsEnd(t *testing.T) {
	for _, set := range []time.Duration{0, time.Minute} {
		var left time.Duration
		hc := &http.Client{Timeout: set, Transport: transport(func(r *http.Request) error {
			end, _ := r.Context().Deadline()
			left = time.Until(end)
			return errors.New("no answer")
		})}
		p := auth.New(auth.Config{Issuer: "https://idp.example", ClientID: "id", HTTP: hc})
		most := cmp.Or(set, 10*time.Second)
		if p.Ready(t.Context()) == nil || left <= most/2 || left > most {
			t.Errorf("with a limit of %v a call may take %v", set, left)
		}
	}
}
