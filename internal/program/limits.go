//go:build !bench

package program

import (
	"net/http"

	"tandem/handlers"
)

// limits are how often people may ask; the build that is measured has none, see limits_bench.go.
func limits() handlers.Limits { return handlers.UsualLimits() }

// profiles adds nothing to what is served beside the metrics.
func profiles(*http.ServeMux) {}
