package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"tandem/internal/referral"
)

// Keys seal what must not be readable in the database file, by AES-256-GCM.
type Keys struct{ all []key }

type key struct {
	id   []byte
	aead cipher.AEAD
}

const (
	minSecret = 32
	keyIDSize = 4
)

// NewKeys derives the keys from the secrets, each at least 32 bytes. The first seals; all open,
// so a new secret is put in front and an old one dropped once everything was sealed anew.
func NewKeys(secrets [][]byte) (*Keys, error) {
	if len(secrets) == 0 {
		return nil, errors.New("making keys: no secret")
	}
	keys := &Keys{}
	for i, secret := range secrets {
		k, err := newKey(secret)
		if err != nil {
			return nil, fmt.Errorf("making key %d: %w", i+1, err)
		}
		keys.all = append(keys.all, k)
	}
	return keys, nil
}

func newKey(secret []byte) (key, error) {
	if len(secret) < minSecret {
		return key{}, fmt.Errorf("secret is shorter than %d bytes", minSecret)
	}
	id, err := hkdf.Key(sha256.New, secret, nil, "tandem store key id", keyIDSize)
	if err != nil {
		return key{}, err
	}
	raw, err := hkdf.Key(sha256.New, secret, nil, "tandem store key", 32)
	if err != nil {
		return key{}, err
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return key{}, err
	}
	// The cipher makes its own random nonces, because a repeated one would give the key away.
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return key{id: id, aead: aead}, err
}

// seal encrypts plain for one purpose and user; the result opens for no other.
func (k *Keys) seal(purpose, userID string, plain []byte) []byte {
	first := k.all[0]
	return first.aead.Seal(bytes.Clone(first.id), nil, plain, bound(purpose, userID))
}

// open decrypts what seal made. It is referral.ErrNotFound when none of the keys opens it: then the
// person signs in again.
func (k *Keys) open(purpose, userID string, sealed []byte) ([]byte, error) {
	for _, one := range k.all {
		box, ok := bytes.CutPrefix(sealed, one.id)
		if !ok {
			continue
		}
		if plain, err := one.aead.Open(nil, nil, box, bound(purpose, userID)); err == nil {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("no present key opens it: %w", referral.ErrNotFound)
}

func bound(purpose, userID string) []byte { return []byte(purpose + "\x00" + userID) }
