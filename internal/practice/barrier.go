package practice

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"

	"tandem/internal/partnercenter"
)

// stepUpClaims is what a claims challenge asks for.
const stepUpClaims = `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`

// barrier keeps a person out until he has signed in anew: without a second factor
// by a sign-in that was not remembered, else with the claims. A refreshed token
// does not help.
type barrier struct {
	kind   Kind
	signIn int
}

func (s *Simulator) demandSignIn(kind Kind, g grant) barrier {
	b := barrier{kind: kind, signIn: g.number}
	s.barriers[g.person.Email] = b
	return b
}

// blocked returns the barrier that still stands, and takes down one that is met.
func (s *Simulator) blocked(g grant) (barrier, bool) {
	b, ok := s.barriers[g.person.Email]
	if !ok {
		return b, false
	}
	if !b.metBy(g) {
		return b, true
	}
	delete(s.barriers, g.person.Email)
	return b, false
}

func (b barrier) metBy(g grant) bool {
	if g.number <= b.signIn {
		return false
	}
	if b.kind == NoMFA {
		return g.fresh
	}
	return covers(parsed(g.claims), parsed(stepUpClaims))
}

func (b barrier) refusal() answer {
	if b.kind == NoMFA {
		return numericRefusal(http.StatusUnauthorized, partnercenter.NumericNoMFA,
			"The sign-in carried no second factor.")
	}
	claims := base64.StdEncoding.EncodeToString([]byte(stepUpClaims))
	return refusal(http.StatusUnauthorized, "unauthenticated", "More claims are needed.").
		with("WWW-Authenticate", `PoP error="invalid_token"`).
		and("WWW-Authenticate", `Bearer realm="", client_id="practice", claims="`+claims+
			`", error="insufficient_claims"`)
}

func parsed(claims string) any {
	var v any
	if json.Unmarshal([]byte(claims), &v) != nil {
		return nil
	}
	return v
}

// covers says whether have contains everything that want does.
func covers(have, want any) bool {
	w, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(have, want)
	}
	h, _ := have.(map[string]any)
	for name, value := range w {
		if !covers(h[name], value) {
			return false
		}
	}
	return true
}
