package session

import (
	"net/http"
	"time"
)

// keptAge is how long pages wait for the sign-in of their author.
const keptAge = time.Hour

// SetPerson remembers in the browser who signed in, until it is closed. That gives access to
// nothing: it only tells whose page is posted after the session has ended.
func (s *Sessions) SetPerson(w http.ResponseWriter, r *http.Request, userID string) error {
	return s.person.write(w, r, userID)
}

// Person returns who signed in last with this browser; ok is false when nobody is known.
func (s *Sessions) Person(r *http.Request) (userID string, ok bool) {
	return s.person.read(r)
}

// SetKept gives the browser the id under whose Hash its pages wait, for an hour.
func (s *Sessions) SetKept(w http.ResponseWriter, r *http.Request, id string) error {
	return s.kept.write(w, r, id)
}

// Kept returns the id under which pages of this browser wait; ok is false when none do.
func (s *Sessions) Kept(r *http.Request) (id string, ok bool) {
	return s.kept.read(r)
}

// DropKept takes the id of SetKept from the browser.
func (s *Sessions) DropKept(w http.ResponseWriter) {
	s.kept.remove(w)
}
