package practice

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// authorize shows the people to choose from.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if p.strange(w, q) || p.sendBack(w, r, q, authorizeProblem(q)) {
		return
	}
	p.pages.signIn(w, signInPage{
		Fields: fields(q), People: hinted(q.Get("login_hint")),
		StepUp: q.Get("claims") != "" || fresh(q),
	})
}

// choose takes the choice and sends the browser back with a code.
func (p *provider) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		p.refusePage(w)
		return
	}
	q := r.PostForm
	if p.strange(w, q) || p.sendBack(w, r, q, authorizeProblem(q)) {
		return
	}
	person, ok := personByEmail(q.Get("person"))
	if !ok {
		p.sendBack(w, r, q, "access_denied")
		return
	}
	g := p.register.signIn(grant{
		person: person, scope: q.Get("scope"), nonce: q.Get("nonce"), claims: q.Get("claims"),
		fresh: fresh(q),
	})
	key := p.register.newCode(code{
		grant: g, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
	})
	p.redirectBack(w, r, q, url.Values{"code": {key}})
}

// strange shows an error page when the request does not come from the program. Such a request must
// never be answered by a redirect.
func (p *provider) strange(w http.ResponseWriter, q url.Values) bool {
	if q.Get("client_id") == p.clientID && q.Get("redirect_uri") == p.redirect {
		return false
	}
	p.refusePage(w)
	return true
}

func (p *provider) refusePage(w http.ResponseWriter) {
	p.pages.message(w, http.StatusBadRequest, message{
		Title: "This sign-in link does not work",
		Text:  "It was not made by this program, or its address has changed. Start again.",
		Link:  p.base + "/", LinkText: "Back to the start",
	})
}

// authorizeProblem returns the OAuth error code of a request, or "".
func authorizeProblem(q url.Values) string {
	claims := q.Get("claims")
	switch {
	case q.Get("response_type") != "code":
		return "unsupported_response_type"
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "invalid_scope"
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return "invalid_request"
	case !slices.Contains([]string{"", "query"}, q.Get("response_mode")):
		return "invalid_request"
	case claims != "" && !json.Valid([]byte(claims)):
		return "invalid_request"
	case q.Get("prompt") == "none":
		return "login_required"
	}
	return ""
}

// fresh tells whether the program has the person sign in anew.
func fresh(q url.Values) bool {
	return slices.Contains(strings.Fields(q.Get("prompt")), "login")
}

func (p *provider) sendBack(
	w http.ResponseWriter, r *http.Request, q url.Values, problem string,
) bool {
	if problem == "" {
		return false
	}
	p.redirectBack(w, r, q, url.Values{"error": {problem}})
	return true
}

func (p *provider) redirectBack(w http.ResponseWriter, r *http.Request, q, answer url.Values) {
	if state := q.Get("state"); state != "" {
		answer.Set("state", state)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.redirect+"?"+answer.Encode(), http.StatusSeeOther)
}

// hiddenField is one parameter of the request that the form hands on.
type hiddenField struct{ Name, Value string }

func fields(q url.Values) []hiddenField {
	var list []hiddenField
	for _, name := range []string{
		"response_type", "response_mode", "client_id", "redirect_uri", "scope", "state", "nonce",
		"code_challenge", "code_challenge_method", "claims", "prompt",
	} {
		if v := q.Get(name); v != "" {
			list = append(list, hiddenField{name, v})
		}
	}
	return list
}

// hinted returns all people, first the one that login_hint names.
func hinted(hint string) []signInPerson {
	var list []signInPerson
	for _, p := range People() {
		item := signInPerson{Person: p, Hinted: strings.EqualFold(p.Email, hint)}
		if item.Hinted {
			list = slices.Insert(list, 0, item)
			continue
		}
		list = append(list, item)
	}
	return list
}
