package session

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

const (
	// cookieBytes leaves room for the name within the 4096 bytes that browsers keep.
	cookieBytes = 4000
	// valueKey is where the one value of a cookie is.
	valueKey = "v"
)

var errNotText = errors.New("a cookie holds one text")

// bareText stores the text of a cookie as it is. The default serializer of gorilla/sessions, gob,
// compiles a decoder for each request.
type bareText struct{}

// Serialize takes a map with a text under valueKey.
func (bareText) Serialize(src any) ([]byte, error) {
	values, _ := src.(map[any]any)
	text, ok := values[valueKey].(string)
	if !ok || len(values) != 1 {
		return nil, errNotText
	}
	return []byte(text), nil
}

// Deserialize puts the text into a map, to which dst points.
func (bareText) Deserialize(src []byte, dst any) error {
	values, ok := dst.(*map[any]any)
	if !ok {
		return errNotText
	}
	(*values)[valueKey] = string(src)
	return nil
}

// cookie is one cookie that holds one encrypted text.
type cookie struct {
	name  string
	store *sessions.CookieStore
}

// newCookie returns a cookie that lasts for age, or until the browser closes when age is zero.
func newCookie(name string, keyPairs [][]byte, secure bool, age time.Duration) cookie {
	store := sessions.NewCookieStore(keyPairs...)
	store.Options = &sessions.Options{
		Path:     "/",
		Secure:   secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
	store.MaxAge(int(age.Seconds()))
	for _, codec := range store.Codecs {
		if c, ok := codec.(*securecookie.SecureCookie); ok {
			c.MaxLength(cookieBytes)
			c.SetSerializer(bareText{})
		}
	}
	return cookie{name, store}
}

// write fails when the text does not fit into a cookie.
func (c cookie) write(w http.ResponseWriter, r *http.Request, text string) error {
	session := sessions.NewSession(c.store, c.name)
	session.Options = c.store.Options
	session.Values[valueKey] = text
	if err := c.store.Save(r, w, session); err != nil {
		return fmt.Errorf("writing the cookie %s: %w", c.name, err)
	}
	return nil
}

// read reports false for a cookie that is missing, expired, or not ours.
func (c cookie) read(r *http.Request) (string, bool) {
	// Not Get: it would keep what it read in the request, and return it again after a change.
	session, err := c.store.New(r, c.name)
	if err != nil || session.IsNew {
		return "", false
	}
	text, ok := session.Values[valueKey].(string)
	return text, ok && text != ""
}

func (c cookie) remove(w http.ResponseWriter) {
	options := *c.store.Options
	options.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(c.name, "", &options))
}
