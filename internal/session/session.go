// Package session keeps what a browser holds for Tandem: the opaque id of a session, the sign-in
// that is under way, who signed in last, and the secret under which pages wait for a sign-in. All
// are cookies, encrypted and signed. Everything else lives in the store, under the hash of an id.
//
// On https the cookies carry the __Host- prefix, so that no other host can set them.
package session

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	keyBytes = 32
	idBytes  = 32
)

// Sessions reads and writes the cookies. Make one with New; it is safe for concurrent use.
type Sessions struct {
	// Now is the clock that ends a sign-in after ten minutes.
	Now func() time.Time
	// Random makes the ids of sessions.
	Random io.Reader

	id, flow, person, kept cookie
}

// New returns Sessions for secrets of 32 bytes each: the first one encrypts, all of them decrypt.
// secure says that browsers come by https.
func New(keys [][]byte, secure bool) (*Sessions, error) {
	pairs, err := keyPairs(keys)
	if err != nil {
		return nil, err
	}
	prefix := ""
	if secure {
		prefix = "__Host-"
	}
	return &Sessions{
		Now:    time.Now,
		Random: rand.Reader,
		id:     newCookie(prefix+"tandem", pairs, secure, 0),
		flow:   newCookie(prefix+"tandem-signin", pairs, secure, flowAge),
		person: newCookie(prefix+"tandem-person", pairs, secure, 0),
		kept:   newCookie(prefix+"tandem-kept", pairs, secure, keptAge),
	}, nil
}

// SetID gives the browser the id of its session, until it is closed or Clear is called. How long
// a session lives is for the store to say.
func (s *Sessions) SetID(w http.ResponseWriter, r *http.Request, id string) error {
	return s.id.write(w, r, id)
}

// ID returns the id the browser holds; ok is false when there is none, or it was tampered with.
func (s *Sessions) ID(r *http.Request) (id string, ok bool) {
	return s.id.read(r)
}

// Clear takes the id from the browser.
func (s *Sessions) Clear(w http.ResponseWriter, _ *http.Request) {
	s.id.remove(w)
}

// NewID makes the id of a new session, or of what SetKept takes. The store keeps its Hash only, so
// that a stolen store holds nothing a browser could show.
func (s *Sessions) NewID() (string, error) {
	id := make([]byte, idBytes)
	if _, err := io.ReadFull(s.Random, id); err != nil {
		return "", fmt.Errorf("making a session id: %w", err)
	}
	return hex.EncodeToString(id), nil
}

// Hash is the SHA-256 under which the store keeps the session of an id.
func Hash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

// keyPairs derives a signing and an encryption key from every secret, so that neither is used for
// anything else the secret serves.
func keyPairs(secrets [][]byte) ([][]byte, error) {
	if len(secrets) == 0 {
		return nil, errors.New("sessions need a key")
	}
	var pairs [][]byte
	for _, secret := range secrets {
		if len(secret) != keyBytes {
			return nil, fmt.Errorf("a session key has %d bytes, not %d", len(secret), keyBytes)
		}
		for _, label := range []string{"tandem cookie signature", "tandem cookie encryption"} {
			key, err := hkdf.Key(sha256.New, secret, nil, label, keyBytes)
			if err != nil {
				return nil, fmt.Errorf("deriving a session key: %w", err)
			}
			pairs = append(pairs, key)
		}
	}
	return pairs, nil
}
