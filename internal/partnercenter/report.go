package partnercenter

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	maxDepth   = 20
	maxMessage = 2000
	maxTarget  = 200
	maxCode    = 64
)

// report is what an error body says, in whichever of its shapes:
// {"error":{"code","message","target","innerError":{…}}}, the flat
// {"code","description","data","source"}, {"statusCode","message"}, OAuth's
// {"error","error_description"}, or none of them.
type report struct {
	code, target, message string
	known                 bool
	numeric               int
}

func decodeReport(raw []byte) report {
	var r report
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	dec.UseNumber()
	var body any
	if dec.Decode(&body) == nil {
		r.read(body, 0)
	}
	return r
}

// read goes from the outside in, so that what is innermost is taken last.
func (r *report) read(node any, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := node.(type) {
	case []any:
		for _, item := range v[:min(len(v), maxDepth)] {
			r.read(item, depth+1)
		}
	case map[string]any:
		m := lowered(v)
		r.take(m)
		for _, key := range []string{"data", "details", "error", "innererror"} {
			r.read(m[key], depth+1)
		}
	}
}

func (r *report) take(m map[string]any) {
	r.takeCode(text(m["code"]))
	r.takeCode(text(m["error"]))
	if target := text(m["target"]); target != "" {
		r.target = cut(target, maxTarget)
	}
	for _, key := range []string{"message", "description", "error_description"} {
		if r.message == "" {
			r.message = cut(text(m[key]), maxMessage)
		}
	}
}

func (r *report) takeCode(code string) {
	if !isCode(code) {
		return
	}
	// A missing second factor outweighs any other number: the person can do something about it.
	if n, err := strconv.Atoi(code); err == nil && n > 599 && r.numeric != NumericNoMFA {
		r.numeric = n
	}
	known, ok := knownCode(code)
	if ok || !r.known {
		r.code, r.known = known, ok
	}
}

// knownCode returns the code in the documentation's spelling.
func knownCode(code string) (string, bool) {
	for _, known := range []string{
		"accessDenied", "generalException", "invalidRequest", "itemNotFound",
		"preconditionFailed", "resourceModified", "serviceNotAvailable",
		"unauthenticated", "unAuthorized",
	} {
		if strings.EqualFold(code, known) {
			return known, true
		}
	}
	return code, false
}

// isCode refuses text in the place of a code, because codes are logged.
func isCode(s string) bool {
	odd := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' ||
			strings.ContainsRune("._-", r))
	}
	return s != "" && len(s) <= maxCode && !strings.ContainsFunc(s, odd)
}

// text returns a string or a number as text, anything else as empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// lowered returns the members under lower-case names; of names that differ only
// in case the last in order wins, so that the result is always the same.
func lowered(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out[strings.ToLower(key)] = m[key]
	}
	return out
}
