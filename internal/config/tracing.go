package config

import (
	"net/url"
	"strings"
)

// The variables of OpenTelemetry by which tracing is turned on and off. All others of that standard
// are read by its library.
const (
	TraceEndpoint  = "OTEL_EXPORTER_OTLP_ENDPOINT"
	TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	TraceProtocol  = "OTEL_EXPORTER_OTLP_PROTOCOL"
	TracesProtocol = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
	TraceHeaders   = "OTEL_EXPORTER_OTLP_HEADERS"        // secret
	TracesHeaders  = "OTEL_EXPORTER_OTLP_TRACES_HEADERS" // secret
	TracesExporter = "OTEL_TRACES_EXPORTER"
	TraceDisabled  = "OTEL_SDK_DISABLED"
)

// spoken is the only protocol that is supported for sending spans.
const spoken = "http/protobuf"

// tracing tells whether spans have somewhere to go.
func (l *loader) tracing(environ []string) bool {
	set := map[string]string{}
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "OTEL_") {
			set[name] = strings.TrimSpace(value)
		}
	}
	on := set[TraceEndpoint]+set[TracesEndpoint] != "" && set[TracesExporter] != "none" &&
		!strings.EqualFold(set[TraceDisabled], "true")
	if on {
		l.checkTracing(set)
	}
	return on
}

func (l *loader) checkTracing(set map[string]string) {
	for _, name := range []string{TraceProtocol, TracesProtocol} {
		if p := set[name]; p != "" && p != spoken {
			l.problem(name, "is %q; Tandem sends spans by %s", p, spoken)
		}
	}
	for _, name := range []string{TraceEndpoint, TracesEndpoint} {
		if u, err := url.Parse(set[name]); set[name] != "" && (err != nil || u.Host == "") {
			l.problem(name, "is not a URL such as http://localhost:4318")
		}
	}
	for _, name := range []string{TraceHeaders, TracesHeaders} {
		if !headers(set[name]) {
			l.problem(name, "is not of the form name=value,name=value, where a value has %%2C for a "+
				"comma and %%25 for a percent sign")
		}
	}
}

// token are the characters that the name of a header may have.
const token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

// headers tells whether OpenTelemetry can read a list of headers. It would log a list that it
// cannot read, and that may hold a password.
func headers(list string) bool {
	for part := range strings.SplitSeq(list, ",") {
		name, value, ok := strings.Cut(part, "=")
		_, err := url.PathUnescape(value)
		name = strings.TrimSpace(name)
		if part != "" && (!ok || err != nil || name == "" || strings.Trim(name, token) != "") {
			return false
		}
	}
	return true
}
