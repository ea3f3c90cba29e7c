package practice

import (
	"encoding/json"
	"net/http"
	"time"
)

// answer is a whole response. The note is for the page of practice controls:
// it says what the service itself would not.
type answer struct {
	status int
	header http.Header
	body   []byte
	note   string
}

func (a answer) with(name, value string) answer {
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set(name, value)
	a.header = h
	return a
}

// and adds another value to a header of the answer.
func (a answer) and(name, value string) answer {
	a.header = a.header.Clone()
	a.header.Add(name, value)
	return a
}

func jsonAnswer(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError, note: err.Error()}
	}
	return answer{status: status, body: body}
}

func textAnswer(status int, contentType, body string) answer {
	return answer{status: status, body: []byte(body)}.with("Content-Type", contentType)
}

// refusal is the error shape that most of the API uses.
func refusal(status int, code, message string) answer {
	return jsonAnswer(status, map[string]any{"error": map[string]any{
		"code": code, "message": message, "innerError": map[string]any{"code": code},
	}})
}

// refusalAt is a refusal that names the field, which the service rarely does.
func refusalAt(status int, code, message, target string) answer {
	return jsonAnswer(status, map[string]any{"error": map[string]any{
		"code": code, "message": message, "target": target, "innerError": map[string]any{},
	}})
}

// numericRefusal is the other shape, which comes from the gateway.
func numericRefusal(status, code int, description string) answer {
	return jsonAnswer(status, map[string]any{
		"code": code, "description": description, "data": []any{}, "source": "PartnerApi",
	})
}

// invalid is the service's refusal of a body. It names no field; the reason is
// only noted.
func invalid(reason string) answer {
	a := refusal(http.StatusBadRequest, "invalidRequest", "The request is invalid.")
	a.note = reason
	return a
}

func unauthenticated() answer {
	return refusal(http.StatusUnauthorized, "unauthenticated",
		"The access token is missing, unknown or expired.").
		with("WWW-Authenticate", `Bearer realm="", error="invalid_token"`)
}

func noPrivilege() answer {
	return numericRefusal(http.StatusForbidden, 900308,
		"The user lacks the privileges for this call.")
}

// stamp prints a time as the service does, with seven fractional digits.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }
