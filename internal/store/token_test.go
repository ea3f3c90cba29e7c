package store_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"path/filepath"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestToken(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		_, err := w.Token(t.Context(), w.ana.UserID)
		wantErr(t, "Token before", err, referral.ErrNotFound)
		for _, doc := range []string{"first", "second"} {
			if err := w.SaveToken(t.Context(), w.ana.UserID, []byte(doc)); err != nil {
				t.Fatal(err)
			}
			wantSame(t, "token", string(must(w.Token(t.Context(), w.ana.UserID))(t)), doc)
		}
		if err := w.DeleteToken(t.Context(), w.ana.UserID); err != nil {
			t.Fatal(err)
		}
		_, err = w.Token(t.Context(), w.ana.UserID)
		wantErr(t, "Token after", err, referral.ErrNotFound)
	})
}

func TestTokenIsSealedForOnePerson(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		if err := w.SaveToken(t.Context(), w.ana.UserID, []byte("very secret")); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveToken(t.Context(), w.bo.UserID, []byte("bo's own")); err != nil {
			t.Fatal(err)
		}
		var sealed []byte
		err := w.Writer().QueryRow(`SELECT sealed FROM tokens WHERE user_id = $1`,
			w.ana.UserID).Scan(&sealed)
		if err != nil || bytes.Contains(sealed, []byte("secret")) {
			t.Fatalf("stored %q, %v", sealed, err)
		}
		_, err = w.Writer().Exec(`UPDATE tokens SET sealed = $1 WHERE user_id = $2`, sealed,
			w.bo.UserID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Token(t.Context(), w.bo.UserID)
		wantErr(t, "moved token", err, referral.ErrNotFound)
	})
}

// TestSealedByHand opens a token as anybody could who has the secret: what was sealed by one
// version must open with the next, for its own purpose and person only, and its key id gives
// nothing away.
func TestSealedByHand(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "tandem.db"))
	if err := w.SaveToken(t.Context(), w.ana.UserID, []byte("doc")); err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	err := w.Writer().QueryRow(`SELECT sealed FROM tokens`).Scan(&sealed)
	if err != nil {
		t.Fatal(err)
	}
	secret := bytes.Repeat([]byte{'a'}, 32)
	id := must(hkdf.Key(sha256.New, secret, nil, "tandem store key id", 4))(t)
	key := must(hkdf.Key(sha256.New, secret, nil, "tandem store key", 32))(t)
	if !bytes.HasPrefix(sealed, id) || bytes.Equal(id, key[:4]) {
		t.Fatalf("sealed %x with id %x", sealed, id)
	}
	box := must(cipher.NewGCM(must(aes.NewCipher(key))(t)))(t)
	nonce, text := sealed[4:16], sealed[16:]
	plain, err := box.Open(nil, nonce, text, []byte("token\x00"+w.ana.UserID))
	if err != nil || string(plain) != "doc" {
		t.Errorf("opened %q, %v", plain, err)
	}
}

func TestKeyRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tandem.db")
	w := newWorld(t, path)
	if err := w.SaveToken(t.Context(), w.ana.UserID, []byte("doc")); err != nil {
		t.Fatal(err)
	}
	both := open(t, store.Options{Path: path, Keys: keys(t, 'b', 'a')})
	wantSame(t, "old key behind",
		string(must(both.Token(t.Context(), w.ana.UserID))(t)), "doc")
	only := open(t, store.Options{Path: path, Keys: keys(t, 'b')})
	_, err := only.Token(t.Context(), w.ana.UserID)
	wantErr(t, "old key gone", err, referral.ErrNotFound)
	if err := both.SaveToken(t.Context(), w.ana.UserID, []byte("doc")); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "sealed anew", string(must(only.Token(t.Context(), w.ana.UserID))(t)), "doc")
}

func TestNewKeysRefuses(t *testing.T) {
	for name, secrets := range map[string][][]byte{
		"none":  nil,
		"short": {bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{1}, 31)},
	} {
		if _, err := store.NewKeys(secrets); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
