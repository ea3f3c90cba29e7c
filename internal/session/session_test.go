package session_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/session"
)

func key(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func sessions(t *testing.T, secure bool, keys ...[]byte) *session.Sessions {
	t.Helper()
	s, err := session.New(keys, secure)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visit is one request of a browser that holds these cookies, and what was answered.
type visit struct {
	r *http.Request
	w *httptest.ResponseRecorder
}

func come(cookies ...*http.Cookie) visit {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return visit{r, httptest.NewRecorder()}
}

// cookie returns the only cookie that was set.
func (v visit) cookie(t *testing.T) *http.Cookie {
	t.Helper()
	set := v.w.Result().Cookies()
	if len(set) != 1 {
		t.Fatalf("%d cookies were set, want 1", len(set))
	}
	return set[0]
}

func idCookie(t *testing.T, s *session.Sessions, id string) *http.Cookie {
	t.Helper()
	v := come()
	if err := s.SetID(v.w, v.r, id); err != nil {
		t.Fatal(err)
	}
	return v.cookie(t)
}

func flowCookie(t *testing.T, s *session.Sessions, f session.Flow) *http.Cookie {
	t.Helper()
	v := come()
	if err := s.SaveFlow(v.w, v.r, f); err != nil {
		t.Fatal(err)
	}
	return v.cookie(t)
}

func TestCookieAttributes(t *testing.T) {
	for _, tt := range []struct {
		secure   bool
		id, flow string
	}{
		{true, "__Host-tandem", "__Host-tandem-signin"},
		{false, "tandem", "tandem-signin"},
	} {
		s := sessions(t, tt.secure, key(1))
		id, flow := idCookie(t, s, "x"), flowCookie(t, s, session.Flow{})
		if id.Name != tt.id || flow.Name != tt.flow {
			t.Errorf("secure %t: names %s and %s", tt.secure, id.Name, flow.Name)
		}
		if id.MaxAge != 0 || flow.MaxAge != 600 {
			t.Errorf("secure %t: ages %d and %d", tt.secure, id.MaxAge, flow.MaxAge)
		}
		for _, c := range []*http.Cookie{id, flow} {
			if c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
				c.Path != "/" || c.Domain != "" {
				t.Errorf("secure %t: %s", tt.secure, c)
			}
		}
	}
}

func TestID(t *testing.T) {
	s := sessions(t, true, key(1))
	c := idCookie(t, s, "the-id")
	if strings.Contains(c.Value, "the-id") {
		t.Error("the id can be read in the cookie")
	}
	if id, ok := s.ID(come(c).r); id != "the-id" || !ok {
		t.Errorf("got %q, %t", id, ok)
	}
	if id, ok := s.ID(come().r); ok {
		t.Errorf("got %q without a cookie", id)
	}
	v := come(c)
	s.Clear(v.w, v.r)
	if gone := v.cookie(t); gone.Name != c.Name || gone.MaxAge >= 0 || !gone.Secure {
		t.Errorf("cleared by %s", gone)
	}
}

func TestIDTamperedWith(t *testing.T) {
	s := sessions(t, false, key(1))
	good := idCookie(t, s, "the-id")
	flow := flowCookie(t, s, session.Flow{Started: time.Now()})
	for i := range good.Value {
		letter := byte('A')
		if good.Value[i] == letter {
			letter = 'B'
		}
		// The last letter carries bits that base64 does not use.
		if i < len(good.Value)-4 {
			refuse(t, s, good.Value[:i]+string(letter)+good.Value[i+1:])
		}
		refuse(t, s, good.Value[:i])
	}
	refuse(t, s, flow.Value)
	refuse(t, s, strings.Repeat("A", 5000))
	refuse(t, s, idCookie(t, sessions(t, false, key(2)), "the-id").Value)
}

func refuse(t *testing.T, s *session.Sessions, value string) {
	t.Helper()
	if id, ok := s.ID(come(&http.Cookie{Name: "tandem", Value: value}).r); ok {
		t.Errorf("got %q from %q", id, value)
	}
}

func TestRotation(t *testing.T) {
	old := sessions(t, true, key(1))
	rotated := sessions(t, true, key(2), key(1))
	retired := sessions(t, true, key(2))
	before, after := idCookie(t, old, "before"), idCookie(t, rotated, "after")
	if id, _ := rotated.ID(come(before).r); id != "before" {
		t.Errorf("an old cookie gave %q", id)
	}
	if id, _ := retired.ID(come(after).r); id != "after" {
		t.Errorf("the first key did not encrypt: got %q", id)
	}
	if id, ok := retired.ID(come(before).r); ok {
		t.Errorf("a retired key still gave %q", id)
	}
}

func TestFlowIsTakenOnce(t *testing.T) {
	s := sessions(t, true, key(1))
	want := session.Flow{
		State: "s", Nonce: "n", Verifier: "v", ReturnTo: "/referrals/7?tab=a&x=ü",
		Started: time.Now().UTC(),
	}
	v := come(flowCookie(t, s, want))
	got, err := s.TakeFlow(v.w, v.r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flow (-want +got):\n%s", diff)
	}
	if c := v.cookie(t); c.Name != "__Host-tandem-signin" || c.MaxAge >= 0 {
		t.Errorf("the cookie stays: %s", c)
	}
}

func TestNoFlow(t *testing.T) {
	s := sessions(t, false, key(1))
	start := time.Now()
	s.Now = func() time.Time { return start.Add(10*time.Minute + time.Second) }
	good := flowCookie(t, s, session.Flow{Started: s.Now()})
	for name, cookies := range map[string][]*http.Cookie{
		"missing":   nil,
		"expired":   {flowCookie(t, s, session.Flow{Started: start})},
		"tampered":  {{Name: good.Name, Value: "A" + good.Value[1:]}},
		"truncated": {{Name: good.Name, Value: good.Value[:len(good.Value)/2]}},
		"an id":     {{Name: good.Name, Value: idCookie(t, s, "{}").Value}},
	} {
		v := come(cookies...)
		if f, err := s.TakeFlow(v.w, v.r); !errors.Is(err, session.ErrNoFlow) {
			t.Errorf("%s: got %v, %v", name, f, err)
		}
		if c := v.cookie(t); c.MaxAge >= 0 {
			t.Errorf("%s: the cookie stays: %s", name, c)
		}
	}
	v := come(good)
	if _, err := s.TakeFlow(v.w, v.r); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestSaveFlowKeepsReturnToLocalAndShort(t *testing.T) {
	s := sessions(t, true, key(1))
	for n := 1500; n < 2500; n += 10 {
		path := "/" + strings.Repeat("x", n)
		c := flowCookie(t, s, session.Flow{Started: time.Now(), ReturnTo: path})
		if len(c.Name)+len(c.Value) > 4096 {
			t.Errorf("a browser drops a cookie of %d bytes", len(c.Value))
		}
	}
	for _, path := range []string{"https://evil.example", "/" + strings.Repeat("long", 1000)} {
		c := flowCookie(t, s, session.Flow{Started: time.Now(), ReturnTo: path, State: "s"})
		v := come(c)
		f, err := s.TakeFlow(v.w, v.r)
		if err != nil || f.ReturnTo != "/" || f.State != "s" {
			t.Errorf("%.30s: got %+v, %v", path, f, err)
		}
	}
	v := come()
	if err := s.SaveFlow(v.w, v.r, session.Flow{State: strings.Repeat("x", 5000)}); err == nil {
		t.Error("a flow longer than a cookie was saved")
	}
}

func TestNewRefusesBadKeys(t *testing.T) {
	for _, keys := range [][][]byte{nil, {key(1), key(2)[:31]}} {
		if _, err := session.New(keys, true); err == nil {
			t.Errorf("took %d keys", len(keys))
		}
	}
}

func TestNewID(t *testing.T) {
	s := sessions(t, true, key(1))
	id, err := s.NewID()
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := s.NewID(); other == id || len(id) != 64 {
		t.Errorf("ids %q and %q", id, other)
	}
	want := sha256.Sum256([]byte(id))
	if !bytes.Equal(session.Hash(id), want[:]) {
		t.Error("the hash is not the SHA-256 of the id")
	}
	s.Random = bytes.NewReader(make([]byte, 31))
	if _, err := s.NewID(); err == nil {
		t.Error("31 random bytes were enough")
	}
}
