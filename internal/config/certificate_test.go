package config_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/config"
)

// issued is the first second of the certificates here; they last a year.
var issued = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// certify returns the PEM of a certificate of its own for a key.
func certify(t *testing.T, key crypto.Signer) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: issued,
		NotAfter: issued.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", der)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(t *testing.T, key crypto.Signer) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func newRSA(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certified loads what works with a certificate, from a file, in place of the secret.
func certified(pem string, now time.Time) (config.Config, error) {
	env := with(working(), config.OIDCClientCertificate+"_FILE", "/run/pem")
	delete(env, config.OIDCClientSecret)
	from := config.Source{
		ReadFile: func(path string) ([]byte, error) {
			if path != "/run/pem" {
				return nil, fs.ErrNotExist
			}
			return []byte(pem), nil
		},
		Now: func() time.Time { return now },
	}
	for name, value := range env {
		from.Environ = append(from.Environ, name+"="+value)
	}
	return config.Load(from, false)
}

func TestCertificateInPlaceOfASecret(t *testing.T) {
	key := newRSA(t, 2048)
	leaf := certify(t, key)
	for name, text := range map[string]string{
		"PKCS#8":    leaf + pkcs8(t, key),
		"PKCS#1":    leaf + block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
		"key first": pkcs8(t, key) + leaf,
	} {
		got, err := certified(text, issued.AddDate(0, 1, 0))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		pair := (*tls.Certificate)(got.OIDC.ClientCertificate)
		if !key.Equal(pair.PrivateKey) || !key.PublicKey.Equal(pair.Leaf.PublicKey) {
			t.Errorf("%s: another key came out", name)
		}
		if got.OIDC.ClientSecret != "" || len(got.Warnings) != 0 {
			t.Errorf("%s: secret %q, warnings %q", name, string(got.OIDC.ClientSecret), got.Warnings)
		}
	}
}

func TestCertificateValidity(t *testing.T) {
	key := newRSA(t, 2048)
	text := certify(t, key) + pkcs8(t, key)
	end := issued.AddDate(1, 0, 0)
	soon := []string{"TANDEM_OIDC_CLIENT_CERTIFICATE expires on 2027-01-02; " +
		"nobody can sign in after that"}
	for _, tt := range []struct {
		now      time.Time
		warnings []string
		problem  string
	}{
		{issued.Add(-time.Second), nil, "is not valid before 2026-01-02T03:04:05Z"},
		{issued, nil, ""},
		{end.Add(-30 * 24 * time.Hour), nil, ""},
		{end.Add(-30*24*time.Hour + time.Second), soon, ""},
		{end, soon, ""},
		{end.Add(time.Second), nil, "expired on 2027-01-02"},
	} {
		got, err := certified(text, tt.now)
		if diff := cmp.Diff(tt.warnings, got.Warnings); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", tt.now, diff)
		}
		onlyProblem(t, tt.now.String(), err, tt.problem)
	}
}

func TestCertificateProblems(t *testing.T) {
	key, small := newRSA(t, 2048), newRSA(t, 1024)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for text, part := range map[string]string{
		"hush":                              "is not the PEM",
		certify(t, key):                     "is not the PEM",
		pkcs8(t, key):                       "is not the PEM",
		certify(t, key) + pkcs8(t, small):   "does not match",
		certify(t, small) + pkcs8(t, small): "2048 bits",
		certify(t, curve) + pkcs8(t, curve): "an RSA key",
		certify(t, key) + block("ENCRYPTED PRIVATE KEY", []byte("hush")): "unencrypted",
	} {
		_, err := certified(text, issued)
		onlyProblem(t, part, err, part)
		if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "PRIVATE KEY--") {
			t.Errorf("the secret is in %q", err)
		}
	}
}

// onlyProblem wants one problem of the certificate that holds a part, or none for an empty part.
func onlyProblem(t *testing.T, name string, err error, part string) {
	t.Helper()
	if part == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 1 ||
		problems[0].Variable != config.OIDCClientCertificate ||
		!strings.Contains(problems[0].Text, part) {
		t.Errorf("%s: got %v, want one problem: … %s", name, err, part)
	}
}

func TestSecretAndCertificateTogether(t *testing.T) {
	env := with(working(), config.OIDCClientCertificate+"_FILE", "/run/none")
	_, err := load(env, false)
	want := "TANDEM_OIDC_CLIENT_SECRET and TANDEM_OIDC_CLIENT_CERTIFICATE_FILE are both set; keep one"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestCertificateStaysHidden(t *testing.T) {
	key := newRSA(t, 2048)
	c, err := certified(certify(t, key)+pkcs8(t, key), issued)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c)
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	of := c.OIDC.ClientCertificate
	printed := fmt.Sprintf("%v %+v %#v %v %+v %#v", c, c, c, *of, of, *of) + log.String() +
		string(encoded)
	private := key.D
	for _, secret := range []string{private.String(), private.Text(16),
		string(private.Bytes()[:20])} {
		if strings.Contains(printed, secret) {
			t.Errorf("printed the key:\n%s", printed)
		}
	}
	if strings.Count(printed, "(hidden)") < 9 || strings.Contains(printed, "PrivateKey") {
		t.Errorf("not hidden everywhere:\n%s", printed)
	}
}
