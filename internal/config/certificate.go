package config

import (
	"crypto/rsa"
	"crypto/tls"
	"fmt"
	"io"
	"time"
)

const (
	// leastBits is what RFC 7518 §3.5 asks of a key for PS256.
	leastBits = 2048
	// renewal is how long before its end a certificate should be replaced.
	renewal = 30 * 24 * time.Hour
)

// Certificate is a certificate, its Leaf parsed, with its RSA key of 2048 bits or more. It prints
// as "(hidden)". Convert it to a tls.Certificate where it is used.
type Certificate tls.Certificate

// Format hides the certificate and its key from package fmt.
func (Certificate) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalText hides the certificate and its key from encoders and from log/slog.
func (Certificate) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// certificate reads one PEM text that holds the certificate and its key.
func (l *loader) certificate() *Certificate {
	text, ok := l.secret(OIDCClientCertificate)
	if !ok {
		return nil
	}
	pair, err := tls.X509KeyPair([]byte(text), []byte(text))
	if err != nil {
		l.problem(OIDCClientCertificate,
			"is not the PEM of a certificate followed by its unencrypted key: %v", err)
		return nil
	}
	key, ok := pair.PrivateKey.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < leastBits {
		l.problem(OIDCClientCertificate, "must have an RSA key of %d bits or more", leastBits)
	}
	l.validity(pair.Leaf.NotBefore, pair.Leaf.NotAfter)
	return (*Certificate)(&pair)
}

// validity refuses a certificate that the identity provider would refuse at every sign-in.
func (l *loader) validity(from, until time.Time) {
	now := l.now()
	end := until.UTC().Format(time.DateOnly)
	switch {
	case now.Before(from):
		l.problem(OIDCClientCertificate, "is not valid before %s", from.UTC().Format(time.RFC3339))
	case now.After(until):
		l.problem(OIDCClientCertificate, "expired on %s", end)
	case until.Sub(now) < renewal:
		l.warn(OIDCClientCertificate, "expires on %s; nobody can sign in after that", end)
	}
}
