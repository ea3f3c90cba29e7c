package config

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	prefix     = "TANDEM_"
	fileSuffix = "_FILE"
)

// loader collects problems while the values are read.
type loader struct {
	values   map[string]string
	readFile func(string) ([]byte, error)
	random   io.Reader
	now      func() time.Time
	practice bool
	problems Problems
	warnings []string
}

func newLoader(from Source, practice bool) *loader {
	l := &loader{
		values:   map[string]string{},
		readFile: from.ReadFile,
		random:   from.Random,
		now:      from.Now,
		practice: practice,
	}
	if l.now == nil {
		l.now = time.Now
	}
	for _, entry := range from.Environ {
		name, value, _ := strings.Cut(entry, "=")
		if value = strings.TrimSpace(value); value != "" && strings.HasPrefix(name, prefix) {
			l.values[name] = value
		}
	}
	return l
}

func (l *loader) problem(variable, format string, args ...any) {
	l.problems = append(l.problems, Problem{variable, fmt.Sprintf(format, args...)})
}

func (l *loader) warn(variable, format string, args ...any) {
	l.warnings = append(l.warnings, Problem{variable, fmt.Sprintf(format, args...)}.String())
}

// value returns a variable, or the fallback when it is not set.
func (l *loader) value(name, fallback string) string {
	if v, ok := l.values[name]; ok {
		return v
	}
	return fallback
}

// secret returns a variable, or what the file named by NAME_FILE holds, or "". ok is false when
// it is set and cannot be used; the problem is then already noted.
func (l *loader) secret(name string) (value string, ok bool) {
	value = l.values[name]
	path := l.values[name+fileSuffix]
	switch {
	case path == "":
		return value, true
	case value != "":
		l.problem(name, "and %s are both set; keep one", name+fileSuffix)
		return "", false
	}
	data, err := l.readFile(path)
	if err != nil {
		l.problem(name+fileSuffix, "cannot be read: %v", err)
		return "", false
	}
	if value = strings.TrimSpace(string(data)); value == "" {
		l.problem(name+fileSuffix, "names an empty file")
		return "", false
	}
	return value, true
}

// setAs returns the name under which a variable is set, or "".
func (l *loader) setAs(name string) string {
	for _, n := range []string{name, name + fileSuffix} {
		if l.values[n] != "" {
			return n
		}
	}
	return ""
}

func known() []string {
	return []string{
		Addr, BaseURL, DatabaseURL, DatabaseURL + fileSuffix, SecretKeys, SecretKeys + fileSuffix,
		OIDCIssuer, OIDCClientID, OIDCClientSecret, OIDCClientSecret + fileSuffix,
		OIDCClientCertificate, OIDCClientCertificate + fileSuffix, OIDCScopes, AllowedTenants,
		APIBaseURL, SessionIdle, SessionAbsolute, DraftRetention, AnswerRetention, MetricsAddr,
		TrustedProxies, Drain, LogFormat, LogLevel,
	}
}

// refuseUnknown reports variables nobody reads: a misspelt name would otherwise be a setting that
// silently does nothing.
func (l *loader) refuseUnknown() {
	names := known()
	for _, name := range slices.Sorted(maps.Keys(l.values)) {
		if slices.Contains(names, name) || fromKubernetes(name, l.values[name]) {
			continue
		}
		l.problem(name, "is not a variable of Tandem; did you mean %s?", nearest(name, names))
	}
}

// fromKubernetes recognises the variables Kubernetes gives every pod beside a service whose name
// begins with "tandem": TANDEM_SERVICE_HOST, TANDEM_PORT=tcp://…, TANDEM_PORT_80_TCP_ADDR.
func fromKubernetes(name, value string) bool {
	return strings.HasSuffix(name, "_SERVICE_HOST") ||
		strings.Contains(name, "_SERVICE_PORT") ||
		strings.Contains(name, "_PORT_") ||
		strings.HasSuffix(name, "_PORT") && strings.Contains(value, "://")
}

func nearest(name string, names []string) string {
	return slices.MinFunc(names, func(a, b string) int {
		return distance(name, a) - distance(name, b)
	})
}

// distance is the Levenshtein distance: how many letters to insert, delete or replace to turn a
// into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
