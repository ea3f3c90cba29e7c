package config

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	keyBytes = 32
	hidden   = "(hidden)"
)

// Secret is text that prints as "(hidden)", so that it does not end up in a log by accident.
// Convert it to a string where it is used.
type Secret string

// Format hides the secret from package fmt.
func (Secret) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalText hides the secret from encoders and from log/slog.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Keys are encryption keys that print as "(hidden)".
type Keys [][]byte

// Format hides the keys from package fmt.
func (Keys) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalText hides the keys from encoders and from log/slog.
func (Keys) MarshalText() ([]byte, error) { return []byte(hidden), nil }

func (l *loader) keys() Keys {
	text, ok := l.secret(SecretKeys)
	switch {
	case !ok:
		return nil
	case text != "":
		return l.parseKeys(text)
	case l.practice:
		return l.newKey()
	}
	l.problem(SecretKeys, "is missing; make a key with: openssl rand -base64 32")
	return nil
}

func (l *loader) parseKeys(text string) Keys {
	var keys Keys
	for i, part := range strings.Split(text, ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(part))
		if err != nil || len(key) != keyBytes {
			l.problem(SecretKeys, "key %d is not the base64 of exactly %d bytes", i+1, keyBytes)
			continue
		}
		if slices.ContainsFunc(keys, func(k []byte) bool { return string(k) == string(key) }) {
			l.problem(SecretKeys, "key %d is there twice", i+1)
		}
		keys = append(keys, key)
	}
	return keys
}

func (l *loader) newKey() Keys {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(l.random, key); err != nil {
		l.problem(SecretKeys, "is not set, and no key could be made: %v", err)
		return nil
	}
	return Keys{key}
}
