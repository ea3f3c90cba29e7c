package partnercenter

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

// Trust makes a client of NewHTTPClient accept certificates of these authorities.
func Trust(hc *http.Client, roots *x509.CertPool) {
	t := hc.Transport.(byMethod)
	for _, one := range []*http.Transport{t.lookUps, t.changes} {
		one.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
}
