package session_test

import (
	"net/http"
	"testing"
)

// TestKept goes through the cookies of pages that wait: who typed them, and under which id.
func TestKept(t *testing.T) {
	s := sessions(t, true, key(1))
	person, kept := come(), come()
	if err := s.SetPerson(person.w, person.r, "user-7"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetKept(kept.w, kept.r, "secret"); err != nil {
		t.Fatal(err)
	}
	p, k := person.cookie(t), kept.cookie(t)
	if p.Name != "__Host-tandem-person" || p.MaxAge != 0 || k.Name != "__Host-tandem-kept" ||
		k.MaxAge != 3600 {
		t.Errorf("cookies %s and %s", p, k)
	}
	for _, c := range []*http.Cookie{p, k} {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("cookie %s", c)
		}
	}
	if got, ok := s.Person(come(p).r); got != "user-7" || !ok {
		t.Errorf("person %q, %t", got, ok)
	}
	if got, ok := s.Kept(come(k).r); got != "secret" || !ok {
		t.Errorf("kept %q, %t", got, ok)
	}
	gone := come(k)
	s.DropKept(gone.w)
	if c := gone.cookie(t); c.Name != k.Name || c.MaxAge >= 0 {
		t.Errorf("dropped by %s", c)
	}
}

// TestKeptTamperedWith takes no cookie in the place of another one, and none of other keys.
func TestKeptTamperedWith(t *testing.T) {
	s, other := sessions(t, false, key(1)), sessions(t, false, key(2))
	id := idCookie(t, s, "user-7").Value
	foreign := come()
	if err := other.SetPerson(foreign.w, foreign.r, "user-7"); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{id, id[:len(id)-8], "", "user-7", foreign.cookie(t).Value} {
		r := come(&http.Cookie{Name: "tandem-person", Value: value},
			&http.Cookie{Name: "tandem-kept", Value: value}).r
		if got, ok := s.Person(r); ok {
			t.Errorf("%q gives the person %q", value, got)
		}
		if got, ok := s.Kept(r); ok {
			t.Errorf("%q gives the id %q", value, got)
		}
	}
}
