package config_test

import (
	"strings"
	"testing"

	"tandem/internal/config"
)

func TestTracing(t *testing.T) {
	const endpoint = "http://localhost:4318"
	for name, tt := range map[string]struct {
		env []string
		on  bool
		err bool
	}{
		"nothing set":           {nil, false, false},
		"an endpoint":           {[]string{config.TraceEndpoint, endpoint}, true, false},
		"one for traces alone":  {[]string{config.TracesEndpoint, endpoint}, true, false},
		"disabled":              {[]string{config.TraceEndpoint, endpoint, config.TraceDisabled, "TRUE"}, false, false},
		"not disabled":          {[]string{config.TraceEndpoint, endpoint, config.TraceDisabled, "false"}, true, false},
		"no exporter of traces": {[]string{config.TraceEndpoint, endpoint, config.TracesExporter, "none"}, false, false},
		"our protocol": {[]string{config.TraceEndpoint, endpoint, config.TraceProtocol,
			"http/protobuf"}, true, false},
		"another protocol": {[]string{config.TraceEndpoint, endpoint, config.TraceProtocol, "grpc"},
			false, true},
		"another for traces": {[]string{config.TraceEndpoint, endpoint, config.TracesProtocol,
			"http/json"}, false, true},
		"no URL":          {[]string{config.TraceEndpoint, "collector:4318"}, false, true},
		"none for traces": {[]string{config.TracesEndpoint, "::"}, false, true},
		"headers": {[]string{config.TraceEndpoint, endpoint, config.TraceHeaders,
			"Authorization=Basic%20aHVzaA==, x-team=sales,"}, true, false},
		"headers without names": {[]string{config.TraceEndpoint, endpoint, config.TracesHeaders,
			"Bearer aHVzaA"}, false, true},
		"a name that is a secret": {[]string{config.TraceEndpoint, endpoint, config.TraceHeaders,
			"Bearer aHVzaA=="}, false, true},
		"a value with a percent sign": {[]string{config.TraceEndpoint, endpoint,
			config.TraceHeaders, "key=100%"}, false, true},
		"another, but off": {[]string{config.TraceProtocol, "grpc"}, false, false},
	} {
		got, err := load(with(working(), tt.env...), false)
		if got.Tracing != tt.on || (err != nil) != tt.err {
			t.Errorf("%s: %v, %v", name, got.Tracing, err)
		}
		if err != nil && strings.Contains(err.Error(), "aHVzaA") {
			t.Errorf("%s: the secret is in %q", name, err)
		}
	}
}
