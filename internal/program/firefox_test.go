package program

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/referral"
)

var firefox = flag.String("firefox", "",
	"save pictures of some pages as Firefox and Chromium draw them in this folder")

// TestFirefox saves pictures of a step, the list and others as Firefox draws them, and beside
// each that of Chromium. A person compares them; make firefox runs it.
func TestFirefox(t *testing.T) {
	if *firefox == "" {
		t.Skip("for people to look at: make firefox")
	}
	s := practiceProgram(t, world{now: time.Now})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	seed(t, s, v.user().Caller(), 5)
	wrong := v.keep(referral.CoSell, func(a referral.Answers) referral.Answers { return a })
	good := v.keep(referral.CoSell, v.answers)
	site := v.signedIn()
	v.must(os.MkdirAll(*firefox, 0o755))
	b := newTab(t, site, true)
	for name, path := range map[string]string{"step": "/drafts/" + good.ID + "/deal",
		"needs": "/drafts/" + wrong.ID + "/needs", "check": "/drafts/" + good.ID + "/check",
		"contacts": "/drafts/" + good.ID + "/contacts", "list": "/referrals"} {
		for _, width := range []int64{1280, 500} {
			file := filepath.Join(*firefox, fmt.Sprintf("%s-%d-", name, width))
			b.size(width, "light")
			b.open(path)
			b.picture(file + "chromium.png")
			v.drawn(file+"firefox.png", width, site+path)
		}
	}
}

// signedIn serves the program to browsers that have no cookies of their own: as the visitor.
func (v *visitor) signedIn() string {
	v.Helper()
	to, err := url.Parse(v.url)
	v.must(err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Header.Del("Cookie")
		for _, c := range v.client.Jar.Cookies(to) {
			r.Out.AddCookie(c)
		}
	}}
	site := httptest.NewServer(http.HandlerFunc(proxy.ServeHTTP))
	v.Cleanup(site.Close)
	return site.URL
}

// drawn saves what Firefox draws, in a profile of its own.
func (v *visitor) drawn(file string, width int64, address string) {
	v.Helper()
	out, err := exec.CommandContext(v.Context(), "firefox-esr", "--headless", "--no-remote",
		"--profile", v.TempDir(), "--screenshot", file, fmt.Sprintf("--window-size=%d", width),
		address).CombinedOutput()
	if err != nil {
		v.Errorf("firefox-esr: %v\n%s", err, out)
	}
}
