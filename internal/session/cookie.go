package session

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
)

// cookieBytes leaves room for the name within the 4096 bytes that browsers keep.
const cookieBytes = 4000

// cookie is one cookie that holds one encrypted text.
type cookie struct {
	// empty is the cookie without its value.
	empty  http.Cookie
	codecs []securecookie.Codec
}

// newCookie returns a cookie that lasts for age, or until the browser closes when age is zero.
func newCookie(name string, keyPairs [][]byte, secure bool, age time.Duration) cookie {
	c := cookie{codecs: securecookie.CodecsFromPairs(keyPairs...), empty: http.Cookie{Name: name,
		Path: "/", MaxAge: int(age.Seconds()), Secure: secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode}}
	for _, codec := range c.codecs {
		if s, ok := codec.(*securecookie.SecureCookie); ok {
			s.MaxAge(c.empty.MaxAge).MaxLength(cookieBytes).SetSerializer(securecookie.NopEncoder{})
		}
	}
	return c
}

// write fails when the text does not fit into a cookie.
func (c cookie) write(w http.ResponseWriter, text string) error {
	value, err := securecookie.EncodeMulti(c.empty.Name, []byte(text), c.codecs...)
	if err != nil {
		return fmt.Errorf("writing the cookie %s: %w", c.empty.Name, err)
	}
	full := c.empty
	full.Value = value
	http.SetCookie(w, &full)
	return nil
}

// read reports false for a cookie that is missing, expired, or not ours.
func (c cookie) read(r *http.Request) (string, bool) {
	held, err := r.Cookie(c.empty.Name)
	if err != nil {
		return "", false
	}
	var text []byte
	err = securecookie.DecodeMulti(c.empty.Name, held.Value, &text, c.codecs...)
	return string(text), err == nil && len(text) > 0
}

func (c cookie) remove(w http.ResponseWriter) {
	gone := c.empty
	gone.MaxAge = -1
	http.SetCookie(w, &gone)
}
