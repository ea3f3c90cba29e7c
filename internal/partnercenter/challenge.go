package partnercenter

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const maxClaims = 8 << 10

// claims returns the decoded JSON of the first claims challenge among the
// values of WWW-Authenticate. There may be several headers, and several
// challenges in one; their members come in any order (RFC 9110 §11.6.1).
func claims(headers []string) string {
	for _, header := range headers {
		for _, c := range challenges(header) {
			if !strings.EqualFold(c.scheme, "Bearer") || c.param["error"] != "insufficient_claims" {
				continue
			}
			if decoded := decodeClaims(c.param["claims"]); decoded != "" {
				return decoded
			}
		}
	}
	return ""
}

// decodeClaims accepts base64 in the standard and the URL alphabet, padded or
// not, and the JSON itself. Anything but a JSON object counts as no claims.
func decodeClaims(s string) string {
	if plain := strings.TrimSpace(s); strings.HasPrefix(plain, "{") {
		return checkedClaims([]byte(plain))
	}
	s = strings.NewReplacer("-", "+", "_", "/", "=", "", " ", "").Replace(s)
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return checkedClaims(raw)
}

func checkedClaims(raw []byte) string {
	var object map[string]any
	if len(raw) > maxClaims || json.Unmarshal(raw, &object) != nil || object == nil {
		return ""
	}
	return string(raw)
}

type challenge struct {
	scheme string
	param  map[string]string
}

// challenges splits one header value. A word that no equals sign follows begins
// the next challenge.
func challenges(s string) []challenge {
	var list []challenge
	for {
		s = strings.TrimLeft(s, " \t,")
		word, rest := token(s)
		if word == "" {
			return list
		}
		value, after, ok := paramValue(rest)
		switch {
		case !ok:
			list = append(list, challenge{scheme: word, param: map[string]string{}})
		case len(list) > 0:
			list[len(list)-1].param[strings.ToLower(word)] = value
		}
		s = after
	}
}

func token(s string) (word, rest string) {
	end := strings.IndexAny(s, " \t,=\"")
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// paramValue reads ="quoted" or =token from the start of s. If there is no
// equals sign, ok is false and rest is s.
func paramValue(s string) (value, rest string, ok bool) {
	after, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), "=")
	if !ok {
		return "", s, false
	}
	after = strings.TrimLeft(after, " \t")
	if quoted, ok := strings.CutPrefix(after, `"`); ok {
		value, rest = unquote(quoted)
		return value, rest, true
	}
	end := strings.IndexAny(after, " \t,")
	if end < 0 {
		return after, "", true
	}
	return after[:end], after[end:], true
}

// unquote reads up to the closing quote; a backslash escapes what follows it.
func unquote(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
