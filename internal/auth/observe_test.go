package auth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
)

// results keeps what an observer is told.
type results []string

func (r *results) TokenRefreshed(result string) { *r = append(*r, result) }

func TestObserve(t *testing.T) {
	for name, tt := range map[string]struct {
		lasts  time.Duration
		change func(*entra, *tokens)
		want   results
	}{
		"a token that lasts": {lasts: time.Hour},
		"a fresh one":        {want: results{auth.RefreshDone}},
		"revoked": {want: results{auth.RefreshRefused}, change: func(p *entra, _ *tokens) {
			p.refusal = map[string]any{"error": "invalid_grant"}
		}},
		"no way to refresh": {want: results{auth.RefreshRefused},
			change: func(_ *entra, k *tokens) { k.kept["priya"] = auth.Token{Access: "a"} }},
		"the provider is down": {want: results{auth.RefreshUnavailable},
			change: func(p *entra, _ *tokens) { p.down = true }},
		"a wrong secret": {want: results{auth.RefreshFailed}, change: func(p *entra, _ *tokens) {
			p.refusal = map[string]any{"error": "invalid_client"}
		}},
		"a full disk": {want: results{auth.RefreshFailed},
			change: func(_ *entra, k *tokens) { k.err = errors.New("the disk is full") }},
	} {
		t.Run(name, func(t *testing.T) {
			idp := newIDP(t, single)
			_, kept := source(t, idp, tt.lasts)
			if tt.change != nil {
				tt.change(idp, kept)
			}
			var got results
			config := idp.config()
			config.Observe = &got
			s := auth.NewSource(auth.New(config), kept, nil)
			if tt.lasts == 0 {
				_, _ = s.Renew(t.Context(), "priya", kept.kept["priya"].Access)
			} else {
				_, _ = s.AccessToken(t.Context(), "priya")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}
