//go:build bench

package program

import (
	"net/http"
	"net/http/pprof"

	"tandem/handlers"
)

// limits lets everything through: a few measuring clients stand for many people.
func limits() handlers.Limits { return handlers.Limits{} }

// profiles serves the profile of the processor's time beside the metrics.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}
